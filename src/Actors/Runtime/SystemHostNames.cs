using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Actors.Runtime;

/// <summary>The names that the machine's resolver knows.</summary>
public sealed class SystemHostNames : IHostNames
{
    public static SystemHostNames Instance { get; } = new();

    /// <summary>The first IPv4 address of a host, or nothing.</summary>
    public static async Task<uint?> FindAsync(string name)
    {
        try
        {
            IPAddress[] hosts = await Dns.GetHostAddressesAsync(name, AddressFamily.InterNetwork).ConfigureAwait(false);
            return hosts.Length > 0 && PeerAddress.TryParseHost(hosts[0].ToString(), 0, out PeerAddress address) ? address.Host : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    public void Find(string name, IActorRef asker) => FindAsync(name).PipeTo(asker, success: host => new HostFound(name, host));
}

using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Cli.Output;

/// <summary>What <c>--bootstrap</c> says.</summary>
internal static class BootstrapNodes
{
    /// <summary>The nodes that JavaScript's hyperdht joins through.</summary>
    private const string Public =
        "88.99.3.86@node1.hyperdht.org:49737,142.93.90.113@node2.hyperdht.org:49737,138.68.147.8@node3.hyperdht.org:49737";

    /// <summary>Reads <c>host:port[,host:port]</c>, looking names up; the public nodes when nothing is said.</summary>
    public static ImmutableArray<PeerAddress> Parse(string? text)
    {
        ImmutableArray<PeerAddress>.Builder nodes = ImmutableArray.CreateBuilder<PeerAddress>();
        CommandException? unresolved = null;
        foreach (string node in (text ?? Public).Split(',', StringSplitOptions.TrimEntries))
        {
            if (PeerAddress.TryParse(node, out PeerAddress address) || TryResolve(node, out address))
                nodes.Add(address);
            else
                unresolved = new CommandException(ExitCode.Offline, "OFFLINE", $"the name of node '{node}' has no address");
        }

        return nodes.Count > 0 ? nodes.ToImmutable() : throw unresolved!;
    }

    // Upstream writes 88.99.3.86@node1.hyperdht.org:49737: the address to try without asking for the name.
    private static bool TryResolve(string node, out PeerAddress address)
    {
        address = default;
        int colon = node.LastIndexOf(':'), at = node.IndexOf('@', StringComparison.Ordinal);
        ushort port = 0;
        if (colon <= at + 1 || !ushort.TryParse(node.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port == 0)
            throw CommandException.Usage($"'{node}' is no address of a node", "host:port, for example 127.0.0.1:30001");
        if (at > 0 && PeerAddress.TryParseHost(node.AsSpan(0, at), port, out address))
            return true;
        try
        {
            IPAddress[] hosts = Dns.GetHostAddresses(node[(at + 1)..colon], AddressFamily.InterNetwork);
            return hosts.Length > 0 && PeerAddress.TryParseHost(hosts[0].ToString(), port, out address);
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

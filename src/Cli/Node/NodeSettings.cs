using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Cli.Output;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Cli.Node;

/// <summary>What the command line says about a node, checked.</summary>
internal sealed record NodeSettings(
    string Name, string Storage, string? Bootstrap, string? Host, int Port, string Network, bool Json, bool KeepsEvents)
{
    /// <summary>The nodes that hyperdht joins through.</summary>
    private const string PublicBootstrap = "node1.hyperdht.org:49737,node2.hyperdht.org:49737,node3.hyperdht.org:49737";

    public ParticipantOptions ToOptions()
    {
        ImmutableArray<PeerAddress> bootstrap = [.. (Bootstrap ?? PublicBootstrap).Split(',').Select(Resolve)];
        if (Host is not null && !PeerAddress.TryParseHost(Host, 0, out _))
            throw CommandException.Usage($"'{Host}' is not an address to bind to", "a dotted address such as 127.0.0.1");
        if (Port is < 0 or > ushort.MaxValue)
            throw CommandException.Usage($"'{Port}' is not a port", "0 to 65535");
        _ = PeerAddress.TryParseHost(Host ?? "0.0.0.0", (ushort)Port, out PeerAddress bind);
        return new ParticipantOptions
        {
            Name = Name,
            Network = Network,
            Storage = Storage,
            Bind = bind,
            Bootstrap = bootstrap,
            IsFirewalled = !IsLocal(bootstrap),
        };
    }

    /// <summary>On one machine nothing stands between the peers.</summary>
    private static bool IsLocal(ImmutableArray<PeerAddress> bootstrap) => bootstrap.All(address => address.IsLoopback);

    private static PeerAddress Resolve(string text)
    {
        if (PeerAddress.TryParse(text, out PeerAddress address))
            return address;
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
            throw CommandException.Usage($"'{text}' is not a bootstrap node", "host:port, such as 127.0.0.1:30001");
        try
        {
            IPAddress host = Dns.GetHostAddresses(text[..colon], AddressFamily.InterNetwork)[0];
            return PeerAddress.TryParseHost(host.ToString(), port, out address) ? address : throw Unresolved(text);
        }
        catch (SocketException)
        {
            throw Unresolved(text);
        }
    }

    private static CommandException Unresolved(string text)
        => new(ExitCode.Offline, "OFFLINE", $"the name of bootstrap node '{text}' has no address");
}

using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.HyperDht.Holepunching;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>How others may reach this node, as far as it knows itself.</summary>
/// <param name="OpenAddress">The address anybody can send to; absent while the node is firewalled or unsure.</param>
/// <param name="LocalAddresses">Addresses of the server socket inside the local network.</param>
/// <param name="RequestSocket">The socket that requests and direct connections leave from.</param>
public sealed record NodeReachability(PeerAddress? OpenAddress, IReadOnlyList<PeerAddress> LocalAddresses, LocalSocket RequestSocket)
{
    /// <summary>Unsolicited datagrams do not reach the node, as far as it knows.</summary>
    public bool IsFirewalled { get; init; } = OpenAddress is null;

    /// <summary>Nodes that can say how they see a socket of ours, those heard last first.</summary>
    public IReadOnlyList<PeerAddress> Nodes { get; init; } = [];

    /// <param name="state">What the node knows about itself.</param>
    /// <param name="localAddresses">Of its server socket.</param>
    /// <param name="nodes">Nodes that it knows, those heard last first.</param>
    public static NodeReachability Of(DhtNodeState state, IReadOnlyList<PeerAddress> localAddresses, IReadOnlyList<PeerAddress> nodes)
        => new(state.OpenAddress, localAddresses, state.RequestSocket) { IsFirewalled = state.IsFirewalled, Nodes = nodes };

    internal PunchVantage Vantage => new(IsFirewalled, Nodes);

    internal bool IsOpen => OpenAddress is not null;

    /// <summary>What a handshake offers: the open address first, then the local ones.</summary>
    internal IReadOnlyList<PeerAddress> Offered(bool withLocal)
        => [.. OpenAddress is { } open ? [open] : Array.Empty<PeerAddress>(), .. withLocal ? LocalAddresses : []];
}

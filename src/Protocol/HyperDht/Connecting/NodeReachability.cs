using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>How others may reach this node, as far as it knows itself.</summary>
/// <param name="OpenAddress">The address anybody can send to; absent while the node is firewalled or unsure.</param>
/// <param name="LocalAddresses">Addresses of the server socket inside the local network.</param>
/// <param name="RequestSocket">The socket that requests and direct connections leave from.</param>
public sealed record NodeReachability(PeerAddress? OpenAddress, IReadOnlyList<PeerAddress> LocalAddresses, LocalSocket RequestSocket)
{
    public static NodeReachability Of(DhtNodeState state, IReadOnlyList<PeerAddress> localAddresses)
        => new(state.OpenAddress, localAddresses, state.RequestSocket);

    internal bool IsOpen => OpenAddress is not null;

    /// <summary>What a handshake offers: the open address first, then the local ones.</summary>
    internal IReadOnlyList<PeerAddress> Offered(bool withLocal)
        => [.. OpenAddress is { } open ? [open] : Array.Empty<PeerAddress>(), .. withLocal ? LocalAddresses : []];
}

using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hyperswarm.Peers;

namespace Hyper.Protocol.Hyperswarm.Connections;

/// <summary>One connection of a swarm, or one that is being dialled.</summary>
internal sealed class SwarmConnection(SwarmConnectionId id, SwarmPeer peer, bool isClient)
{
    public SwarmConnectionId Id { get; } = id;

    public SwarmPeer Peer { get; } = peer;

    public bool IsClient { get; } = isClient;

    public bool IsOpen { get; set; } = !isClient;

    /// <summary>An accepted connection that takes this one's place when it has ended.</summary>
    public Arrival? Successor { get; set; }

    public SwarmEffect Opened => new SwarmEffect.ConnectionOpened(Id, Peer.Key, IsClient, Peer.Topics);
}

/// <summary>A connection that a peer has made to us.</summary>
internal sealed record Arrival(SwarmConnectionId Id, PublicKey Remote);

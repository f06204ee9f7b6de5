using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.DhtRpc;

/// <summary>What a node asks of its owner.</summary>
public abstract record DhtNodeEffect
{
    private DhtNodeEffect()
    {
    }

    /// <summary>Send a datagram from one of the node's sockets.</summary>
    /// <param name="TimeToLive">IP time to live; 0 means the system's.</param>
    public sealed record Transmit(ReadOnlyMemory<byte> Datagram, PeerAddress To, LocalSocket Socket, int TimeToLive = 0) : DhtNodeEffect;

    /// <summary>Tell the layer above what happened.</summary>
    public sealed record Raise(DhtNodeEvent Event) : DhtNodeEffect;
}

using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Holepunching;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>What the handshakes of a server ask of their owner.</summary>
public abstract record ServerHandshakeEffect
{
    private ServerHandshakeEffect()
    {
    }

    /// <summary>Answer the request directly.</summary>
    public sealed record Answer(ReceivedRequest Request, DhtAnswer With) : ServerHandshakeEffect;

    /// <summary>Send the request on under its own transaction id, to the relay that leads back to the client.</summary>
    /// <param name="Socket">The socket to send from; absent means the one that received the request.</param>
    public sealed record Relay(ReceivedRequest Request, ReadOnlyMemory<byte> Value, PeerAddress To, LocalSocket? Socket = null) : ServerHandshakeEffect;

    /// <summary>The stream can begin; comes before the answer, so that no packet of the client is too early.</summary>
    public sealed record Connected(EstablishedConnection Connection) : ServerHandshakeEffect;

    /// <summary>Meet the client at a relay as well; follows <see cref="Connected"/>, whose stream then waits for either way.</summary>
    public sealed record RelayThrough(uint StreamId, RelayRoute Route) : ServerHandshakeEffect;

    /// <summary>No way to the client was found; its connection is over before it began.</summary>
    public sealed record Abandoned(uint StreamId) : ServerHandshakeEffect;

    /// <summary>Something that the holepunch of one stream needs.</summary>
    public sealed record Punch(uint StreamId, PunchEffect Order) : ServerHandshakeEffect;
}

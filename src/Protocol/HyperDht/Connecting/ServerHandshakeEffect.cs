using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Requests;

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
    public sealed record Relay(ReceivedRequest Request, ReadOnlyMemory<byte> Value, PeerAddress To) : ServerHandshakeEffect;

    /// <summary>The stream can begin; comes before the answer, so that no packet of the client is too early.</summary>
    public sealed record Connected(EstablishedConnection Connection) : ServerHandshakeEffect;
}

using Hyper.Protocol.Udx.Packets;

namespace Hyper.Protocol.Udx.Streams;

/// <summary>What a stream wants done or known.</summary>
public abstract record UdxStreamEffect
{
    private protected UdxStreamEffect()
    {
    }

    /// <summary>Send these datagrams in order, then dispose the batch.</summary>
    public sealed record Transmit(PacketBatch Packets) : UdxStreamEffect;

    /// <summary>Bytes of the ordered stream in pieces as they came, valid until the next effect is taken.</summary>
    public sealed record DataReceived(IReadOnlyList<ReadOnlyMemory<byte>> Pieces, int ByteLength) : UdxStreamEffect
    {
        /// <summary>Joins the pieces in memory that stays, of at least <see cref="ByteLength"/> bytes.</summary>
        public void CopyTo(Span<byte> destination)
        {
            foreach (ReadOnlyMemory<byte> piece in Pieces)
            {
                piece.Span.CopyTo(destination);
                destination = destination[piece.Length..];
            }
        }
    }

    /// <summary>One unordered message; it may be empty.</summary>
    public sealed record MessageReceived(ReadOnlyMemory<byte> Bytes) : UdxStreamEffect;

    /// <summary>The remote end has sent its last byte and all of them were delivered.</summary>
    public sealed record RemoteEnded : UdxStreamEffect;

    /// <summary>Writing is welcome again after back-pressure.</summary>
    public sealed record Drained : UdxStreamEffect;

    /// <summary>Everything sent before the last change of the remote has been acknowledged.</summary>
    public sealed record RemoteChanged : UdxStreamEffect;

    /// <summary>The stream is over; nothing follows.</summary>
    public sealed record Closed(UdxCloseReason Reason) : UdxStreamEffect;
}

/// <summary>Why a stream is over.</summary>
public enum UdxCloseReason
{
    /// <summary>Both ends have ended and everything was acknowledged.</summary>
    Ended,

    /// <summary>The remote end destroyed the stream (ECONNRESET).</summary>
    ConnectionReset,

    /// <summary>The remote end stopped acknowledging (ETIMEDOUT).</summary>
    TimedOut,

    /// <summary>This end destroyed the stream.</summary>
    Destroyed,
}

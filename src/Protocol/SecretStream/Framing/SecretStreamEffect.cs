using System.Buffers;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Protocol.SecretStream.Framing;

/// <summary>What a secret stream asks for or reports.</summary>
public abstract record SecretStreamEffect
{
    private SecretStreamEffect()
    {
    }

    /// <summary>Append to the ordered raw stream; the buffer belongs to the taker, who may give it back when the bytes are needed no more.</summary>
    public sealed record Transmit(ReadOnlyMemory<byte> Bytes) : SecretStreamEffect, IDisposable
    {
        private byte[]? _rented;

        /// <summary>Gives the memory back; the bytes are invalid from here on.</summary>
        public void Dispose()
        {
            if (_rented is { } memory)
                ArrayPool<byte>.Shared.Return(memory);
            _rented = null;
        }

        internal static Transmit Rented(byte[] memory, int length) => new(memory.AsMemory(0, length)) { _rented = memory };
    }

    /// <summary>Send as one unreliable message beside the stream.</summary>
    public sealed record TransmitUnordered(ReadOnlyMemory<byte> Envelope) : SecretStreamEffect;

    /// <summary>End the sending side of the raw stream, after everything transmitted so far.</summary>
    public sealed record FinishTransmission : SecretStreamEffect;

    /// <summary>Both keys exist and writing may begin.</summary>
    public sealed record Opened(NoiseResult Session) : SecretStreamEffect;

    /// <summary>Every message that one input completed, in order; the memory is not touched again.</summary>
    public sealed record MessagesReceived(IReadOnlyList<ReadOnlyMemory<byte>> Messages) : SecretStreamEffect;

    /// <summary>One message that arrived beside the stream.</summary>
    public sealed record UnorderedReceived(ReadOnlyMemory<byte> Message) : SecretStreamEffect;

    /// <summary>The remote will send no more.</summary>
    public sealed record RemoteEnded : SecretStreamEffect;

    /// <summary>The stream is over: destroy the raw stream.</summary>
    public sealed record Faulted(SecretStreamFault Fault) : SecretStreamEffect;
}

/// <summary>Why a secret stream ended abnormally.</summary>
public enum SecretStreamFault
{
    /// <summary>A handshake frame was not the expected message.</summary>
    HandshakeFailed,

    /// <summary>The header frame has a wrong length or names another session.</summary>
    InvalidHeader,

    /// <summary>A frame is too short, too long, or was tampered with.</summary>
    InvalidMessage,

    /// <summary>Nothing was received for the configured time.</summary>
    TimedOut,

    /// <summary>Every nonce of the unordered direction has been used.</summary>
    NoncesExhausted,
}

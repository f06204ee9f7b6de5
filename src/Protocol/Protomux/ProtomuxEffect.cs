using System.Buffers;

namespace Hyper.Protocol.Protomux;

/// <summary>What a multiplexer asks for or reports; channels are named by the local handle that opening them gave.</summary>
public abstract record ProtomuxEffect
{
    private ProtomuxEffect()
    {
    }

    /// <summary>Write one message to the secret stream; whoever has copied it may give its memory back.</summary>
    public sealed record Transmit(ReadOnlyMemory<byte> Message) : ProtomuxEffect
    {
        private byte[]? _rented;

        /// <summary>Gives the memory back; the message is invalid from here on.</summary>
        public void Release()
        {
            if (_rented is { } memory)
                ArrayPool<byte>.Shared.Return(memory);
            _rented = null;
        }

        internal static Transmit Rented(byte[] memory, int length) => new(memory.AsMemory(0, length)) { _rented = memory };
    }

    /// <summary>Both sides have opened the channel; the handshake is whatever followed the remote's open.</summary>
    public sealed record ChannelOpened(int Channel, ReadOnlyMemory<byte> Handshake) : ProtomuxEffect;

    /// <summary>One message of a declared type; the payload shares memory with its input.</summary>
    public sealed record MessageReceived(int Channel, int Type, ReadOnlyMemory<byte> Payload) : ProtomuxEffect;

    /// <summary>The channel is gone and its handle with it.</summary>
    /// <param name="Channel">The local handle.</param>
    /// <param name="IsRemote">Whether the remote, or the end of the stream, closed it.</param>
    /// <param name="IsRejected">Whether the remote never opened it.</param>
    public sealed record ChannelClosed(int Channel, bool IsRemote, bool IsRejected) : ProtomuxEffect;

    /// <summary>The remote opened a channel that is listened for: answer with an open or a decline.</summary>
    public sealed record PairRequested(string Protocol, ReadOnlyMemory<byte> Id) : ProtomuxEffect;

    /// <summary>The remote broke the protocol: destroy the stream.</summary>
    public sealed record StreamFaulted(string Reason) : ProtomuxEffect;
}

using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Protomux;

namespace Hyper.Protocol.BlindRelay;

/// <summary>The two messages of the channel <c>blind-relay</c>.</summary>
public abstract record RelayMessage
{
    private const byte InitiatorFlag = 1;

    private RelayMessage()
    {
    }

    /// <summary>The message type on the channel.</summary>
    public abstract int Type { get; }

    public abstract byte[] Encode();

    /// <summary>How a side opens the channel.</summary>
    /// <param name="id">The public key of the side that wants to be relayed.</param>
    public static ChannelRequest Channel(ReadOnlyMemory<byte> id) => new("blind-relay", id, 2);

    public static bool TryDecode(int type, ReadOnlySpan<byte> bytes, out RelayMessage? message)
    {
        message = null;
        CompactReader reader = new(bytes);
        if (type is not (0 or 1) || !reader.TryUInt8(out byte flags) || !reader.TryFixed32(out Bytes32 token))
            return false;
        if (type == 1)
            message = new Unpair(new RelayToken(token));
        else if (reader.TryUInt(out uint streamId) && reader.TryUInt(out ulong sequence))
            message = new Pair((flags & InitiatorFlag) != 0, new RelayToken(token), streamId) { Sequence = sequence };
        return message is not null;
    }

    /// <summary>To the relay: pair me with whoever has this token. From the relay: it is done.</summary>
    /// <param name="IsInitiator">Of the two roles the one of the receiver of the answer, and of the sender of the request.</param>
    /// <param name="StreamId">By which the sender wants packets to be addressed.</param>
    public sealed record Pair(bool IsInitiator, RelayToken Token, uint StreamId) : RelayMessage
    {
        public ulong Sequence { get; init; }

        public override int Type => 0;

        public override byte[] Encode()
            => new CompactWriter(64).UInt8(IsInitiator ? InitiatorFlag : (byte)0).Fixed32(Token.Value).UInt(StreamId).UInt(Sequence).ToArray();
    }

    /// <summary>Forget the token, or end what it has paired.</summary>
    public sealed record Unpair(RelayToken Token) : RelayMessage
    {
        public override int Type => 1;

        public override byte[] Encode() => new CompactWriter(64).UInt8(0).Fixed32(Token.Value).ToArray();
    }
}

namespace Hyper.Protocol.Hyperbee.Nodes;

/// <summary>Reads the fields of a Protocol Buffers message one after the other, where they lie; refuses whatever reaches beyond the message.</summary>
internal ref struct FieldReader(ReadOnlySpan<byte> message)
{
    // A number below 2^53, with as many leading zeros as the longest number of the format may have.
    private const int MaxNumberBytes = 10;

    private const int NumberType = 0, EightBytesType = 1, BytesType = 2, FourBytesType = 5;

    // Every field of these messages up to this number is bytes.
    private const ulong KnownFields = 3;

    private readonly ReadOnlySpan<byte> _message = message;

    /// <summary>Bytes that have been read.</summary>
    public int Position { get; private set; }

    public readonly bool IsAtEnd => Position == _message.Length;

    /// <summary>The next field and where its bytes lie.</summary>
    public bool TryField(out ulong field, out Range bytes)
    {
        bytes = default;
        bool isRead = TryNumber(out ulong tag) && tag <= uint.MaxValue;
        field = tag >> 3;
        int type = (int)(tag & 7);
        if (!isRead || field == 0 || (type != BytesType && field <= KnownFields))
            return false;
        switch (type)
        {
            case BytesType:
                return TryNumber(out ulong length) && TryTake(length, out bytes);
            case NumberType:
                return TryNumber(out _);
            case EightBytesType:
                return TryTake(8, out bytes);
            case FourBytesType:
                return TryTake(4, out bytes);
            default:
                return false;
        }
    }

    /// <summary>A number that JavaScript can hold.</summary>
    public bool TryNumber(out ulong number)
    {
        number = 0;
        for (int i = 0; i < MaxNumberBytes && Position < _message.Length; i++)
        {
            byte next = _message[Position++];
            ulong bits = (ulong)(next & 0x7f);
            if (bits != 0 && (i > 7 || bits << (7 * i) > BeeLimits.MaxInteger))
                return false;
            number |= i > 7 ? 0 : bits << (7 * i);
            if (next < 0x80)
                return true;
        }

        return false;
    }

    private bool TryTake(ulong length, out Range bytes)
    {
        bytes = default;
        if (length > (ulong)(_message.Length - Position))
            return false;
        bytes = new Range(Position, Position + (int)length);
        Position += (int)length;
        return true;
    }
}

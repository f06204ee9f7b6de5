using System.Buffers.Binary;
using System.Text;

namespace Hyper.Protocol.CompactEncoding;

/// <summary>Reads compact-encoded values from untrusted bytes: every method answers false instead of throwing.</summary>
public ref struct CompactReader
{
    /// <summary>The largest integer JavaScript peers can represent; anything above is refused as they refuse it.</summary>
    public const ulong MaxInteger = (1UL << 53) - 1;

    private readonly ReadOnlySpan<byte> _bytes;

    public CompactReader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        Position = 0;
    }

    /// <summary>Index of the next byte; after a failed read it is unspecified.</summary>
    public int Position { get; private set; }

    public readonly int RemainingLength => _bytes.Length - Position;

    public readonly bool AtEnd => Position == _bytes.Length;

    /// <summary>Everything that has not been read, without reading it.</summary>
    public readonly ReadOnlySpan<byte> Remaining => _bytes[Position..];

    /// <summary>Takes everything that is left.</summary>
    public ReadOnlySpan<byte> TakeRemaining()
    {
        ReadOnlySpan<byte> rest = _bytes[Position..];
        Position = _bytes.Length;
        return rest;
    }

    public bool TryRaw(int count, out ReadOnlySpan<byte> bytes)
    {
        if ((uint)count > (uint)RemainingLength)
        {
            bytes = default;
            return false;
        }

        bytes = _bytes.Slice(Position, count);
        Position += count;
        return true;
    }

    public bool TryUInt8(out byte value)
    {
        bool read = TryRaw(1, out ReadOnlySpan<byte> bytes);
        value = read ? bytes[0] : (byte)0;
        return read;
    }

    public bool TryUInt16(out ushort value)
    {
        bool read = TryRaw(2, out ReadOnlySpan<byte> bytes);
        value = read ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : (ushort)0;
        return read;
    }

    public bool TryUInt24(out uint value)
    {
        bool read = TryRaw(3, out ReadOnlySpan<byte> bytes);
        value = read ? (uint)(bytes[0] | (bytes[1] << 8) | (bytes[2] << 16)) : 0;
        return read;
    }

    public bool TryUInt32(out uint value)
    {
        bool read = TryRaw(4, out ReadOnlySpan<byte> bytes);
        value = read ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;
        return read;
    }

    public bool TryUInt64(out ulong value)
    {
        bool read = TryRaw(8, out ReadOnlySpan<byte> bytes);
        value = read ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;
        return read;
    }

    /// <summary>Variable-length unsigned integer of at most <see cref="MaxInteger"/>; non-minimal forms are accepted as upstream does.</summary>
    public bool TryUInt(out ulong value)
    {
        value = 0;
        if (!TryUInt8(out byte first))
            return false;
        switch (first)
        {
            case 0xfd:
                if (!TryUInt16(out ushort two))
                    return false;
                value = two;
                return true;
            case 0xfe:
                if (!TryUInt32(out uint four))
                    return false;
                value = four;
                return true;
            case 0xff:
                return TryUInt64(out value) && value <= MaxInteger;
            default:
                value = first;
                return true;
        }
    }

    /// <summary>Variable-length integer that must fit 32 bits.</summary>
    public bool TryUInt(out uint value)
    {
        bool read = TryUInt(out ulong wide) && wide <= uint.MaxValue;
        value = read ? (uint)wide : 0;
        return read;
    }

    /// <summary>Variable-length signed integer, zig-zag folded.</summary>
    public bool TryInt(out long value)
    {
        bool read = TryUInt(out ulong folded);
        value = (long)(folded >> 1) ^ -(long)(folded & 1);
        return read;
    }

    public bool TryBool(out bool value)
    {
        bool read = TryUInt8(out byte one);
        value = one != 0;
        return read;
    }

    public bool TryFixed32(out Bytes32 value)
    {
        bool read = TryRaw(Bytes32.Size, out ReadOnlySpan<byte> bytes);
        value = read ? new Bytes32(bytes) : default;
        return read;
    }

    /// <summary>Length-prefixed bytes, in place; a length beyond the input is refused before anything is allocated.</summary>
    public bool TryBuffer(out ReadOnlySpan<byte> bytes)
    {
        if (TryUInt(out ulong length) && length <= (ulong)RemainingLength)
            return TryRaw((int)length, out bytes);
        bytes = default;
        return false;
    }

    /// <summary>Length-prefixed UTF-8; invalid sequences become replacement characters, as in JavaScript.</summary>
    public bool TryText(out string value)
    {
        bool read = TryBuffer(out ReadOnlySpan<byte> bytes);
        value = read ? Encoding.UTF8.GetString(bytes) : "";
        return read;
    }

    public bool TryAddress(out PeerAddress address)
    {
        bool read = TryRaw(PeerAddress.EncodedSize, out ReadOnlySpan<byte> bytes);
        address = read
            ? new PeerAddress(BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]))
            : default;
        return read;
    }

    /// <summary>A counted list of addresses; the count is checked against the bytes that are there.</summary>
    public bool TryAddresses(out PeerAddress[] addresses)
    {
        addresses = [];
        if (!TryUInt(out ulong count) || count > (ulong)(RemainingLength / PeerAddress.EncodedSize))
            return false;
        addresses = new PeerAddress[count];
        foreach (ref PeerAddress address in addresses.AsSpan())
            TryAddress(out address);
        return true;
    }
}

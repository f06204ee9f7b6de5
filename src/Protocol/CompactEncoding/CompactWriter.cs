using System.Buffers.Binary;
using System.Text;

namespace Hyper.Protocol.CompactEncoding;

/// <summary>Appends compact-encoded values to a buffer that grows and can be reused.</summary>
public sealed class CompactWriter
{
    private byte[] _buffer;
    private int _length;

    public CompactWriter(int capacity = 256) => _buffer = GC.AllocateUninitializedArray<byte>(Math.Max(capacity, 16));

    /// <summary>Bytes written so far.</summary>
    public int Length => _length;

    /// <summary>What has been written; valid until the next write or <see cref="Reset"/>.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public byte[] ToArray() => Written.ToArray();

    /// <summary>What has been written from a position on; valid until <see cref="Reset"/>.</summary>
    public ReadOnlyMemory<byte> WrittenFrom(int start) => _buffer.AsMemory(start, _length - start);

    /// <summary>Gives away what was written together with the buffer; the writer begins anew with another one.</summary>
    public ReadOnlyMemory<byte> Detach()
    {
        ReadOnlyMemory<byte> written = _buffer.AsMemory(0, _length);
        (_buffer, _length) = ([], 0);
        return written;
    }

    /// <summary>Forgets what was written and keeps the buffer.</summary>
    public void Reset() => _length = 0;

    /// <summary>Reserves <paramref name="count"/> bytes that the caller fills.</summary>
    public Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _length < count)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
        Span<byte> span = _buffer.AsSpan(_length, count);
        _length += count;
        return span;
    }

    public CompactWriter UInt8(byte value)
    {
        Reserve(1)[0] = value;
        return this;
    }

    public CompactWriter UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(Reserve(2), value);
        return this;
    }

    public CompactWriter UInt24(uint value)
    {
        Span<byte> span = Reserve(3);
        span[0] = (byte)value;
        span[1] = (byte)(value >> 8);
        span[2] = (byte)(value >> 16);
        return this;
    }

    public CompactWriter UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);
        return this;
    }

    public CompactWriter UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);
        return this;
    }

    /// <summary>Variable-length unsigned integer: 1, 3, 5 or 9 bytes.</summary>
    public CompactWriter UInt(ulong value)
    {
        CompactSize.WriteUInt(Reserve(CompactSize.UInt(value)), value);
        return this;
    }

    /// <summary>Variable-length signed integer, zig-zag folded.</summary>
    public CompactWriter Int(long value) => UInt((ulong)((value << 1) ^ (value >> 63)));

    public CompactWriter Bool(bool value) => UInt8(value ? (byte)1 : (byte)0);

    /// <summary>The bytes as they are, without a length.</summary>
    public CompactWriter Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        return this;
    }

    public CompactWriter Fixed32(Bytes32 value) => Raw(value.Span);

    /// <summary>Length-prefixed bytes; upstream's optional buffer writes the same for null and for empty.</summary>
    public CompactWriter Buffer(ReadOnlySpan<byte> bytes) => UInt((ulong)bytes.Length).Raw(bytes);

    /// <summary>Length-prefixed UTF-8.</summary>
    public CompactWriter Text(string value)
    {
        int count = Encoding.UTF8.GetByteCount(value);
        UInt((ulong)count);
        Encoding.UTF8.GetBytes(value, Reserve(count));
        return this;
    }

    public CompactWriter Address(PeerAddress address)
    {
        address.CopyTo(Reserve(PeerAddress.EncodedSize));
        return this;
    }

    /// <summary>Count, then six bytes for each address.</summary>
    public CompactWriter Addresses(IReadOnlyCollection<PeerAddress> addresses)
    {
        UInt((ulong)addresses.Count);
        foreach (PeerAddress address in addresses)
            Address(address);
        return this;
    }

    public CompactWriter Addresses(ReadOnlySpan<PeerAddress> addresses)
    {
        UInt((ulong)addresses.Length);
        foreach (PeerAddress address in addresses)
            Address(address);
        return this;
    }
}

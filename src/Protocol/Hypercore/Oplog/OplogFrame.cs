using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Hypercore.Oplog;

/// <summary>The envelope of headers and entries: checksum, length, and the bit that says which header an entry belongs to.</summary>
internal static class OplogFrame
{
    internal const int PrefixSize = 8;
    internal const long HeaderSlotSize = 4096;
    internal const long EntriesOffset = 2 * HeaderSlotSize;

    /// <summary>Reads the frame at the start of the bytes; false when it is short or its checksum is wrong.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> payload, out int headerBit, out bool partial)
    {
        payload = default;
        headerBit = 0;
        partial = false;
        if (bytes.Length < PrefixSize)
            return false;
        uint word = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        int length = PayloadLength(bytes);
        if (length > bytes.Length - PrefixSize)
            return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Crc32.Compute(bytes.Slice(4, 4 + length)))
            return false;
        payload = bytes.Slice(PrefixSize, length);
        headerBit = (int)(word & 1);
        partial = (word & 2) != 0;
        return true;
    }

    /// <summary>The length that the prefix claims.</summary>
    internal static int PayloadLength(ReadOnlySpan<byte> prefix) => (int)(BinaryPrimitives.ReadUInt32LittleEndian(prefix[4..]) >> 2);

    /// <summary>A writer with room for the prefix that <see cref="Seal"/> fills in.</summary>
    /// <param name="payload">Bytes that are expected.</param>
    internal static CompactWriter Start(int payload = 256)
        => Start(new CompactWriter(PrefixSize + payload));

    /// <summary>The same with the memory of an earlier frame.</summary>
    internal static CompactWriter Start(CompactWriter writer)
    {
        writer.Reset();
        writer.Reserve(PrefixSize);
        return writer;
    }

    /// <summary>The finished frame.</summary>
    internal static ReadOnlyMemory<byte> Seal(CompactWriter writer, int headerBit) => Seal(writer.ToArray(), headerBit);

    /// <summary>The finished frame in the memory of the writer, which is left with none.</summary>
    internal static ReadOnlyMemory<byte> SealInPlace(CompactWriter writer, int headerBit)
        => Seal(MemoryMarshal.AsMemory(writer.Detach()), headerBit);

    private static ReadOnlyMemory<byte> Seal(Memory<byte> frame, int headerBit)
    {
        Span<byte> bytes = frame.Span;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], (uint)(bytes.Length - PrefixSize) << 2 | (uint)headerBit);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Crc32.Compute(bytes[4..]));
        return frame;
    }
}

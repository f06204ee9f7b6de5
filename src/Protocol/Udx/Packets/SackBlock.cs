using System.Buffers.Binary;

namespace Hyper.Protocol.Udx.Packets;

/// <summary>Packets received out of order: <paramref name="Start"/> up to, not including, <paramref name="End"/>.</summary>
public readonly record struct SackBlock(uint Start, uint End)
{
    /// <summary>Bytes of an encoded block.</summary>
    public const int EncodedSize = 8;

    /// <summary>Most blocks the reference peer puts into one packet.</summary>
    public const int MaximumCount = 50;

    /// <summary>Reads the block with this index; the area must hold it.</summary>
    public static SackBlock Read(ReadOnlySpan<byte> area, int index)
    {
        ReadOnlySpan<byte> bytes = area.Slice(index * EncodedSize, EncodedSize);
        return new SackBlock(BinaryPrimitives.ReadUInt32LittleEndian(bytes), BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]));
    }

    /// <summary>Writes the eight bytes.</summary>
    public void Encode(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Start);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], End);
    }
}

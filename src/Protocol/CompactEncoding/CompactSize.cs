using System.Buffers.Binary;

namespace Hyper.Protocol.CompactEncoding;

/// <summary>Sizes of compact-encoded values before they are written.</summary>
public static class CompactSize
{
    /// <summary>Bytes that <see cref="CompactWriter.UInt"/> takes for a value.</summary>
    public static int UInt(ulong value) => value <= 0xfc ? 1 : value <= 0xffff ? 3 : value <= 0xffffffff ? 5 : 9;

    public static int Buffer(int length) => UInt((ulong)length) + length;

    /// <summary>Writes a variable-length unsigned integer and returns its size.</summary>
    public static int WriteUInt(Span<byte> destination, ulong value)
    {
        if (value <= 0xfc)
        {
            destination[0] = (byte)value;
            return 1;
        }

        if (value <= 0xffff)
        {
            destination[0] = 0xfd;
            BinaryPrimitives.WriteUInt16LittleEndian(destination[1..], (ushort)value);
            return 3;
        }

        if (value <= 0xffffffff)
        {
            destination[0] = 0xfe;
            BinaryPrimitives.WriteUInt32LittleEndian(destination[1..], (uint)value);
            return 5;
        }

        destination[0] = 0xff;
        BinaryPrimitives.WriteUInt64LittleEndian(destination[1..], value);
        return 9;
    }
}

using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hyper.Protocol.Hypercore.Oplog;

/// <summary>CRC-32 as in zip: sixty-four bytes at a time where the processor multiplies without carries, else eight.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xedb88320;
    private const int FoldedBytes = 64;
    private static readonly uint[][] s_tables = MakeTables();

    internal static uint Compute(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        if (Pclmulqdq.IsSupported && bytes.Length >= FoldedBytes)
            crc = Fold(crc, bytes, out bytes);
        return ~Update(crc, bytes);
    }

    private static uint Update(uint crc, ReadOnlySpan<byte> bytes)
    {
        uint[][] t = s_tables;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            uint low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = t[7][low & 255] ^ t[6][(low >> 8) & 255] ^ t[5][(low >> 16) & 255] ^ t[4][low >> 24]
                ^ t[3][high & 255] ^ t[2][(high >> 8) & 255] ^ t[1][(high >> 16) & 255] ^ t[0][high >> 24];
        }

        foreach (byte value in bytes)
            crc = t[0][(crc ^ value) & 255] ^ (crc >> 8);
        return crc;
    }

    /// <summary>Sixty-four bytes at a time shrink to sixteen with the same remainder (Gopal et al., Intel 2009).</summary>
    private static uint Fold(uint crc, ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> rest)
    {
        Vector128<ulong> by512 = Vector128.Create(0x154442bd4UL, 0x1c6e41596UL), by128 = Vector128.Create(0x1751997d0UL, 0x0ccaa009eUL);
        Vector128<ulong> a = Load(bytes, 0) ^ Vector128.CreateScalar((ulong)crc), b = Load(bytes, 16), c = Load(bytes, 32), d = Load(bytes, 48);
        for (rest = bytes[FoldedBytes..]; rest.Length >= FoldedBytes; rest = rest[FoldedBytes..])
        {
            a = Fold(a, by512) ^ Load(rest, 0);
            b = Fold(b, by512) ^ Load(rest, 16);
            c = Fold(c, by512) ^ Load(rest, 32);
            d = Fold(d, by512) ^ Load(rest, 48);
        }

        Vector128<ulong> folded = Fold(Fold(Fold(a, by128) ^ b, by128) ^ c, by128) ^ d;
        Span<byte> remainder = stackalloc byte[Vector128<byte>.Count];
        folded.AsByte().CopyTo(remainder);
        return Update(0, remainder);
    }

    private static Vector128<ulong> Fold(Vector128<ulong> value, Vector128<ulong> by)
        => Pclmulqdq.CarrylessMultiply(value, by, 0x00) ^ Pclmulqdq.CarrylessMultiply(value, by, 0x11);

    private static Vector128<ulong> Load(ReadOnlySpan<byte> bytes, int at) => Vector128.Create(bytes.Slice(at, Vector128<byte>.Count)).AsUInt64();

    private static uint[][] MakeTables()
    {
        uint[][] tables = new uint[8][];
        tables[0] = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
            tables[0][i] = crc;
        }

        for (int table = 1; table < 8; table++)
        {
            tables[table] = new uint[256];
            for (int i = 0; i < 256; i++)
                tables[table][i] = tables[0][tables[table - 1][i] & 255] ^ (tables[table - 1][i] >> 8);
        }

        return tables;
    }
}

using System.Buffers.Binary;

namespace Hyper.Protocol.Cryptography.Avx512;

/// <summary>A number modulo 2^130 - 5, in which Poly1305 counts, as five limbs of 26 bits.</summary>
internal struct PolyNumber
{
    public const int BlockSize = 16;
    public const int LimbBits = 26;
    public const ulong LimbMask = (1 << LimbBits) - 1;

    /// <summary>The bit behind the 128 of a block, as it stands in the highest limb.</summary>
    public const ulong BlockEnd = 1 << 24;

    public ulong L0, L1, L2, L3, L4;

    /// <summary>The 16 bytes as a number, with or without the bit behind them.</summary>
    public static PolyNumber Read(ReadOnlySpan<byte> block, ulong end)
    {
        ulong low = BinaryPrimitives.ReadUInt64LittleEndian(block);
        ulong high = BinaryPrimitives.ReadUInt64LittleEndian(block[8..]);
        return new PolyNumber
        {
            L0 = low & LimbMask,
            L1 = (low >> 26) & LimbMask,
            L2 = ((low >> 52) | (high << 12)) & LimbMask,
            L3 = (high >> 14) & LimbMask,
            L4 = (high >> 40) | end,
        };
    }

    /// <summary>The multiplier that the first half of a key stands for.</summary>
    public static PolyNumber ReadKey(ReadOnlySpan<byte> key)
    {
        Span<byte> clamped = stackalloc byte[BlockSize];
        BinaryPrimitives.WriteUInt64LittleEndian(clamped, BinaryPrimitives.ReadUInt64LittleEndian(key) & 0x0ffffffc0fffffff);
        BinaryPrimitives.WriteUInt64LittleEndian(clamped[8..], BinaryPrimitives.ReadUInt64LittleEndian(key[8..]) & 0x0ffffffc0ffffffc);
        return Read(clamped, 0);
    }

    public static PolyNumber operator +(in PolyNumber a, in PolyNumber b) => new()
    {
        L0 = a.L0 + b.L0,
        L1 = a.L1 + b.L1,
        L2 = a.L2 + b.L2,
        L3 = a.L3 + b.L3,
        L4 = a.L4 + b.L4,
    };

    public static PolyNumber operator *(in PolyNumber a, in PolyNumber b)
    {
        ulong s1 = b.L1 * 5, s2 = b.L2 * 5, s3 = b.L3 * 5, s4 = b.L4 * 5;
        return Carry(
            (a.L0 * b.L0) + (a.L1 * s4) + (a.L2 * s3) + (a.L3 * s2) + (a.L4 * s1),
            (a.L0 * b.L1) + (a.L1 * b.L0) + (a.L2 * s4) + (a.L3 * s3) + (a.L4 * s2),
            (a.L0 * b.L2) + (a.L1 * b.L1) + (a.L2 * b.L0) + (a.L3 * s4) + (a.L4 * s3),
            (a.L0 * b.L3) + (a.L1 * b.L2) + (a.L2 * b.L1) + (a.L3 * b.L0) + (a.L4 * s4),
            (a.L0 * b.L4) + (a.L1 * b.L3) + (a.L2 * b.L2) + (a.L3 * b.L1) + (a.L4 * b.L0));
    }

    /// <summary>The number with these limbs, each below 2^63; afterwards only the second may have more than 26 bits, by one.</summary>
    public static PolyNumber Carry(ulong l0, ulong l1, ulong l2, ulong l3, ulong l4)
    {
        l1 += l0 >> LimbBits;
        l2 += l1 >> LimbBits;
        l3 += l2 >> LimbBits;
        l4 += l3 >> LimbBits;
        l0 = (l0 & LimbMask) + ((l4 >> LimbBits) * 5);
        return new PolyNumber
        {
            L0 = l0 & LimbMask,
            L1 = (l1 & LimbMask) + (l0 >> LimbBits),
            L2 = l2 & LimbMask,
            L3 = l3 & LimbMask,
            L4 = l4 & LimbMask,
        };
    }

    /// <summary>Writes the tag: the least residue, plus the second half of the key, modulo 2^128.</summary>
    public readonly void WriteTag(UInt128 pad, Span<byte> tag)
    {
        // No branch depends on the number. It is below 2^130 + 2^52, so it holds the modulus at most once.
        UInt128 low = L0 + ((UInt128)L1 << 26) + ((UInt128)L2 << 52) + ((UInt128)L3 << 78);
        UInt128 high = (low >> 104) + L4;
        low = (low & (((UInt128)1 << 104) - 1)) + (high << 104);
        UInt128 beyond = high >> 24;
        UInt128 carry = ((low >> 64) + (((low & ulong.MaxValue) + 5) >> 64)) >> 64;
        low += 5 * ((beyond + carry) >> 2);
        BinaryPrimitives.WriteUInt128LittleEndian(tag, low + pad);
    }
}

using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Hyper.Protocol.Cryptography.Edwards;

/// <summary>A number modulo 2^255 - 19, over which the curve lies, as five limbs of 51 bits; no step depends on its value.</summary>
internal readonly struct FieldElement(ulong l0, ulong l1, ulong l2, ulong l3, ulong l4)
{
    public const int Size = 32;
    private const int LimbBits = 51;
    private const ulong LimbMask = (1UL << LimbBits) - 1;

    // Twice the modulus, so that differences stay positive.
    private const ulong TwiceLowest = 2 * (LimbMask - 18);
    private const ulong TwiceOther = 2 * LimbMask;

    private readonly ulong _l0 = l0, _l1 = l1, _l2 = l2, _l3 = l3, _l4 = l4;

    public static FieldElement Zero => default;

    public static FieldElement One => new(1, 0, 0, 0, 0);

    public static FieldElement Of(uint number) => new(number, 0, 0, 0, 0);

    /// <summary>The number in 32 bytes, the lowest first; the highest bit does not count.</summary>
    public static FieldElement Read(ReadOnlySpan<byte> bytes)
    {
        ulong w0 = BinaryPrimitives.ReadUInt64LittleEndian(bytes), w1 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        ulong w2 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]), w3 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
        return new FieldElement(
            w0 & LimbMask,
            ((w0 >> 51) | (w1 << 13)) & LimbMask,
            ((w1 >> 38) | (w2 << 26)) & LimbMask,
            ((w2 >> 25) | (w3 << 39)) & LimbMask,
            (w3 >> 12) & LimbMask);
    }

    public ulong this[int limb] => limb switch
    {
        0 => _l0,
        1 => _l1,
        2 => _l2,
        3 => _l3,
        _ => _l4,
    };

    public static FieldElement operator +(in FieldElement a, in FieldElement b)
        => Carry(a._l0 + b._l0, a._l1 + b._l1, a._l2 + b._l2, a._l3 + b._l3, a._l4 + b._l4);

    public static FieldElement operator -(in FieldElement a, in FieldElement b) => Carry(
        a._l0 + TwiceLowest - b._l0,
        a._l1 + TwiceOther - b._l1,
        a._l2 + TwiceOther - b._l2,
        a._l3 + TwiceOther - b._l3,
        a._l4 + TwiceOther - b._l4);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static FieldElement operator *(in FieldElement a, in FieldElement b)
    {
        ulong n1 = 19 * b._l1, n2 = 19 * b._l2, n3 = 19 * b._l3, n4 = 19 * b._l4;
        Product p0 = Product.Of(a._l0, b._l0).Plus(a._l1, n4).Plus(a._l2, n3).Plus(a._l3, n2).Plus(a._l4, n1);
        Product p1 = Product.Of(a._l0, b._l1).Plus(a._l1, b._l0).Plus(a._l2, n4).Plus(a._l3, n3).Plus(a._l4, n2);
        Product p2 = Product.Of(a._l0, b._l2).Plus(a._l1, b._l1).Plus(a._l2, b._l0).Plus(a._l3, n4).Plus(a._l4, n3);
        Product p3 = Product.Of(a._l0, b._l3).Plus(a._l1, b._l2).Plus(a._l2, b._l1).Plus(a._l3, b._l0).Plus(a._l4, n4);
        Product p4 = Product.Of(a._l0, b._l4).Plus(a._l1, b._l3).Plus(a._l2, b._l2).Plus(a._l3, b._l1).Plus(a._l4, b._l0);
        return Reduce(p0, p1, p2, p3, p4);
    }

    /// <summary>The number squared so many times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public FieldElement Square(int times = 1)
    {
        FieldElement n = this;
        for (; times > 0; times--)
        {
            ulong d0 = 2 * n._l0, d1 = 2 * n._l1, d2 = 2 * n._l2, n3 = 19 * n._l3, n4 = 19 * n._l4;
            Product p0 = Product.Of(n._l0, n._l0).Plus(d1, n4).Plus(d2, n3);
            Product p1 = Product.Of(d0, n._l1).Plus(d2, n4).Plus(n._l3, n3);
            Product p2 = Product.Of(d0, n._l2).Plus(n._l1, n._l1).Plus(2 * n._l3, n4);
            Product p3 = Product.Of(d0, n._l3).Plus(d1, n._l2).Plus(n._l4, n4);
            Product p4 = Product.Of(d0, n._l4).Plus(d1, n._l3).Plus(n._l2, n._l2);
            n = Reduce(p0, p1, p2, p3, p4);
        }

        return n;
    }

    /// <summary>One divided by the number, as its power by the modulus less two; zero has none and stays zero.</summary>
    public FieldElement Invert()
    {
        FieldElement p2 = Square(), p9 = p2.Square(2) * this, p11 = p9 * p2;
        FieldElement ones5 = p11.Square() * p9;
        FieldElement ones10 = ones5.Square(5) * ones5;
        FieldElement ones20 = ones10.Square(10) * ones10;
        FieldElement ones40 = ones20.Square(20) * ones20;
        FieldElement ones50 = ones40.Square(10) * ones10;
        FieldElement ones100 = ones50.Square(50) * ones50;
        FieldElement ones200 = ones100.Square(100) * ones100;
        FieldElement ones250 = ones200.Square(50) * ones50;
        return ones250.Square(5) * p11;
    }

    /// <summary>The least residue.</summary>
    public FieldElement Reduced()
    {
        FieldElement n = Carry(_l0, _l1, _l2, _l3, _l4);
        // One when the number is at least the modulus: then adding 19 carries out of the highest limb.
        ulong q = (n._l0 + 19) >> LimbBits;
        q = (n._l1 + q) >> LimbBits;
        q = (n._l2 + q) >> LimbBits;
        q = (n._l3 + q) >> LimbBits;
        q = (n._l4 + q) >> LimbBits;
        ulong l0 = n._l0 + 19 * q, l1 = n._l1 + (l0 >> LimbBits), l2 = n._l2 + (l1 >> LimbBits);
        ulong l3 = n._l3 + (l2 >> LimbBits), l4 = n._l4 + (l3 >> LimbBits);
        return new FieldElement(l0 & LimbMask, l1 & LimbMask, l2 & LimbMask, l3 & LimbMask, l4 & LimbMask);
    }

    /// <summary>Writes the least residue, the lowest byte first.</summary>
    public void Write(Span<byte> bytes)
    {
        FieldElement n = Reduced();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, n._l0 | (n._l1 << 51));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], (n._l1 >> 13) | (n._l2 << 38));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], (n._l2 >> 26) | (n._l3 << 25));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], (n._l3 >> 39) | (n._l4 << 12));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FieldElement Carry(ulong l0, ulong l1, ulong l2, ulong l3, ulong l4) => new(
        (l0 & LimbMask) + 19 * (l4 >> LimbBits),
        (l1 & LimbMask) + (l0 >> LimbBits),
        (l2 & LimbMask) + (l1 >> LimbBits),
        (l3 & LimbMask) + (l2 >> LimbBits),
        (l4 & LimbMask) + (l3 >> LimbBits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FieldElement Reduce(in Product p0, in Product p1, in Product p2, in Product p3, in Product p4) => Carry(
        (p0.Low & LimbMask) + 19 * p4.Above(LimbBits),
        (p1.Low & LimbMask) + p0.Above(LimbBits),
        (p2.Low & LimbMask) + p1.Above(LimbBits),
        (p3.Low & LimbMask) + p2.Above(LimbBits),
        (p4.Low & LimbMask) + p3.Above(LimbBits));

    /// <summary>A sum of products of limbs.</summary>
    private readonly struct Product(ulong high, ulong low)
    {
        public readonly ulong High = high, Low = low;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Product Of(ulong a, ulong b)
        {
            return new Product(Bmi2.X64.MultiplyNoFlags(a, b), a * b);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Product Plus(ulong a, ulong b)
        {
            ulong low = (a * b) + Low;
            return new Product(High + Bmi2.X64.MultiplyNoFlags(a, b) + (low < Low ? 1UL : 0), low);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ulong Above(int bits) => (High << (64 - bits)) | (Low >> bits);
    }
}

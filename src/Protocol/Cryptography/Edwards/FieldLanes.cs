using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hyper.Protocol.Cryptography.Edwards;

/// <summary>
/// Eight field elements, one a lane, as ten limbs of 26 and 25 bits by turns, in memory that begins with room for multiples of them.
/// Products have limbs of that size; what is added or subtracted once has two bits more, which a factor may have.
/// </summary>
internal static unsafe class FieldLanes
{
    public const int Limbs = 10;
    public const int Lanes = 8;

    /// <summary>Vectors that the multiples take which a product makes of its second factor, before the limbs.</summary>
    public const int Room = Limbs - 1;

    public const int EvenBits = 26;
    private const int OddBits = 25;
    private const ulong EvenMask = (1 << EvenBits) - 1;
    private const ulong OddMask = (1 << OddBits) - 1;

    /// <summary>The same element in every lane.</summary>
    public static void Set(Vector512<ulong>* lanes, in FieldElement element)
    {
        for (int i = 0; i < Limbs; i++)
            lanes[i] = Vector512.Create((i & 1) == 0 ? element[i / 2] & EvenMask : element[i / 2] >> EvenBits);
    }

    /// <summary>The element of the first lane, which has come out of a product.</summary>
    public static FieldElement First(Vector512<ulong>* lanes)
    {
        ulong* limbs = stackalloc ulong[Limbs / 2];
        for (int i = 0; i < Limbs / 2; i++)
            limbs[i] = lanes[2 * i].ToScalar() + (lanes[(2 * i) + 1].ToScalar() << EvenBits);
        return new FieldElement(limbs[0], limbs[1], limbs[2], limbs[3], limbs[4]);
    }

    /// <summary>The first four lanes of one and the last four of the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Halves(Vector512<ulong>* low, Vector512<ulong>* high, Vector512<ulong>* halves)
    {
        for (int i = 0; i < Limbs; i++)
            halves[i] = Avx512F.Shuffle4x128(low[i], high[i], 0b11_10_01_00);
    }

    /// <summary>The first four lanes twice, and the last four twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Split(Vector512<ulong>* lanes, Vector512<ulong>* low, Vector512<ulong>* high)
    {
        for (int i = 0; i < Limbs; i++)
        {
            Vector512<ulong> limb = lanes[i];
            low[i] = Avx512F.Shuffle4x128(limb, limb, 0b01_00_01_00);
            high[i] = Avx512F.Shuffle4x128(limb, limb, 0b11_10_11_10);
        }
    }

    /// <summary>Each lane in the place of the next one, or each two in that of the next two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Swap(Vector512<ulong>* lanes, bool two, Vector512<ulong>* swapped)
    {
        for (int i = 0; i < Limbs; i++)
        {
            swapped[i] = two ? Avx512F.Shuffle4x128(lanes[i], lanes[i], 0b10_11_00_01)
                : Avx512F.Shuffle(lanes[i].AsUInt32(), 0b01_00_11_10).AsUInt64();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(Vector512<ulong>* a, Vector512<ulong>* b, Vector512<ulong>* sum)
    {
        for (int i = 0; i < Limbs; i++)
            sum[i] = a[i] + b[i];
    }

    /// <summary>The difference, with twice the modulus added so that no limb is negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Subtract(Vector512<ulong>* a, Vector512<ulong>* b, Vector512<ulong>* difference)
    {
        Vector512<ulong> even = Vector512.Create(2 * EvenMask), odd = Vector512.Create(2 * OddMask);
        difference[0] = a[0] + Vector512.Create(2 * (EvenMask - 18)) - b[0];
        difference[1] = a[1] + odd - b[1];
        for (int i = 2; i < Limbs; i += 2)
        {
            difference[i] = a[i] + even - b[i];
            difference[i + 1] = a[i + 1] + odd - b[i + 1];
        }
    }

    /// <summary>Takes the lanes of a mask from zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Negate(Vector512<ulong> chosen, Vector512<ulong>* lanes)
    {
        Vector512<ulong> modulus = Vector512.Create(2 * (EvenMask - 18));
        for (int i = 0; i < Limbs; i++)
        {
            lanes[i] = Vector512.ConditionalSelect(chosen, modulus - lanes[i], lanes[i]);
            modulus = Vector512.Create((i & 1) == 0 ? 2 * OddMask : 2 * EvenMask);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(Vector512<ulong>* a, Vector512<ulong>* b, Vector512<ulong>* product)
    {
        // Limb k of the product takes each limb i of one factor by limb k - i of the other, or by 19 times limb k - i + 10.
        for (int i = 1; i < Limbs; i++)
            b[i - Limbs] = Low(b[i], Vector512.Create(19UL));
        Vector512<ulong> h0 = default, h1 = default, h2 = default, h3 = default, h4 = default;
        Vector512<ulong> h5 = default, h6 = default, h7 = default, h8 = default, h9 = default;
        for (int i = 0; i < Limbs; i += 2, a += 2, b -= 2)
        {
            // Two odd limbs stand half a bit too low each.
            Vector512<ulong> even = a[0], odd = a[1], twice = odd + odd;
            h0 += Low(even, b[0]) + Low(twice, b[-1]);
            h1 += Low(even, b[1]) + Low(odd, b[0]);
            h2 += Low(even, b[2]) + Low(twice, b[1]);
            h3 += Low(even, b[3]) + Low(odd, b[2]);
            h4 += Low(even, b[4]) + Low(twice, b[3]);
            h5 += Low(even, b[5]) + Low(odd, b[4]);
            h6 += Low(even, b[6]) + Low(twice, b[5]);
            h7 += Low(even, b[7]) + Low(odd, b[6]);
            h8 += Low(even, b[8]) + Low(twice, b[7]);
            h9 += Low(even, b[9]) + Low(odd, b[8]);
        }

        Carry(ref h0, ref h1, EvenBits, EvenMask);
        Carry(ref h4, ref h5, EvenBits, EvenMask);
        Carry(ref h1, ref h2, OddBits, OddMask);
        Carry(ref h5, ref h6, OddBits, OddMask);
        Carry(ref h2, ref h3, EvenBits, EvenMask);
        Carry(ref h6, ref h7, EvenBits, EvenMask);
        Carry(ref h3, ref h4, OddBits, OddMask);
        Carry(ref h7, ref h8, OddBits, OddMask);
        Carry(ref h4, ref h5, EvenBits, EvenMask);
        Carry(ref h8, ref h9, EvenBits, EvenMask);
        Vector512<ulong> over = h9 >> OddBits;
        h9 &= Vector512.Create(OddMask);
        h0 += (over << 4) + (over << 1) + over;
        Carry(ref h0, ref h1, EvenBits, EvenMask);
        (product[0], product[1], product[2], product[3], product[4]) = (h0, h1, h2, h3, h4);
        (product[5], product[6], product[7], product[8], product[9]) = (h5, h6, h7, h8, h9);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Carry(ref Vector512<ulong> limb, ref Vector512<ulong> next, int bits, ulong mask)
    {
        next += limb >> bits;
        limb &= Vector512.Create(mask);
    }

    /// <summary>The products of the lower halves of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Low(Vector512<ulong> a, Vector512<ulong> b) => Avx512F.Multiply(a.AsUInt32(), b.AsUInt32());
}

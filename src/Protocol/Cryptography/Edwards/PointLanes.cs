using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hyper.Protocol.Cryptography.Edwards;

/// <summary>Eight points, one a lane, which add up to a multiple of the base point.</summary>
internal readonly unsafe ref struct PointLanes
{
    private const int ScalarSize = 32;
    private const int ElementSize = FieldLanes.Room + FieldLanes.Limbs;
    private const int Elements = 15;

    private readonly Vector512<ulong>* _x, _y, _z, _t, _x2, _y2, _z2, _t2, _a, _b, _c, _d, _u, _v, _twice;

    private PointLanes(Vector512<ulong>* memory)
    {
        _x = At(memory, 0);
        _y = At(memory, 1);
        _z = At(memory, 2);
        _t = At(memory, 3);
        _x2 = At(memory, 4);
        _y2 = At(memory, 5);
        _z2 = At(memory, 6);
        _t2 = At(memory, 7);
        _a = At(memory, 8);
        _b = At(memory, 9);
        _c = At(memory, 10);
        _d = At(memory, 11);
        _u = At(memory, 12);
        _v = At(memory, 13);
        _twice = At(memory, 14);
        FieldLanes.Set(_x, FieldElement.Zero);
        FieldLanes.Set(_y, FieldElement.One);
        FieldLanes.Set(_z, FieldElement.One);
        FieldLanes.Set(_t, FieldElement.Zero);
    }

    public static bool IsSupported => Avx512F.IsSupported && Bmi2.X64.IsSupported;

    /// <summary>The base point multiplied by a scalar of 32 bytes below 2^255; neither time nor addresses depend on it.</summary>
    [SkipLocalsInit]
    public static EdwardsPoint MultiplyBase(ReadOnlySpan<byte> scalar)
    {
        const int Alignment = 64;
        byte* memory = stackalloc byte[(Elements * ElementSize * Alignment) + Alignment];
        PointLanes sum = new((Vector512<ulong>*)(((nuint)memory + Alignment - 1) & ~(nuint)(Alignment - 1)));
        long* digits = stackalloc long[2 * ScalarSize];
        SplitDigits(scalar, digits);
        BaseMultiples table = BaseMultiples.Shared;
        for (int step = 0; step < BaseMultiples.Steps; step++)
            sum.Add(table, step, Vector512.Load(digits + (step * FieldLanes.Lanes)));
        new Span<long>(digits, 2 * ScalarSize).Clear();
        return sum.AddLanes();
    }

    private static Vector512<ulong>* At(Vector512<ulong>* memory, int element) => memory + (element * ElementSize) + FieldLanes.Room;

    /// <summary>Digits from minus eight to eight in base sixteen.</summary>
    private static void SplitDigits(ReadOnlySpan<byte> scalar, long* digits)
    {
        int carry = 0;
        for (int i = 0; i < scalar.Length; i++)
        {
            int low = (scalar[i] & 15) + carry;
            carry = (low + 8) >> 4;
            digits[2 * i] = low - (carry << 4);
            int high = (scalar[i] >> 4) + carry;
            carry = i == scalar.Length - 1 ? 0 : (high + 8) >> 4;
            digits[(2 * i) + 1] = high - (carry << 4);
        }
    }

    private void Add(BaseMultiples table, int step, Vector512<long> digits)
    {
        table.Find(step, digits, _a, _b, _c);
        FieldLanes.Subtract(_y, _x, _u);
        FieldLanes.Add(_y, _x, _v);
        FieldLanes.Multiply(_u, _b, _x2);
        FieldLanes.Multiply(_v, _a, _y2);
        FieldLanes.Multiply(_t, _c, _t2);
        FieldLanes.Subtract(_y2, _x2, _a);
        FieldLanes.Subtract(_z, _t2, _b);
        FieldLanes.Add(_z, _t2, _c);
        FieldLanes.Add(_y2, _x2, _d);
        FieldLanes.Multiply(_a, _b, _x);
        FieldLanes.Multiply(_c, _d, _y);
        FieldLanes.Multiply(_c, _b, _z);
        FieldLanes.Multiply(_a, _d, _t);
    }

    /// <summary>The sum of the eight points: each half of the lanes has half the work of an addition.</summary>
    private EdwardsPoint AddLanes()
    {
        // Twice the curve's constant in the lower half, two in the upper one.
        FieldLanes.Set(_u, EdwardsPoint.TwiceD);
        FieldLanes.Set(_v, FieldElement.Of(2));
        FieldLanes.Halves(_u, _v, _twice);
        FieldLanes.Split(_x, _x, _x2);
        FieldLanes.Split(_y, _y, _y2);
        FieldLanes.Split(_z, _z, _z2);
        FieldLanes.Split(_t, _t, _t2);
        AddSecond();
        Swap(two: true);
        AddSecond();
        Swap(two: false);
        AddSecond();
        return new EdwardsPoint(FieldLanes.First(_x), FieldLanes.First(_y), FieldLanes.First(_z), FieldLanes.First(_t));
    }

    private void Swap(bool two)
    {
        FieldLanes.Swap(_x, two, _x2);
        FieldLanes.Swap(_y, two, _y2);
        FieldLanes.Swap(_z, two, _z2);
        FieldLanes.Swap(_t, two, _t2);
    }

    /// <summary>Adds the second point of each lane, where both stand in both halves.</summary>
    private void AddSecond()
    {
        MinusPlus(_x, _y, _c);
        MinusPlus(_x2, _y2, _d);
        FieldLanes.Multiply(_c, _d, _u);
        FieldLanes.Split(_u, _a, _b);
        FieldLanes.Halves(_t, _z, _c);
        FieldLanes.Halves(_t2, _z2, _d);
        FieldLanes.Multiply(_c, _d, _u);
        FieldLanes.Multiply(_u, _twice, _v);
        FieldLanes.Split(_v, _c, _d);
        FieldLanes.Subtract(_b, _a, _x2);
        FieldLanes.Subtract(_d, _c, _y2);
        FieldLanes.Add(_d, _c, _z2);
        FieldLanes.Add(_b, _a, _t2);
        FieldLanes.Halves(_x2, _z2, _u);
        FieldLanes.Multiply(_u, _y2, _a);
        FieldLanes.Multiply(_u, _t2, _b);
        FieldLanes.Split(_a, _x, _z);
        FieldLanes.Split(_b, _t, _y);
    }

    private void MinusPlus(Vector512<ulong>* x, Vector512<ulong>* y, Vector512<ulong>* halves)
    {
        FieldLanes.Subtract(y, x, _u);
        FieldLanes.Add(y, x, _v);
        FieldLanes.Halves(_u, _v, halves);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hyper.Protocol.Cryptography.Edwards;

/// <summary>
/// For each digit of a scalar in base sixteen the base point's multiples that it may stand for: eight digits side by side in the lanes
/// of a step, and one to eight times the point of each.
/// </summary>
/// <remarks>Every multiple of a step is read to find one, so that no address depends on the digit.</remarks>
internal sealed unsafe class BaseMultiples
{
    public const int Steps = Digits / FieldLanes.Lanes;
    private const int Digits = 64;
    private const int Multiples = 8;
    private const int Coordinates = 3;
    private const int Pairs = FieldLanes.Limbs / 2;
    private const int StepSize = Multiples * Coordinates * Pairs;

    private static readonly FieldElement s_half = FieldElement.Of(2).Invert();
    private static readonly Lazy<BaseMultiples> s_shared = new(() => new BaseMultiples());

    // Two limbs to a lane, the even one in the lower half.
    private readonly Vector512<ulong>* _table;

    private BaseMultiples()
    {
        nuint length = Steps * StepSize;
        _table = (Vector512<ulong>*)NativeMemory.AlignedAlloc(length * (nuint)sizeof(Vector512<ulong>), (nuint)sizeof(Vector512<ulong>));
        EdwardsPoint[] points = MakePoints();
        FieldElement[] inverses = Invert(points);
        for (int i = 0; i < points.Length; i++)
            Set(i / Multiples, i % Multiples, points[i], inverses[i]);
    }

    /// <summary>Made when it is used first; stays as long as the process.</summary>
    public static BaseMultiples Shared => s_shared.Value;

    /// <summary>Half of Y + X, half of Y - X, and dXY of the multiples that the lanes' digits stand for, which are minus eight to eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Find(int step, Vector512<long> digits, Vector512<ulong>* sum, Vector512<ulong>* difference, Vector512<ulong>* product)
    {
        Vector512<ulong>* multiples = _table + (step * StepSize);
        Vector512<ulong> negative = (digits >> 63).AsUInt64(), absolute = Vector512.Abs(digits).AsUInt64();
        Vector512<ulong> zero = Vector512.Equals(absolute, Vector512<ulong>.Zero), lower = Vector512.Create((ulong)uint.MaxValue);
        for (int pair = 0; pair < Pairs; pair++)
        {
            // No multiple stands for the digit zero: its point has X = 0 and Y = 1.
            Vector512<ulong> s = zero & Vector512.Create(Pack(s_half, pair)), d = s, p = default;
            Vector512<ulong>* multiple = multiples + pair;
            for (ulong digit = 1; digit <= Multiples; digit++, multiple += Coordinates * Pairs)
            {
                Vector512<ulong> chosen = Vector512.Equals(absolute, Vector512.Create(digit));
                s |= multiple[0] & chosen;
                d |= multiple[Pairs] & chosen;
                p |= multiple[2 * Pairs] & chosen;
            }

            // The negative of a point has -X.
            Vector512<ulong> swapped = (s ^ d) & negative;
            (s, d) = (s ^ swapped, d ^ swapped);
            (sum[2 * pair], sum[(2 * pair) + 1]) = (s & lower, s >> 32);
            (difference[2 * pair], difference[(2 * pair) + 1]) = (d & lower, d >> 32);
            (product[2 * pair], product[(2 * pair) + 1]) = (p & lower, p >> 32);
        }

        FieldLanes.Negate(negative, product);
    }

    private static EdwardsPoint[] MakePoints()
    {
        EdwardsPoint[] points = new EdwardsPoint[Digits * Multiples];
        EdwardsPoint one = EdwardsPoint.Base;
        for (int i = 0; i < points.Length; i++)
        {
            points[i] = i % Multiples == 0 ? one : points[i - 1] + one;
            if (i % Multiples == Multiples - 1)
                one = points[i] + points[i];
        }

        return points;
    }

    /// <summary>One divided by each Z, out of a single division (Montgomery 1987).</summary>
    private static FieldElement[] Invert(EdwardsPoint[] points)
    {
        FieldElement[] inverses = new FieldElement[points.Length];
        FieldElement product = FieldElement.One;
        for (int i = 0; i < points.Length; i++)
        {
            inverses[i] = product;
            product *= points[i].Z;
        }

        FieldElement rest = product.Invert();
        for (int i = points.Length - 1; i >= 0; i--)
        {
            inverses[i] *= rest;
            rest *= points[i].Z;
        }

        return inverses;
    }

    private void Set(int digit, int multiple, in EdwardsPoint point, in FieldElement inverse)
    {
        FieldElement x = point.X * inverse, y = point.Y * inverse;
        ReadOnlySpan<FieldElement> coordinates = [(y + x) * s_half, (y - x) * s_half, EdwardsPoint.D * x * y];
        int step = digit / FieldLanes.Lanes, lane = digit % FieldLanes.Lanes;
        Vector512<ulong>* at = _table + (step * StepSize) + (multiple * Coordinates * Pairs);
        for (int i = 0; i < Coordinates * Pairs; i++)
            ((ulong*)(at + i))[lane] = Pack(coordinates[i / Pairs].Reduced(), i % Pairs);
    }

    private static ulong Pack(in FieldElement element, int pair)
        => (element[pair] & ((1 << FieldLanes.EvenBits) - 1)) | (element[pair] >> FieldLanes.EvenBits << 32);
}

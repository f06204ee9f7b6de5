using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hyper.Protocol.Cryptography.Avx512;

/// <summary>Eight multipliers, one a lane: their five limbs, then five times each limb but the lowest.</summary>
[InlineArray(2 * Limbs - 1)]
internal struct PolyFactor
{
    public const int Limbs = 5;
    private Vector512<ulong> _first;

    public void Set(int lane, in PolyNumber number)
    {
        ReadOnlySpan<ulong> limbs = [number.L0, number.L1, number.L2, number.L3, number.L4];
        for (int i = 0; i < Limbs; i++)
        {
            this[i] = this[i].WithElement(lane, limbs[i]);
            if (i > 0)
                this[Limbs - 1 + i] = this[Limbs - 1 + i].WithElement(lane, limbs[i] * 5);
        }
    }
}

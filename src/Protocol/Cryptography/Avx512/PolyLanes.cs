using System.Runtime.Intrinsics;
using static System.Runtime.Intrinsics.X86.Avx512F;

namespace Hyper.Protocol.Cryptography.Avx512;

/// <summary>Poly1305 over eight blocks at a time: each lane sums every eighth block, and the last step weighs the lanes.</summary>
internal unsafe struct PolyLanes
{
    public const int StepSize = Lanes * PolyNumber.BlockSize;
    private const int Lanes = 8;

    private Vector512<ulong> _h0, _h1, _h2, _h3, _h4;
    private PolyFactor _step;
    private PolyFactor _weights;
    private int _steps;

    /// <param name="sum">What the blocks before have led to.</param>
    /// <param name="key">The multiplier of one block.</param>
    /// <param name="steps">Steps to come; the result is there after the last.</param>
    public PolyLanes(in PolyNumber sum, in PolyNumber key, int steps)
    {
        // Unpacking two vectors of four blocks each puts the blocks into the lanes in this order.
        ReadOnlySpan<byte> laneOfBlock = [0, 2, 4, 6, 1, 3, 5, 7];
        PolyNumber power = key;
        for (int block = Lanes - 1; block >= 0; block--)
        {
            _weights.Set(laneOfBlock[block], power);
            power = block > 0 ? power * key : power;
        }

        for (int lane = 0; lane < Lanes; lane++)
            _step.Set(lane, power);
        (_h0, _h1, _h2) = (Vector512.CreateScalar(sum.L0), Vector512.CreateScalar(sum.L1), Vector512.CreateScalar(sum.L2));
        (_h3, _h4) = (Vector512.CreateScalar(sum.L3), Vector512.CreateScalar(sum.L4));
        _steps = steps;
    }

    /// <summary>Valid after all steps.</summary>
    public readonly PolyNumber Sum => PolyNumber.Carry(
        Vector512.Sum(_h0), Vector512.Sum(_h1), Vector512.Sum(_h2), Vector512.Sum(_h3), Vector512.Sum(_h4));

    public void Absorb(byte* blocks, int steps)
    {
        _steps -= steps;
        int last = _steps == 0 && steps > 0 ? 1 : 0;
        Absorb(blocks, steps - last, _step);
        Absorb(blocks + ((steps - last) * StepSize), last, _weights);
    }

    private void Absorb(byte* blocks, int steps, in PolyFactor factor)
    {
        (Vector512<ulong> h0, Vector512<ulong> h1, Vector512<ulong> h2, Vector512<ulong> h3, Vector512<ulong> h4) = (_h0, _h1, _h2, _h3, _h4);
        Vector512<uint> r0 = factor[0].AsUInt32(), r1 = factor[1].AsUInt32(), r2 = factor[2].AsUInt32(), r3 = factor[3].AsUInt32();
        Vector512<uint> r4 = factor[4].AsUInt32(), s1 = factor[5].AsUInt32(), s2 = factor[6].AsUInt32(), s3 = factor[7].AsUInt32();
        Vector512<uint> s4 = factor[8].AsUInt32();
        Vector512<ulong> mask = Vector512.Create(PolyNumber.LimbMask), end = Vector512.Create(PolyNumber.BlockEnd);
        for (; steps > 0; steps--, blocks += StepSize)
        {
            Vector512<ulong> front = Vector512.Load((ulong*)blocks), back = Vector512.Load((ulong*)blocks + Lanes);
            Vector512<ulong> low = UnpackLow(front, back), high = UnpackHigh(front, back);
            Vector512<uint> a0 = (h0 + (low & mask)).AsUInt32();
            Vector512<uint> a1 = (h1 + ((low >>> 26) & mask)).AsUInt32();
            Vector512<uint> a2 = (h2 + (((low >>> 52) | (high << 12)) & mask)).AsUInt32();
            Vector512<uint> a3 = (h3 + ((high >>> 14) & mask)).AsUInt32();
            Vector512<uint> a4 = (h4 + ((high >>> 40) | end)).AsUInt32();
            h0 = Multiply(a0, r0) + Multiply(a1, s4) + Multiply(a2, s3) + Multiply(a3, s2) + Multiply(a4, s1);
            h1 = Multiply(a0, r1) + Multiply(a1, r0) + Multiply(a2, s4) + Multiply(a3, s3) + Multiply(a4, s2);
            h2 = Multiply(a0, r2) + Multiply(a1, r1) + Multiply(a2, r0) + Multiply(a3, s4) + Multiply(a4, s3);
            h3 = Multiply(a0, r3) + Multiply(a1, r2) + Multiply(a2, r1) + Multiply(a3, r0) + Multiply(a4, s4);
            h4 = Multiply(a0, r4) + Multiply(a1, r3) + Multiply(a2, r2) + Multiply(a3, r1) + Multiply(a4, r0);

            // Two chains of carries at once; they leave at most one bit too many, which the next product has room for.
            h4 += h3 >>> 26;
            h1 += h0 >>> 26;
            Vector512<ulong> top = h4 >>> 26;
            h2 += h1 >>> 26;
            h0 = (h0 & mask) + top + (top << 2);
            h3 = (h3 & mask) + (h2 >>> 26);
            h1 = (h1 & mask) + (h0 >>> 26);
            h4 = (h4 & mask) + (h3 >>> 26);
            (h0, h2, h3) = (h0 & mask, h2 & mask, h3 & mask);
        }

        (_h0, _h1, _h2, _h3, _h4) = (h0, h1, h2, h3, h4);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hyper.Protocol.Cryptography;

/// <summary>One chunk of four BLAKE2b hashes at a time, in the registers of AVX2.</summary>
internal static unsafe class Blake2bFourLanes
{
    internal const int Count = 4;

    internal static bool IsSupported => Avx2.IsSupported;

    private static Vector256<byte> Right24
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(
            (byte)3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10, 3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10);
    }

    private static Vector256<byte> Right16
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(
            (byte)2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9, 2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9);
    }

    /// <summary>Takes a chunk of each lane into its state.</summary>
    /// <param name="state">Eight words of all lanes, one word after the other.</param>
    /// <param name="chunks">One for each lane.</param>
    /// <param name="counters">Bytes of each lane so far.</param>
    /// <param name="lasts">All ones for a lane that ends here, else 0.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Compress(ulong* state, byte** chunks, ulong* counters, ulong* lasts)
    {
        Vector256<ulong>* m = stackalloc Vector256<ulong>[Blake2bLanes.Words];
        for (int word = 0; word < Blake2bLanes.Words; word += Count)
            Transpose(chunks, word * sizeof(ulong), m + word);
        Vector256<ulong>* h = (Vector256<ulong>*)state;
        ReadOnlySpan<ulong> initial = Blake2bLanes.Initial;
        Vector256<ulong> v0 = h[0], v1 = h[1], v2 = h[2], v3 = h[3], v4 = h[4], v5 = h[5], v6 = h[6], v7 = h[7];
        Vector256<ulong> v8 = Vector256.Create(initial[0]), v9 = Vector256.Create(initial[1]);
        Vector256<ulong> v10 = Vector256.Create(initial[2]), v11 = Vector256.Create(initial[3]);
        Vector256<ulong> v12 = Vector256.Create(initial[4]) ^ Vector256.Load(counters), v13 = Vector256.Create(initial[5]);
        Vector256<ulong> v14 = Vector256.Create(initial[6]) ^ Vector256.Load(lasts), v15 = Vector256.Create(initial[7]);
        fixed (byte* schedule = Blake2bLanes.Schedule)
        {
            for (byte* s = schedule, end = schedule + Blake2bLanes.Schedule.Length; s < end; s += Blake2bLanes.Words)
            {
                Mix(ref v0, ref v4, ref v8, ref v12, m[s[0]], m[s[1]]);
                Mix(ref v1, ref v5, ref v9, ref v13, m[s[2]], m[s[3]]);
                Mix(ref v2, ref v6, ref v10, ref v14, m[s[4]], m[s[5]]);
                Mix(ref v3, ref v7, ref v11, ref v15, m[s[6]], m[s[7]]);
                Mix(ref v0, ref v5, ref v10, ref v15, m[s[8]], m[s[9]]);
                Mix(ref v1, ref v6, ref v11, ref v12, m[s[10]], m[s[11]]);
                Mix(ref v2, ref v7, ref v8, ref v13, m[s[12]], m[s[13]]);
                Mix(ref v3, ref v4, ref v9, ref v14, m[s[14]], m[s[15]]);
            }
        }

        (h[0], h[1], h[2], h[3]) = (h[0] ^ v0 ^ v8, h[1] ^ v1 ^ v9, h[2] ^ v2 ^ v10, h[3] ^ v3 ^ v11);
        (h[4], h[5], h[6], h[7]) = (h[4] ^ v4 ^ v12, h[5] ^ v5 ^ v13, h[6] ^ v6 ^ v14, h[7] ^ v7 ^ v15);
    }

    /// <summary>Four words of every lane, turned so that each vector holds one word of all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(byte** chunks, int offset, Vector256<ulong>* words)
    {
        Vector256<ulong> a = Load(chunks[0] + offset), b = Load(chunks[1] + offset), c = Load(chunks[2] + offset), d = Load(chunks[3] + offset);
        Vector256<ulong> ab02 = Avx2.UnpackLow(a, b), ab13 = Avx2.UnpackHigh(a, b), cd02 = Avx2.UnpackLow(c, d), cd13 = Avx2.UnpackHigh(c, d);
        words[0] = Avx2.Permute2x128(ab02, cd02, 0x20);
        words[1] = Avx2.Permute2x128(ab13, cd13, 0x20);
        words[2] = Avx2.Permute2x128(ab02, cd02, 0x31);
        words[3] = Avx2.Permute2x128(ab13, cd13, 0x31);
    }

    private static Vector256<ulong> Load(byte* from) => Vector256.Load((ulong*)from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(
        ref Vector256<ulong> a, ref Vector256<ulong> b, ref Vector256<ulong> c, ref Vector256<ulong> d, Vector256<ulong> x, Vector256<ulong> y)
    {
        a = a + b + x;
        d = Avx2.Shuffle((d ^ a).AsUInt32(), 0b_10_11_00_01).AsUInt64();
        c += d;
        b = Avx2.Shuffle((b ^ c).AsByte(), Right24).AsUInt64();
        a = a + b + y;
        d = Avx2.Shuffle((d ^ a).AsByte(), Right16).AsUInt64();
        c += d;
        b ^= c;
        b = (b >>> 63) | (b + b);
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hyper.Protocol.Cryptography;

/// <summary>One chunk of eight BLAKE2b hashes at a time, in the registers of AVX-512.</summary>
internal static unsafe class Blake2bEightLanes
{
    internal const int Count = 8;

    internal static bool IsSupported => Avx512F.IsSupported;

    /// <summary>Takes a chunk of each lane into its state.</summary>
    /// <param name="state">Eight words of all lanes, one word after the other.</param>
    /// <param name="chunks">One for each lane.</param>
    /// <param name="counters">Bytes of each lane so far.</param>
    /// <param name="lasts">All ones for a lane that ends here, else 0.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Compress(ulong* state, byte** chunks, ulong* counters, ulong* lasts)
    {
        Vector512<ulong>* message = stackalloc Vector512<ulong>[Blake2bLanes.Words];
        Transpose(chunks, 0, message);
        Transpose(chunks, 64, message + 8);
        Compress((Vector512<ulong>*)state, message, Vector512.Load(counters), Vector512.Load(lasts));
    }

    /// <summary>Half a chunk of every lane, turned so that each vector holds one word of all lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(byte** chunks, int offset, Vector512<ulong>* words)
    {
        Vector512<ulong> a = Load(chunks[0] + offset), b = Load(chunks[1] + offset), c = Load(chunks[2] + offset), d = Load(chunks[3] + offset);
        Vector512<ulong> e = Load(chunks[4] + offset), f = Load(chunks[5] + offset), g = Load(chunks[6] + offset), h = Load(chunks[7] + offset);
        Vector512<ulong> ab0 = Avx512F.UnpackLow(a, b), ab1 = Avx512F.UnpackHigh(a, b), cd0 = Avx512F.UnpackLow(c, d), cd1 = Avx512F.UnpackHigh(c, d);
        Vector512<ulong> ef0 = Avx512F.UnpackLow(e, f), ef1 = Avx512F.UnpackHigh(e, f), gh0 = Avx512F.UnpackLow(g, h), gh1 = Avx512F.UnpackHigh(g, h);
        Turn(ab0, cd0, ef0, gh0, words);
        Turn(ab1, cd1, ef1, gh1, words + 1);
    }

    /// <summary>Four pairs of lanes, each with words 0, 2, 4 and 6 of its half (or 1, 3, 5 and 7), into every second vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(Vector512<ulong> ab, Vector512<ulong> cd, Vector512<ulong> ef, Vector512<ulong> gh, Vector512<ulong>* words)
    {
        Vector512<ulong> front02 = Avx512F.Shuffle4x128(ab, cd, 0b_10_00_10_00), front46 = Avx512F.Shuffle4x128(ab, cd, 0b_11_01_11_01);
        Vector512<ulong> back02 = Avx512F.Shuffle4x128(ef, gh, 0b_10_00_10_00), back46 = Avx512F.Shuffle4x128(ef, gh, 0b_11_01_11_01);
        words[0] = Avx512F.Shuffle4x128(front02, back02, 0b_10_00_10_00);
        words[4] = Avx512F.Shuffle4x128(front02, back02, 0b_11_01_11_01);
        words[2] = Avx512F.Shuffle4x128(front46, back46, 0b_10_00_10_00);
        words[6] = Avx512F.Shuffle4x128(front46, back46, 0b_11_01_11_01);
    }

    private static Vector512<ulong> Load(byte* from) => Avx512F.LoadVector512((ulong*)from);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compress(Vector512<ulong>* h, Vector512<ulong>* m, Vector512<ulong> counter, Vector512<ulong> last)
    {
        Vector512<ulong> v0 = h[0], v1 = h[1], v2 = h[2], v3 = h[3], v4 = h[4], v5 = h[5], v6 = h[6], v7 = h[7];
        Vector512<ulong> v8 = Vector512.Create(0x6a09e667f3bcc908UL), v9 = Vector512.Create(0xbb67ae8584caa73bUL);
        Vector512<ulong> v10 = Vector512.Create(0x3c6ef372fe94f82bUL), v11 = Vector512.Create(0xa54ff53a5f1d36f1UL);
        Vector512<ulong> v12 = Vector512.Create(0x510e527fade682d1UL) ^ counter, v13 = Vector512.Create(0x9b05688c2b3e6c1fUL);
        Vector512<ulong> v14 = Vector512.Create(0x1f83d9abfb41bd6bUL) ^ last, v15 = Vector512.Create(0x5be0cd19137e2179UL);
        fixed (byte* schedule = Blake2bLanes.Schedule)
        {
            for (byte* s = schedule, end = schedule + Blake2bLanes.Schedule.Length; s < end; s += Blake2bLanes.Words)
            {
                Mix(
                    ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7,
                    ref v8, ref v9, ref v10, ref v11, ref v12, ref v13, ref v14, ref v15, m, s, 32, 24);
                Mix(
                    ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7,
                    ref v8, ref v9, ref v10, ref v11, ref v12, ref v13, ref v14, ref v15, m, s + 1, 16, 63);
                Mix(
                    ref v0, ref v1, ref v2, ref v3, ref v5, ref v6, ref v7, ref v4,
                    ref v10, ref v11, ref v8, ref v9, ref v15, ref v12, ref v13, ref v14, m, s + 8, 32, 24);
                Mix(
                    ref v0, ref v1, ref v2, ref v3, ref v5, ref v6, ref v7, ref v4,
                    ref v10, ref v11, ref v8, ref v9, ref v15, ref v12, ref v13, ref v14, m, s + 9, 16, 63);
            }
        }

        h[0] ^= v0 ^ v8;
        h[1] ^= v1 ^ v9;
        h[2] ^= v2 ^ v10;
        h[3] ^= v3 ^ v11;
        h[4] ^= v4 ^ v12;
        h[5] ^= v5 ^ v13;
        h[6] ^= v6 ^ v14;
        h[7] ^= v7 ^ v15;
    }

    // Half of four mixings, step by step: in each of them every step waits for the one before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(
        ref Vector512<ulong> a0, ref Vector512<ulong> a1, ref Vector512<ulong> a2, ref Vector512<ulong> a3,
        ref Vector512<ulong> b0, ref Vector512<ulong> b1, ref Vector512<ulong> b2, ref Vector512<ulong> b3,
        ref Vector512<ulong> c0, ref Vector512<ulong> c1, ref Vector512<ulong> c2, ref Vector512<ulong> c3,
        ref Vector512<ulong> d0, ref Vector512<ulong> d1, ref Vector512<ulong> d2, ref Vector512<ulong> d3,
        Vector512<ulong>* m, byte* s, [ConstantExpected] byte first, [ConstantExpected] byte second)
    {
        a0 += m[s[0]];
        a1 += m[s[2]];
        a2 += m[s[4]];
        a3 += m[s[6]];
        a0 += b0;
        a1 += b1;
        a2 += b2;
        a3 += b3;
        d0 = Avx512F.RotateRight(d0 ^ a0, first);
        d1 = Avx512F.RotateRight(d1 ^ a1, first);
        d2 = Avx512F.RotateRight(d2 ^ a2, first);
        d3 = Avx512F.RotateRight(d3 ^ a3, first);
        c0 += d0;
        c1 += d1;
        c2 += d2;
        c3 += d3;
        b0 = Avx512F.RotateRight(b0 ^ c0, second);
        b1 = Avx512F.RotateRight(b1 ^ c1, second);
        b2 = Avx512F.RotateRight(b2 ^ c2, second);
        b3 = Avx512F.RotateRight(b3 ^ c3, second);
    }
}

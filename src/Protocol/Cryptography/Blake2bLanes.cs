using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Cryptography;

/// <summary>Eight unkeyed 256-bit BLAKE2b hashes side by side, one in each 64-bit lane of the processor's widest registers.</summary>
internal static unsafe class Blake2bLanes
{
    internal const int Count = 8;
    internal const int ChunkSize = 128;
    private const int Words = ChunkSize / sizeof(ulong);

    // Unkeyed, 32 bytes of output, sequential mode.
    private const ulong Parameters = 0x01010020;

    internal static bool IsSupported => Avx512F.IsSupported;

    private static ReadOnlySpan<ulong> Initial =>
    [
        0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
        0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
    ];

    private static ReadOnlySpan<byte> Schedule =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
        11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
        7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
        9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
        2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
        12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
        13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
        6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
        10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
    ];

    /// <summary>Hashes a prefix and an input in each lane; lanes may be of any length, but as many chunks are hashed as the longest has.</summary>
    /// <param name="prefixes">As many bytes for each lane as the prefix has, back to back.</param>
    /// <param name="prefixLength">Less than a chunk.</param>
    /// <param name="inputs">One for each lane.</param>
    /// <param name="lengths">Bytes of each input.</param>
    /// <param name="hashes">One for each lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Hash(byte* prefixes, int prefixLength, byte** inputs, int* lengths, Span<Bytes32> hashes)
    {
        ulong* counters = stackalloc ulong[Count], lasts = stackalloc ulong[Count];
        byte* edge = stackalloc byte[Count * ChunkSize];
        byte** chunks = stackalloc byte*[Count];
        Vector512<ulong>* state = stackalloc Vector512<ulong>[8];
        Vector512<ulong>* message = stackalloc Vector512<ulong>[Words];
        for (int i = 0; i < 8; i++)
            state[i] = Vector512.Create(i == 0 ? Initial[0] ^ Parameters : Initial[i]);
        (long shortest, long longest) = Extremes(prefixLength, lengths);
        for (long start = 0; start < longest; start += ChunkSize)
        {
            bool isWhole = start >= prefixLength && start + ChunkSize < shortest;
            for (int lane = 0; lane < Count; lane++)
            {
                long total = prefixLength + lengths[lane], at = start - prefixLength;
                bool isLast = total <= start + ChunkSize;
                counters[lane] = (ulong)Math.Min(total, start + ChunkSize);
                lasts[lane] = isLast ? ulong.MaxValue : 0;
                chunks[lane] = isWhole || (at >= 0 && !isLast) ? inputs[lane] + at
                    : Edge(edge + lane * ChunkSize, prefixes + lane * prefixLength, prefixLength, inputs[lane], lengths[lane], start);
            }

            Transpose(chunks, 0, message);
            Transpose(chunks, 64, message + 8);
            Compress(state, message, Vector512.Load(counters), Vector512.Load(lasts));
            for (int lane = 0; lane < Count && !isWhole; lane++)
                if (lasts[lane] != 0 && prefixLength + (long)lengths[lane] > start)
                    hashes[lane] = Take((ulong*)state, lane);
        }
    }

    private static (long Shortest, long Longest) Extremes(int prefixLength, int* lengths)
    {
        int shortest = int.MaxValue, longest = 0;
        for (int lane = 0; lane < Count; lane++)
        {
            shortest = Math.Min(shortest, lengths[lane]);
            longest = Math.Max(longest, lengths[lane]);
        }

        return (prefixLength + (long)shortest, prefixLength + (long)longest);
    }

    /// <summary>A chunk that begins in the prefix or ends behind the input, made up of both and zeros; all zeros for a lane that has ended.</summary>
    private static byte* Edge(byte* chunk, byte* prefix, int prefixLength, byte* input, int length, long start)
    {
        Span<byte> rest = new(chunk, ChunkSize);
        if (start == 0)
        {
            new ReadOnlySpan<byte>(prefix, prefixLength).CopyTo(rest);
            rest = rest[prefixLength..];
        }

        long from = Math.Max(0, start - prefixLength);
        int count = (int)Math.Clamp(length - from, 0, rest.Length);
        if (count > 0)
            new ReadOnlySpan<byte>(input + from, count).CopyTo(rest);
        rest[count..].Clear();
        return chunk;
    }

    private static Bytes32 Take(ulong* state, int lane)
    {
        ulong* words = stackalloc ulong[4] { state[lane], state[Count + lane], state[2 * Count + lane], state[3 * Count + lane] };
        return new Bytes32(new ReadOnlySpan<byte>(words, Bytes32.Size));
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
        fixed (byte* schedule = Schedule)
        {
            for (byte* s = schedule, end = schedule + 12 * Words; s < end; s += Words)
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

        h[0] ^= v0 ^ v8;
        h[1] ^= v1 ^ v9;
        h[2] ^= v2 ^ v10;
        h[3] ^= v3 ^ v11;
        h[4] ^= v4 ^ v12;
        h[5] ^= v5 ^ v13;
        h[6] ^= v6 ^ v14;
        h[7] ^= v7 ^ v15;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(
        ref Vector512<ulong> a, ref Vector512<ulong> b, ref Vector512<ulong> c, ref Vector512<ulong> d, Vector512<ulong> x, Vector512<ulong> y)
    {
        a = a + b + x;
        d = Avx512F.RotateRight(d ^ a, 32);
        c += d;
        b = Avx512F.RotateRight(b ^ c, 24);
        a = a + b + y;
        d = Avx512F.RotateRight(d ^ a, 16);
        c += d;
        b = Avx512F.RotateRight(b ^ c, 63);
    }
}

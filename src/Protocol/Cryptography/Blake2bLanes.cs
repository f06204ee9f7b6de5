using System.Runtime.CompilerServices;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Cryptography;

/// <summary>Unkeyed 256-bit BLAKE2b hashes side by side, one in each 64-bit lane of the processor's widest registers.</summary>
internal static unsafe class Blake2bLanes
{
    internal const int MostLanes = Blake2bEightLanes.Count;
    internal const int ChunkSize = 128;
    internal const int Words = ChunkSize / sizeof(ulong);
    private const int StateWords = 8;

    // Unkeyed, 32 bytes of output, sequential mode.
    private const ulong Parameters = 0x01010020;

    /// <summary>Lanes of this processor; 0 when the native hash of one input after the other is faster.</summary>
    internal static int Count
        => Blake2bEightLanes.IsSupported ? Blake2bEightLanes.Count : Blake2bFourLanes.IsSupported ? Blake2bFourLanes.Count : 0;

    internal static ReadOnlySpan<ulong> Initial =>
    [
        0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
        0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
    ];

    /// <summary>Which two words each mix of each of the twelve rounds takes.</summary>
    internal static ReadOnlySpan<byte> Schedule =>
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
    /// <param name="count">Four lanes or eight; the processor must have them.</param>
    /// <param name="prefixes">As many bytes for each lane as the prefix has, back to back.</param>
    /// <param name="prefixLength">Less than a chunk.</param>
    /// <param name="inputs">One for each lane.</param>
    /// <param name="lengths">Bytes of each input.</param>
    /// <param name="hashes">One for each lane.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Hash(int count, byte* prefixes, int prefixLength, byte** inputs, int* lengths, Span<Bytes32> hashes)
    {
        ulong* counters = stackalloc ulong[MostLanes], lasts = stackalloc ulong[MostLanes];
        byte* edge = stackalloc byte[MostLanes * ChunkSize];
        byte** chunks = stackalloc byte*[MostLanes];
        ulong* state = stackalloc ulong[StateWords * MostLanes];
        for (int word = 0; word < StateWords; word++)
            new Span<ulong>(state + word * count, count).Fill(word == 0 ? Initial[0] ^ Parameters : Initial[word]);
        (long shortest, long longest) = Extremes(count, prefixLength, lengths);
        for (long start = 0; start < longest; start += ChunkSize)
        {
            bool isWhole = start >= prefixLength && start + ChunkSize < shortest;
            for (int lane = 0; lane < count; lane++)
            {
                long total = prefixLength + lengths[lane], at = start - prefixLength;
                bool isLast = total <= start + ChunkSize;
                counters[lane] = (ulong)Math.Min(total, start + ChunkSize);
                lasts[lane] = isLast ? ulong.MaxValue : 0;
                chunks[lane] = isWhole || (at >= 0 && !isLast) ? inputs[lane] + at
                    : Edge(edge + lane * ChunkSize, prefixes + lane * prefixLength, prefixLength, inputs[lane], lengths[lane], start);
            }

            if (count == Blake2bEightLanes.Count)
                Blake2bEightLanes.Compress(state, chunks, counters, lasts);
            else
                Blake2bFourLanes.Compress(state, chunks, counters, lasts);
            for (int lane = 0; lane < count && !isWhole; lane++)
                if (lasts[lane] != 0 && prefixLength + (long)lengths[lane] > start)
                    hashes[lane] = Take(state, lane, count);
        }
    }

    private static (long Shortest, long Longest) Extremes(int count, int prefixLength, int* lengths)
    {
        int shortest = int.MaxValue, longest = 0;
        for (int lane = 0; lane < count; lane++)
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

    private static Bytes32 Take(ulong* state, int lane, int count)
    {
        ulong* words = stackalloc ulong[4] { state[lane], state[count + lane], state[2 * count + lane], state[3 * count + lane] };
        return new Bytes32(new ReadOnlySpan<byte>(words, Bytes32.Size));
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hyper.Protocol.Cryptography.Avx512;

/// <summary>ChaCha20 over sixteen blocks at a time: a vector for each word of the state, a lane for each block.</summary>
internal static unsafe class ChaChaBlocks
{
    public const int BlockSize = 64;
    public const int StepSize = 16 * BlockSize;
    public const int Words = 16;
    private const int DoubleRounds = 10;
    private const int CounterWord = 12;

    /// <summary>The state of the first block: four constant words, the key's eight, a counter of zero, the nonce's three.</summary>
    public static void SetState(uint* state, byte* key, byte* nonce)
    {
        "expand 32-byte k"u8.CopyTo(new Span<byte>(state, 4 * sizeof(uint)));
        new ReadOnlySpan<byte>(key, 8 * sizeof(uint)).CopyTo(new Span<byte>(state + 4, 8 * sizeof(uint)));
        state[CounterWord] = 0;
        new ReadOnlySpan<byte>(nonce, 3 * sizeof(uint)).CopyTo(new Span<byte>(state + CounterWord + 1, 3 * sizeof(uint)));
    }

    /// <summary>Adds the key stream to so many steps of sixteen blocks; source and destination may be the same.</summary>
    /// <param name="state">The first block's sixteen words; its counter moves on.</param>
    public static void Xor(uint* state, byte* source, byte* destination, int steps)
    {
        for (; steps > 0; steps--, source += StepSize, destination += StepSize)
        {
            XorStep(state, source, destination);
            state[CounterWord] += StepSize / BlockSize;
        }
    }

    private static void XorStep(uint* state, byte* source, byte* destination)
    {
        Vector512<uint> counters = Vector512.Create(state[CounterWord]) + Vector512<uint>.Indices;
        Vector512<uint> x0 = Word(state, 0), x1 = Word(state, 1), x2 = Word(state, 2), x3 = Word(state, 3);
        Vector512<uint> x4 = Word(state, 4), x5 = Word(state, 5), x6 = Word(state, 6), x7 = Word(state, 7);
        Vector512<uint> x8 = Word(state, 8), x9 = Word(state, 9), x10 = Word(state, 10), x11 = Word(state, 11);
        Vector512<uint> x12 = counters, x13 = Word(state, 13), x14 = Word(state, 14), x15 = Word(state, 15);
        for (int i = 0; i < DoubleRounds; i++)
        {
            Quarter(ref x0, ref x4, ref x8, ref x12);
            Quarter(ref x1, ref x5, ref x9, ref x13);
            Quarter(ref x2, ref x6, ref x10, ref x14);
            Quarter(ref x3, ref x7, ref x11, ref x15);
            Quarter(ref x0, ref x5, ref x10, ref x15);
            Quarter(ref x1, ref x6, ref x11, ref x12);
            Quarter(ref x2, ref x7, ref x8, ref x13);
            Quarter(ref x3, ref x4, ref x9, ref x14);
        }

        Transpose(ref x0, ref x1, ref x2, ref x3, Word(state, 0), Word(state, 1), Word(state, 2), Word(state, 3));
        Transpose(ref x4, ref x5, ref x6, ref x7, Word(state, 4), Word(state, 5), Word(state, 6), Word(state, 7));
        Transpose(ref x8, ref x9, ref x10, ref x11, Word(state, 8), Word(state, 9), Word(state, 10), Word(state, 11));
        Transpose(ref x12, ref x13, ref x14, ref x15, counters, Word(state, 13), Word(state, 14), Word(state, 15));
        XorBlocks(x0, x4, x8, x12, source, destination);
        XorBlocks(x1, x5, x9, x13, source + BlockSize, destination + BlockSize);
        XorBlocks(x2, x6, x10, x14, source + (2 * BlockSize), destination + (2 * BlockSize));
        XorBlocks(x3, x7, x11, x15, source + (3 * BlockSize), destination + (3 * BlockSize));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Word(uint* state, int index) => Vector512.Create(state[index]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(ref Vector512<uint> a, ref Vector512<uint> b, ref Vector512<uint> c, ref Vector512<uint> d)
    {
        a += b;
        d = Avx512F.RotateLeft(d ^ a, 16);
        c += d;
        b = Avx512F.RotateLeft(b ^ c, 12);
        a += b;
        d = Avx512F.RotateLeft(d ^ a, 8);
        c += d;
        b = Avx512F.RotateLeft(b ^ c, 7);
    }

    /// <summary>Adds the initial words; afterwards each 128 bits hold four words of one block, every fourth block in one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
        ref Vector512<uint> a, ref Vector512<uint> b, ref Vector512<uint> c, ref Vector512<uint> d,
        Vector512<uint> firstA, Vector512<uint> firstB, Vector512<uint> firstC, Vector512<uint> firstD)
    {
        (a, b, c, d) = (a + firstA, b + firstB, c + firstC, d + firstD);
        Vector512<ulong> abLow = Avx512F.UnpackLow(a, b).AsUInt64(), abHigh = Avx512F.UnpackHigh(a, b).AsUInt64();
        Vector512<ulong> cdLow = Avx512F.UnpackLow(c, d).AsUInt64(), cdHigh = Avx512F.UnpackHigh(c, d).AsUInt64();
        a = Avx512F.UnpackLow(abLow, cdLow).AsUInt32();
        b = Avx512F.UnpackHigh(abLow, cdLow).AsUInt32();
        c = Avx512F.UnpackLow(abHigh, cdHigh).AsUInt32();
        d = Avx512F.UnpackHigh(abHigh, cdHigh).AsUInt32();
    }

    /// <summary>Puts the quarters of four blocks together, which lie four blocks apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void XorBlocks(
        Vector512<uint> a, Vector512<uint> b, Vector512<uint> c, Vector512<uint> d, byte* source, byte* destination)
    {
        const int Apart = 4 * BlockSize / sizeof(uint);
        Vector512<uint> abFront = Avx512F.Shuffle4x128(a, b, 0x44), abBack = Avx512F.Shuffle4x128(a, b, 0xee);
        Vector512<uint> cdFront = Avx512F.Shuffle4x128(c, d, 0x44), cdBack = Avx512F.Shuffle4x128(c, d, 0xee);
        uint* from = (uint*)source, to = (uint*)destination;
        (Avx512F.Shuffle4x128(abFront, cdFront, 0x88) ^ Vector512.Load(from)).Store(to);
        (Avx512F.Shuffle4x128(abFront, cdFront, 0xdd) ^ Vector512.Load(from + Apart)).Store(to + Apart);
        (Avx512F.Shuffle4x128(abBack, cdBack, 0x88) ^ Vector512.Load(from + (2 * Apart))).Store(to + (2 * Apart));
        (Avx512F.Shuffle4x128(abBack, cdBack, 0xdd) ^ Vector512.Load(from + (3 * Apart))).Store(to + (3 * Apart));
    }
}

using System.Buffers.Binary;

namespace Hyper.Protocol.Cryptography.Avx512;

/// <summary>The MAC of one secretstream message: Poly1305 over the block of the tag, the encrypted message and their lengths.</summary>
internal unsafe struct FrameMac
{
    public const int Size = 16;
    private const int KeyHalf = 16;

    // A rest too short for a step, the padding, both lengths, and room to mark the end of the last block.
    private const int LongestEnd = PolyLanes.StepSize + (3 * PolyNumber.BlockSize);

    private readonly PolyNumber _key;
    private readonly UInt128 _pad;
    private readonly int _length;
    private PolyLanes _lanes;

    /// <param name="key">32 bytes.</param>
    /// <param name="tagBlock">The encrypted block with the tag.</param>
    /// <param name="length">Length of the message.</param>
    public FrameMac(byte* key, byte* tagBlock, int length)
    {
        _key = PolyNumber.ReadKey(new ReadOnlySpan<byte>(key, KeyHalf));
        _pad = BinaryPrimitives.ReadUInt128LittleEndian(new ReadOnlySpan<byte>(key + KeyHalf, KeyHalf));
        _length = length;
        PolyNumber sum = Absorb(default, tagBlock, ChaChaBlocks.BlockSize);
        _lanes = new PolyLanes(sum, _key, length / PolyLanes.StepSize);
    }

    /// <summary>Takes part of the message, whose length divides into steps.</summary>
    public void Absorb(byte* bytes, int length) => _lanes.Absorb(bytes, length / PolyLanes.StepSize);

    /// <summary>Takes the last part and writes the MAC.</summary>
    public void Finish(byte* bytes, int length, byte* mac)
    {
        int steps = length / PolyLanes.StepSize;
        _lanes.Absorb(bytes, steps);
        int done = steps * PolyLanes.StepSize;
        byte* end = stackalloc byte[LongestEnd];
        Span<byte> rest = new(end, LongestEnd);
        rest.Clear();
        new ReadOnlySpan<byte>(bytes + done, length - done).CopyTo(rest);

        // Upstream pads by the rest of the length, not up to a whole block, so the lengths need not begin with one.
        int used = length - done + (_length % PolyNumber.BlockSize) + sizeof(ulong);
        BinaryPrimitives.WriteUInt64LittleEndian(rest[used..], (ulong)(ChaChaBlocks.BlockSize + _length));
        used += sizeof(ulong);
        PolyNumber sum = Absorb(_lanes.Sum, end, used / PolyNumber.BlockSize * PolyNumber.BlockSize);
        if (used % PolyNumber.BlockSize > 0)
        {
            rest[used] = 1;
            sum = (sum + PolyNumber.Read(rest[(used / PolyNumber.BlockSize * PolyNumber.BlockSize)..], 0)) * _key;
        }

        sum.WriteTag(_pad, new Span<byte>(mac, Size));
    }

    private readonly PolyNumber Absorb(PolyNumber sum, byte* blocks, int length)
    {
        for (; length > 0; length -= PolyNumber.BlockSize, blocks += PolyNumber.BlockSize)
            sum = (sum + PolyNumber.Read(new ReadOnlySpan<byte>(blocks, PolyNumber.BlockSize), PolyNumber.BlockEnd)) * _key;
        return sum;
    }
}

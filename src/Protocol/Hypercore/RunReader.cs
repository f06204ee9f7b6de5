using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.Hypercore;

/// <summary>Reads short blocks that follow each other, as peers ask for them, in one piece.</summary>
internal sealed class RunReader(IRandomAccess data, IMerkleNodes nodes, PendingBlocks pending)
{
    // Longer pieces are collected rarely and keep more alive than is sent soon.
    private const int LongestRun = 64 * 1024;
    private const int MostBlocks = 64;

    /// <summary>Reads as many of the blocks as stand together; answers how many, none when one alone would be read.</summary>
    /// <param name="blocks">Stored blocks in any order.</param>
    /// <param name="offset">Where the first one stands in the data file.</param>
    /// <param name="values">The bytes of those that were read.</param>
    internal int Read(ReadOnlySpan<long> blocks, long offset, Span<ReadOnlyMemory<byte>> values)
    {
        Span<int> lengths = stackalloc int[MostBlocks];
        int count = Measure(blocks, lengths);
        if (count < 2)
            return 0;
        int total = 0;
        foreach (int length in lengths[..count])
            total += length;
        byte[] bytes = GC.AllocateUninitializedArray<byte>(total);
        if (data.Read(offset, bytes) != total)
            return 0;
        int at = 0;
        for (int i = 0; i < count; i++)
        {
            values[i] = bytes.AsMemory(at, lengths[i]);
            at += lengths[i];
        }

        return count;
    }

    /// <summary>How many blocks from the first one on can be read together, and their lengths.</summary>
    private int Measure(ReadOnlySpan<long> blocks, Span<int> lengths)
    {
        int count = 0;
        for (long total = 0; count < blocks.Length && count < lengths.Length && blocks[count] == blocks[0] + count; count++)
        {
            if (pending.TryGet(blocks[count], out _) || !nodes.TryGet(2 * blocks[count], out MerkleNode leaf)
                || leaf.ByteLength < 0 || leaf.ByteLength > LongestRun - total)
                break;
            lengths[count] = (int)leaf.ByteLength;
            total += leaf.ByteLength;
        }

        return count;
    }
}

namespace Hyper.Protocol.Hypercore.Files;

/// <summary>Consecutive blocks as writes of the data file: short ones joined, long ones as they are.</summary>
internal static class BlockWrites
{
    // Longer arrays live where they are collected rarely, and their memory is new to the processor every time.
    internal const int LongestJoined = 64 * 1024;

    // A longer write gains less from company than the copy costs.
    internal const int LongestCopied = 16 * 1024;

    internal static IReadOnlyList<FileWrite> Of(long offset, IReadOnlyList<ReadOnlyMemory<byte>> blocks)
    {
        List<FileWrite> writes = [];
        for (int start = 0; start < blocks.Count;)
        {
            int end = start + 1, length = blocks[start].Length;
            while (end < blocks.Count && blocks[start].Length <= LongestCopied && blocks[end].Length <= LongestCopied
                && length + blocks[end].Length <= LongestJoined)
                length += blocks[end++].Length;
            writes.Add(new FileWrite(CoreFile.Data, offset, end == start + 1 ? blocks[start] : Join(blocks, start, end, length)));
            offset += length;
            start = end;
        }

        return writes;
    }

    private static byte[] Join(IReadOnlyList<ReadOnlyMemory<byte>> blocks, int start, int end, int length)
    {
        byte[] joined = GC.AllocateUninitializedArray<byte>(length);
        Span<byte> rest = joined;
        for (int i = start; i < end; i++)
        {
            blocks[i].Span.CopyTo(rest);
            rest = rest[blocks[i].Length..];
        }

        return joined;
    }
}

namespace Hyper.Protocol.Hypercore.Files;

/// <summary>Consecutive blocks as writes of the data file: short ones together, long ones alone.</summary>
/// <param name="Start">Where the first byte goes.</param>
/// <param name="End">Behind the last byte.</param>
/// <param name="Operations">In order of place.</param>
internal sealed record BlockWrites(long Start, long End, IReadOnlyList<FileOperation> Operations)
{
    // A longer write gains less from company than the copy costs.
    internal const int LongestCopied = 16 * 1024;

    internal static BlockWrites Of(long offset, ReadOnlyMemory<byte> block)
        => new(offset, offset + block.Length, [new FileWrite(CoreFile.Data, offset, block)]);

    internal static BlockWrites Of(long offset, IReadOnlyList<ReadOnlyMemory<byte>> blocks)
    {
        if (blocks.Count == 1)
            return Of(offset, blocks[0]);
        List<FileOperation> writes = [];
        ReadOnlyMemory<byte>[] parts = blocks as ReadOnlyMemory<byte>[] ?? [.. blocks];
        long at = offset;
        for (int start = 0; start < parts.Length;)
        {
            int end = start + 1;
            long length = parts[start].Length;
            while (end < parts.Length && parts[start].Length <= LongestCopied && parts[end].Length <= LongestCopied)
                length += parts[end++].Length;
            writes.Add(end == start + 1 ? new FileWrite(CoreFile.Data, at, parts[start])
                : new FileGather(CoreFile.Data, at, new ArraySegment<ReadOnlyMemory<byte>>(parts, start, end - start)));
            at += length;
            start = end;
        }

        return new BlockWrites(offset, at, writes);
    }
}

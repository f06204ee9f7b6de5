using System.Buffers.Binary;
using Hyper.Protocol.Hypercore.Files;

namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>Nodes as writes of the tree file, neighbours in one.</summary>
internal static class NodeWrites
{
    // What is written together stays below the size from which on arrays are collected rarely.
    private const int LongestRun = 1536;

    internal static IEnumerable<FileWrite> Of(NodePages.Page[] pages)
    {
        int left = 0;
        foreach (NodePages.Page page in pages)
            left += page.Count;
        Memory<byte> free = default;
        long first = 0;
        int count = 0;
        foreach (NodePages.Page page in pages)
        {
            foreach (int at in page)
            {
                bool full = (count + 1) * MerkleNode.StoredSize > free.Length;
                if (count > 0 && (full || page.Nodes[at].Index != first + count))
                    yield return Take(ref free, first, ref count);
                if (count == 0)
                    first = page.Nodes[at].Index;
                if (free.IsEmpty)
                    free = GC.AllocateUninitializedArray<byte>(Math.Min(left, LongestRun) * MerkleNode.StoredSize);
                Encode(page.Nodes[at], free.Span[(count++ * MerkleNode.StoredSize)..]);
                left--;
            }
        }

        if (count > 0)
            yield return Take(ref free, first, ref count);
    }

    private static FileWrite Take(ref Memory<byte> free, long first, ref int count)
    {
        int length = count * MerkleNode.StoredSize;
        FileWrite write = new(CoreFile.Tree, first * MerkleNode.StoredSize, free[..length]);
        free = free[length..];
        count = 0;
        return write;
    }

    private static void Encode(in MerkleNode node, Span<byte> slot)
    {
        BinaryPrimitives.WriteInt64LittleEndian(slot, node.ByteLength);
        node.Hash.CopyTo(slot[8..]);
    }
}

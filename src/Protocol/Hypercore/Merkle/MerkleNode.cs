using System.Runtime.InteropServices;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>A tree node: its flat-tree index, the bytes of all blocks below it, and its hash.</summary>
public readonly record struct MerkleNode(long Index, long ByteLength, Bytes32 Hash)
{
    /// <summary>The smallest encoding: one byte each for index and size, then the hash.</summary>
    public const int MinEncodedSize = 34;

    /// <summary>The encoding of a node of a core below 4 GB: five bytes each for index and size, then the hash.</summary>
    internal const int MaxUsualSize = 42;

    /// <summary>Bytes of a node in the tree file.</summary>
    public const int StoredSize = 40;

    public void Encode(CompactWriter writer) => writer.UInt((ulong)Index).UInt((ulong)ByteLength).Fixed32(Hash);

    public static bool TryDecode(ref CompactReader reader, out MerkleNode node)
    {
        bool read = reader.TryUInt(out ulong index) & reader.TryUInt(out ulong size) & reader.TryFixed32(out Bytes32 hash);
        node = new MerkleNode((long)index, (long)size, hash);
        return read;
    }

    /// <summary>A count, then the nodes.</summary>
    public static void EncodeList(CompactWriter writer, IReadOnlyList<MerkleNode> nodes)
    {
        writer.UInt((ulong)nodes.Count);
        if (nodes is List<MerkleNode> list)
        {
            foreach (ref readonly MerkleNode node in CollectionsMarshal.AsSpan(list))
                node.Encode(writer);
            return;
        }

        for (int i = 0; i < nodes.Count; i++)
            nodes[i].Encode(writer);
    }

    /// <summary>Refuses a count that the remaining bytes cannot hold before it allocates.</summary>
    public static bool TryDecodeList(ref CompactReader reader, out MerkleNode[] nodes)
    {
        nodes = [];
        if (!reader.TryUInt(out ulong count) || count > (ulong)(reader.RemainingLength / MinEncodedSize))
            return false;
        if (count == 0)
            return true;
        nodes = new MerkleNode[count];
        foreach (ref MerkleNode node in nodes.AsSpan())
        {
            if (!TryDecode(ref reader, out node))
                return false;
        }

        return true;
    }
}

using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.Hypercore.Damage;

/// <summary>Nodes as they are stored, and as they follow from what is stored below them.</summary>
internal sealed class ComputedNodes(StoredNodes nodes)
{
    internal MerkleNode? Stored(long index) => nodes.TryGet(index, out MerkleNode node) ? node : null;

    /// <summary>Out of its two children; null when one is missing or they do not fit together.</summary>
    internal MerkleNode? FromChildren(long index)
        => FlatTreeIndex.Depth(index) == 0 ? null
            : ParentOf(Stored(FlatTreeIndex.LeftChild(index)), Stored(FlatTreeIndex.RightChild(index)));

    internal static MerkleNode? ParentOf(MerkleNode? left, MerkleNode? right)
        => left is { ByteLength: >= 0 } one && right is { ByteLength: >= 0 } other
            && other.ByteLength <= MerkleBatch.MaxByteLength - one.ByteLength
                ? MerkleHash.Parent(one, other) : null;
}

using Hyper.Protocol.Hypercore.FlatTree;

namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>The nodes that new blocks add to a tree, level by level, so that those of a level can be hashed together.</summary>
internal sealed class GrownLevels
{
    private readonly List<(long First, MerkleNode[] Nodes)> _levels = [];

    /// <summary>Hashes the blocks and every parent that they complete.</summary>
    internal GrownLevels(long length, IReadOnlyList<MerkleNode> roots, IReadOnlyList<ReadOnlyMemory<byte>> blocks)
    {
        Leaves = MerkleHash.Leaves(length, blocks);
        _levels.Add((length, Leaves));
        while (_levels[^1] is { Nodes.Length: > 0 } level)
        {
            // The left sibling of the first new node is a root of the old tree.
            MerkleNode[] children = (level.First & 1) == 0 ? level.Nodes
                : [roots.First(root => root.Index == FlatTreeIndex.At(_levels.Count - 1, level.First - 1)), .. level.Nodes];
            _levels.Add((level.First >> 1, MerkleHash.Parents(children)));
        }
    }

    internal MerkleNode[] Leaves { get; }

    /// <summary>The parent of a new node that is a right child.</summary>
    internal MerkleNode ParentOf(long index)
    {
        (long first, MerkleNode[] nodes) = _levels[FlatTreeIndex.Depth(index) + 1];
        return nodes[(FlatTreeIndex.Offset(index) >> 1) - first];
    }
}

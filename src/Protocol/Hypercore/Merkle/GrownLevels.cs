using System.Runtime.InteropServices;
using Hyper.Protocol.Hypercore.FlatTree;

namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>The nodes that new blocks add to a tree, level by level, so that those of a level can be hashed together.</summary>
internal sealed class GrownLevels
{
    private readonly long _first;
    private readonly int _count;
    private readonly IReadOnlyList<MerkleNode> _roots;
    private readonly List<Level> _levels = [];

    /// <summary>Hashes the blocks and every parent that they complete.</summary>
    internal GrownLevels(long length, IReadOnlyList<MerkleNode> roots, ReadOnlySpan<ReadOnlyMemory<byte>> blocks)
    {
        (_first, _count, _roots) = (length, blocks.Length, roots);
        Level level = StartLevel(length, blocks.Length);
        MerkleHash.Leaves(length, blocks, level.New);
        while (level.New.Length > 0)
        {
            ReadOnlySpan<MerkleNode> children = level.WithLeftSibling;
            level = StartLevel(level.First >> 1, children.Length / 2);
            MerkleHash.Parents(children, level.New);
        }
    }

    /// <summary>Bytes of the blocks.</summary>
    internal long ByteLength
    {
        get
        {
            long total = 0;
            foreach (ref readonly MerkleNode leaf in _levels[0].New)
                total += leaf.ByteLength;
            return total;
        }
    }

    /// <summary>Adds the nodes in the order in which they come to be when each block is added alone.</summary>
    internal void AddTo(List<MerkleNode> nodes)
    {
        int at = nodes.Count;
        CollectionsMarshal.SetCount(nodes, at + _levels.Sum(level => level.New.Length));
        Span<MerkleNode> all = CollectionsMarshal.AsSpan(nodes);
        ReadOnlySpan<MerkleNode> leaves = _levels[0].New;
        for (int i = 0; i < leaves.Length; i++)
        {
            all[at++] = leaves[i];
            long number = _first + i;
            for (int depth = 1; (number & 1) == 1; depth++)
            {
                number >>= 1;
                Level level = _levels[depth];
                all[at++] = level.New[(int)(number - level.First)];
            }
        }
    }

    /// <summary>The roots of the grown tree.</summary>
    internal List<MerkleNode> Roots()
    {
        List<MerkleNode> roots = [];
        foreach (long index in FlatTreeIndex.Roots(_first + _count))
        {
            int depth = FlatTreeIndex.Depth(index);
            long number = FlatTreeIndex.Offset(index);
            bool isNew = depth < _levels.Count && number >= _levels[depth].First;
            roots.Add(isNew ? _levels[depth].New[(int)(number - _levels[depth].First)] : OldRoot(index));
        }

        return roots;
    }

    private Level StartLevel(long first, int count)
    {
        // The left sibling of the first new node is a root of the old tree.
        int depth = _levels.Count;
        bool hasSibling = count > 0 && (first & 1) == 1;
        Level level = new(first, hasSibling, new MerkleNode[count + (hasSibling ? 1 : 0)]);
        if (hasSibling)
            level.WithLeftSibling[0] = OldRoot(FlatTreeIndex.At(depth, first - 1));
        _levels.Add(level);
        return level;
    }

    private MerkleNode OldRoot(long index) => _roots.First(root => root.Index == index);

    private sealed record Level(long First, bool HasSibling, MerkleNode[] Nodes)
    {
        internal Span<MerkleNode> WithLeftSibling => Nodes;

        internal Span<MerkleNode> New => Nodes.AsSpan(HasSibling ? 1 : 0);
    }
}

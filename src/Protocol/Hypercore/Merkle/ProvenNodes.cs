using System.Numerics;
using Hyper.Protocol.Hypercore.Damage;
using Hyper.Protocol.Hypercore.FlatTree;

namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>Nodes that were hashed up to a signed root, and where their bytes begin: where a block belongs, whatever the disk has made of its tree.</summary>
/// <remarks>
/// Two siblings prove only the sum of their sizes. That of one is proven when its own children, or the block that hashes to it, have it.
/// What is proven stays true while the fork lasts, so the last few nodes of each level are kept.
/// </remarks>
internal sealed class ProvenNodes(IMerkleNodes stored)
{
    private const int Levels = 54;

    // Whoever fetches in order needs the last node of each level; whoever does not, as much of the top as there is room for.
    private const long LongFrom = 4096;
    private const int KeptOfLevel = 8;
    private const int KeptOfLongLevel = 512;

    private readonly Proven[]?[] _levels = new Proven[Levels][];
    private int _keptOfLevel;
    private long _blocks;
    private long _fork;

    /// <summary>Levels from a block to the lowest node above it that is stored and proven: the proof of the block must climb so far.</summary>
    internal int CountMissingNodes(MerkleTree tree, long block)
    {
        if (!TryFindRoot(tree, 2 * block, out Proven root))
            return 0;
        long lowest = 2 * block;
        while (lowest != root.Node.Index && !stored.TryGet(lowest, out _))
            lowest = FlatTreeIndex.Parent(lowest);
        return FlatTreeIndex.Depth(Descend(root, lowest).Node.Index);
    }

    /// <summary>Finds where the bytes of a node begin.</summary>
    /// <param name="tree">Signed.</param>
    /// <param name="node">Computed from a block, so that its size is the one in its hash.</param>
    /// <param name="offset">Of its first byte.</param>
    /// <param name="mended">Its sibling, when that is stored with another size than it must have.</param>
    /// <returns>False when the stored nodes above it do not lead to a signed root.</returns>
    internal bool TryLocate(MerkleTree tree, in MerkleNode node, out long offset, out MerkleNode? mended)
    {
        (offset, mended) = (0, null);
        if (!TryFindRoot(tree, node.Index, out Proven root))
            return false;
        Proven known = root;
        if (root.Node.Index == node.Index || TryKept(node.Index, out known))
        {
            offset = known.Offset;
            return known.Node == node;
        }

        long above = FlatTreeIndex.Parent(node.Index);
        Proven parent = Descend(root, above);
        if (parent.Node.Index != above || !stored.TryGet(FlatTreeIndex.Sibling(node.Index), out MerkleNode beside))
            return false;
        MerkleNode sibling = beside with { ByteLength = parent.Node.ByteLength - node.ByteLength };
        if (sibling.ByteLength < 0 || MerkleHash.Parent(node, sibling) != parent.Node)
            return false;
        Keep(parent);
        offset = KeepChildren(parent, node, sibling, node.Index).Offset;
        mended = sibling == beside ? null : sibling;
        return true;
    }

    /// <summary>Keeps the nodes by which a block was proven, and finds where its own bytes begin.</summary>
    /// <param name="top">The node at which its proof ends.</param>
    /// <param name="offset">Of the bytes below that node.</param>
    /// <param name="nodes">All of the proof.</param>
    /// <param name="block">Below the node.</param>
    internal long KeepBelow(in MerkleNode top, long offset, IMerkleNodes nodes, long block)
    {
        Proven at = new(top, offset);
        while (at.Node.Index != 2 * block
            && nodes.TryGet(FlatTreeIndex.LeftChild(at.Node.Index), out MerkleNode left)
            && nodes.TryGet(FlatTreeIndex.RightChild(at.Node.Index), out MerkleNode right))
            at = KeepChildren(at, left, right, 2 * block);
        return at.Offset;
    }

    private bool TryFindRoot(MerkleTree tree, long index, out Proven found)
    {
        Prepare(tree);
        long offset = 0;
        foreach (MerkleNode root in tree.Roots)
        {
            found = new Proven(root, offset);
            if (FlatTreeIndex.Contains(root.Index, index))
                return true;
            offset += root.ByteLength;
        }

        found = default;
        return false;
    }

    /// <summary>From what is proven down to a node, or as far as the stored nodes are true.</summary>
    private Proven Descend(in Proven root, long target)
    {
        Proven proven = root;
        for (long index = target; index != root.Node.Index; index = FlatTreeIndex.Parent(index))
        {
            if (TryKept(index, out proven))
                break;
            proven = root;
        }

        for (Proven at = proven; at.Node.Index != target;)
        {
            if (!stored.TryGet(FlatTreeIndex.LeftChild(at.Node.Index), out MerkleNode left)
                || !stored.TryGet(FlatTreeIndex.RightChild(at.Node.Index), out MerkleNode right)
                || !new Siblings(left, right).Fit(at.Node))
                return proven;
            Keep(at);
            proven = at;
            at = FlatTreeIndex.Contains(left.Index, target) ? new Proven(left, at.Offset) : new Proven(right, at.Offset + left.ByteLength);
            if (at.Node.Index == target)
                return at;
        }

        return proven;
    }

    /// <summary>Answers the child on the way to a node.</summary>
    private Proven KeepChildren(in Proven parent, in MerkleNode one, in MerkleNode other, long target)
    {
        bool isOneLeft = one.Index < other.Index;
        Proven left = new(isOneLeft ? one : other, parent.Offset);
        Proven right = new(isOneLeft ? other : one, parent.Offset + left.Node.ByteLength);
        Keep(left);
        Keep(right);
        return FlatTreeIndex.Contains(left.Node.Index, target) ? left : right;
    }

    private void Prepare(MerkleTree tree)
    {
        int kept = tree.Length < LongFrom ? KeptOfLevel : KeptOfLongLevel;
        if (_fork == tree.Fork && _keptOfLevel == kept)
            return;
        (_fork, _keptOfLevel, _blocks) = (tree.Fork, kept, tree.Length);
        Array.Clear(_levels);
    }

    private void Keep(in Proven proven)
    {
        int depth = FlatTreeIndex.Depth(proven.Node.Index);
        Proven[] level = _levels[depth] ??= new Proven[Math.Min((ulong)_keptOfLevel, BitOperations.RoundUpToPowerOf2((ulong)(_blocks >> depth) + 1))];
        level[FlatTreeIndex.Offset(proven.Node.Index) & (level.Length - 1)] = proven;
    }

    private bool TryKept(long index, out Proven kept)
    {
        Proven[]? level = _levels[FlatTreeIndex.Depth(index)];
        kept = level is null ? default : level[FlatTreeIndex.Offset(index) & (level.Length - 1)];
        return kept.Node.Index == index && !kept.Node.Hash.IsZero;
    }

    /// <summary>A node, and where its bytes begin.</summary>
    private readonly record struct Proven(MerkleNode Node, long Offset);
}

using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.Hypercore.Damage;

/// <summary>The nodes from a signed root down to the edge before a block: whoever cuts or counts bytes there relies on them.</summary>
/// <param name="tree">Signed.</param>
/// <param name="nodes">Stored.</param>
/// <param name="isLeafOfBlock">Whether a leaf is that of its block; null when the block is not stored.</param>
internal sealed class WayDown(MerkleTree tree, IMerkleNodes nodes, Func<MerkleNode, bool?> isLeafOfBlock)
{
    /// <summary>The first pair on the way that does not hash to the node above it; null when there is none as far as nodes are stored.</summary>
    /// <remarks>The pair at the edge proves the sum of its sizes; that each is true must be said by what is below one of them.</remarks>
    internal CoreDamage? FindDamage(long block)
    {
        if (block < 0 || block >= tree.Length)
            return null;
        MerkleNode believed = tree.Roots.First(root => FlatTreeIndex.Contains(root.Index, 2 * block));
        while (FlatTreeIndex.LeftSpan(believed.Index) < 2 * block)
        {
            if (!nodes.TryGet(FlatTreeIndex.LeftChild(believed.Index), out MerkleNode left)
                || !nodes.TryGet(FlatTreeIndex.RightChild(believed.Index), out MerkleNode right))
                return null;
            Siblings stored = new(left, right);
            bool isEdge = FlatTreeIndex.LeftSpan(right.Index) == 2 * block;
            if (!stored.Fit(believed) || (isEdge && HasWrongSizes(left, right)))
                return stored.DamageBelow(believed);
            believed = FlatTreeIndex.Contains(left.Index, 2 * block) ? left : right;
        }

        return null;
    }

    /// <summary>Whether stored roots of another length may be built on: none contradicts what it was computed from.</summary>
    internal bool LeadsTo(MerkleTree other)
        => other.Length < tree.Length ? FindDamage(other.Length) is null
            : other.Roots.All(root => tree.Roots.Contains(root) || IsTrue(root) != false);

    private bool HasWrongSizes(MerkleNode left, MerkleNode right)
    {
        bool? isLeftTrue = IsTrue(left);
        return isLeftTrue != true && IsTrue(right) is var isRightTrue && isRightTrue != true && (isLeftTrue ?? isRightTrue) == false;
    }

    /// <summary>Whether what is below a node hashes to it, its size included; null when that is not stored.</summary>
    private bool? IsTrue(MerkleNode node)
        => FlatTreeIndex.Depth(node.Index) == 0 ? isLeafOfBlock(node)
            : nodes.TryGet(FlatTreeIndex.LeftChild(node.Index), out MerkleNode left)
                && nodes.TryGet(FlatTreeIndex.RightChild(node.Index), out MerkleNode right)
                ? new Siblings(left, right).Fit(node) : null;
}

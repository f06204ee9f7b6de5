using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.Hypercore.Damage;

/// <summary>The nodes from a signed root down to the edge before a block: whoever cuts or counts bytes there relies on them.</summary>
internal static class WayDown
{
    /// <summary>The first pair on the way that does not hash to the node above it; null when there is none as far as nodes are stored.</summary>
    internal static CoreDamage? FindDamage(MerkleTree tree, IMerkleNodes nodes, long block)
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
            if (!stored.Fit(believed))
                return stored.DamageBelow(believed);
            believed = FlatTreeIndex.Contains(left.Index, 2 * block) ? left : right;
        }

        return null;
    }
}

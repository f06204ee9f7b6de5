using Hyper.Protocol.Hypercore.Files;
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
            (long left, long right) = (FlatTreeIndex.LeftChild(believed.Index), FlatTreeIndex.RightChild(believed.Index));
            if (!nodes.TryGet(left, out MerkleNode one) || !nodes.TryGet(right, out MerkleNode other))
                return null;
            if (!new Siblings(one, other).Fit(believed))
                return new CoreDamage(CoreFile.Tree, left * MerkleNode.StoredSize, $"node {left} or {right} does not hash to its parent");
            believed = FlatTreeIndex.Contains(left, 2 * block) ? one : other;
        }

        return null;
    }
}

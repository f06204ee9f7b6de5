using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Manifests;

namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>Grows a batch by the nodes of an upgrade, each of which must stand exactly where the length wants it (reference 3.8).</summary>
internal static class UpgradeVerifier
{
    internal static bool TryApply(
        MerkleBatch batch, long fork, UpgradeProof upgrade, MerkleNode? floating, Prologue? prologue, out bool consumed)
    {
        consumed = false;
        if (upgrade.Start is < 0 or >= FlatTreeIndex.MaxIndex || upgrade.Length is < 0 or >= FlatTreeIndex.MaxIndex)
            return false;
        if (prologue is not null && upgrade.Start < prologue.Length && (upgrade.Start != 0 || upgrade.Length < prologue.Length))
            return false;
        NodeQueue queue = new(upgrade.Nodes, floating);
        if (!TryReach(batch, upgrade.Start + upgrade.Length, queue) || batch.Roots.Count == 0)
            return false;
        if (prologue is not null && batch.Length == prologue.Length && batch.TreeHash != prologue.Hash)
            return false;
        if (!TryExtend(batch, upgrade.AdditionalNodes))
            return false;
        batch.Fork = fork;
        consumed = queue.Extra is null;
        return true;
    }

    private static bool TryReach(MerkleBatch batch, long length, NodeQueue queue)
    {
        bool growing = batch.Roots.Count > 0;
        int matched = 0;
        foreach (long root in FlatTreeIndex.Roots(length))
        {
            if (matched < batch.Roots.Count && batch.Roots[matched].Index == root)
            {
                matched++;
                continue;
            }

            bool climbs = growing && matched < batch.Roots.Count;
            growing = false;
            if (!(climbs ? TryGrowTo(batch, root, queue) : TryAppend(batch, root, queue)))
                return false;
        }

        return true;
    }

    /// <summary>Completes the last root with right siblings until it has become the wanted one.</summary>
    private static bool TryGrowTo(MerkleBatch batch, long root, NodeQueue queue)
    {
        while (batch.Roots[^1].Index != root)
        {
            if (!TryAppend(batch, FlatTreeIndex.Sibling(batch.Roots[^1].Index), queue))
                return false;
        }

        return true;
    }

    private static bool TryAppend(MerkleBatch batch, long index, NodeQueue queue)
        => queue.TryTake(index, out MerkleNode node) && batch.TryAppendRoot(node);

    private static bool TryExtend(MerkleBatch batch, IReadOnlyList<MerkleNode> nodes)
    {
        foreach (MerkleNode node in nodes)
        {
            long at = FlatTreeIndex.Sibling(batch.Roots[^1].Index);
            while (at != node.Index && FlatTreeIndex.Depth(at) > 0)
                at = FlatTreeIndex.LeftChild(at);
            if (at != node.Index || node.Index >= FlatTreeIndex.MaxIndex || !batch.TryAppendRoot(node))
                return false;
        }

        return true;
    }
}

using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Manifests;

namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>Grows a batch by the nodes of an upgrade, each of which must stand exactly where the length wants it (reference 3.8).</summary>
internal static class UpgradeVerifier
{
    /// <param name="batch">Grows.</param>
    /// <param name="fork">That it has then.</param>
    /// <param name="upgrade">Of anybody.</param>
    /// <param name="floating">The node that the climb of the proof has ended at; null when there is none.</param>
    /// <param name="prologue">The state that the core must begin with.</param>
    /// <param name="provisional">Takes the indexes of nodes whose own size no hash commits to.</param>
    /// <param name="consumed">Whether the floating node was used.</param>
    internal static bool TryApply(
        MerkleBatch batch, long fork, UpgradeProof upgrade, MerkleNode? floating, Prologue? prologue, ISet<long> provisional, out bool consumed)
    {
        consumed = false;
        if (upgrade.Start is < 0 or >= FlatTreeIndex.MaxIndex || upgrade.Length is < 0 or >= FlatTreeIndex.MaxIndex)
            return false;
        if (prologue is not null && upgrade.Start < prologue.Length && (upgrade.Start != 0 || upgrade.Length < prologue.Length))
            return false;
        NodeQueue queue = new(upgrade.Nodes, floating);
        if (!TryReach(batch, upgrade.Start + upgrade.Length, queue, provisional) || batch.Roots.Count == 0)
            return false;
        if (prologue is not null && batch.Length == prologue.Length && batch.TreeHash != prologue.Hash)
            return false;
        if (!TryExtend(batch, upgrade.AdditionalNodes, provisional))
            return false;
        batch.Fork = fork;
        consumed = queue.Extra is null;
        return true;
    }

    private static bool TryReach(MerkleBatch batch, long length, NodeQueue queue, ISet<long> provisional)
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
            if (!(climbs ? TryGrowTo(batch, root, queue, provisional) : TryAppend(batch, root, queue, provisional)))
                return false;
        }

        return true;
    }

    /// <summary>Completes the last root with right siblings until it has become the wanted one.</summary>
    private static bool TryGrowTo(MerkleBatch batch, long root, NodeQueue queue, ISet<long> provisional)
    {
        while (batch.Roots[^1].Index != root)
        {
            if (!TryAppend(batch, FlatTreeIndex.Sibling(batch.Roots[^1].Index), queue, provisional))
                return false;
        }

        return true;
    }

    private static bool TryAppend(MerkleBatch batch, long index, NodeQueue queue, ISet<long> provisional)
        => queue.TryTake(index, out MerkleNode node) && batch.TryAppendRoot(node, provisional);

    private static bool TryExtend(MerkleBatch batch, IReadOnlyList<MerkleNode> nodes, ISet<long> provisional)
    {
        foreach (MerkleNode node in nodes)
        {
            long at = FlatTreeIndex.Sibling(batch.Roots[^1].Index);
            while (at != node.Index && FlatTreeIndex.Depth(at) > 0)
                at = FlatTreeIndex.LeftChild(at);
            if (at != node.Index || node.Index >= FlatTreeIndex.MaxIndex || !batch.TryAppendRoot(node, provisional))
                return false;
        }

        return true;
    }
}

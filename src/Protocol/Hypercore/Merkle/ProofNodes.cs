namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>The nodes of a checked proof, without those whose size is not proven, and the signed roots that it grows.</summary>
internal sealed class ProofNodes : IMerkleNodes
{
    private readonly MerkleTree _grown;
    private readonly IReadOnlyList<MerkleNode> _trusted;

    internal ProofNodes(VerifiedProof verified)
    {
        _grown = verified.Batch.Base;
        _trusted = verified.Provisional.Count == 0 ? verified.Batch.Nodes
            : [.. verified.Batch.Nodes.Where(node => !verified.Provisional.Contains(node.Index))];
    }

    /// <summary>In the order upstream stores them; a climb and an upgrade each bring fewer than two for each level of a tree.</summary>
    internal IReadOnlyList<MerkleNode> Trusted => _trusted;

    public bool TryGet(long index, out MerkleNode node)
    {
        // Of two nodes with one index the later one counts.
        for (int i = _trusted.Count - 1; i >= 0; i--)
        {
            node = _trusted[i];
            if (node.Index == index)
                return true;
        }

        foreach (MerkleNode root in _grown.Roots)
        {
            node = root;
            if (root.Index == index)
                return true;
        }

        node = default;
        return false;
    }
}

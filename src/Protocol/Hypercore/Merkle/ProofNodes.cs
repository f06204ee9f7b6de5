namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>The nodes of a checked proof over the stored ones, without those whose size is not proven.</summary>
internal sealed class ProofNodes : IMerkleNodes
{
    private readonly IMerkleNodes _stored;
    private readonly Dictionary<long, MerkleNode> _proven = [];
    private readonly List<MerkleNode> _trusted = [];

    internal ProofNodes(IMerkleNodes stored, VerifiedProof verified)
    {
        _stored = stored;
        foreach (MerkleNode node in verified.Batch.Nodes)
        {
            if (verified.Provisional.Contains(node.Index))
                continue;
            _trusted.Add(node);
            _proven[node.Index] = node;
        }
    }

    /// <summary>In the order upstream stores them.</summary>
    internal IReadOnlyList<MerkleNode> Trusted => _trusted;

    public bool TryGet(long index, out MerkleNode node) => _proven.TryGetValue(index, out node) || _stored.TryGet(index, out node);
}

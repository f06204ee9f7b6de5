using Hyper.Protocol.Hypercore.FlatTree;

namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>A node that must be asked for to find where two forks part: any of the blocks, climbing so many levels.</summary>
public readonly record struct WantedNode(long FirstBlock, long EndBlock, int Levels);

/// <summary>The search for the last block that a signed tree of a higher fork shares with ours (reference 3.10).</summary>
public sealed class Reorganization
{
    private readonly IMerkleNodes _stored;
    private readonly VerifiedProof _verified;
    private readonly List<MerkleNode> _nodes;
    private MerkleNode? _differing;

    internal Reorganization(MerkleTree old, IMerkleNodes stored, VerifiedProof verified)
    {
        Old = old;
        _stored = stored;
        _verified = verified;
        _nodes = [.. verified.Batch.Nodes];
        Ancestors = verified.Batch.Length;
        foreach (MerkleNode root in verified.Batch.Roots)
        {
            if (IsKnown(root))
                continue;
            Descend(root);
            FollowKnown();
            return;
        }

        Ancestors = Math.Min(Ancestors, old.Length);
    }

    /// <summary>The tree the search started from; it is void once that has changed.</summary>
    public MerkleTree Old { get; }

    /// <summary>Blocks that both forks share, as far as is known.</summary>
    public long Ancestors { get; private set; }

    /// <summary>What to ask a peer of the new fork for; null when the search is over.</summary>
    public WantedNode? Wanted { get; private set; }

    public bool IsComplete => Wanted is null;

    internal IReadOnlyList<MerkleNode> Nodes => _nodes;

    internal MerkleTree ToTree() => _verified.Batch.ToTree(_verified.Signature);

    /// <summary>Takes nodes below the differing one; false when they do not hash to it.</summary>
    public bool TryUpdate(MerkleProof proof)
    {
        if (_differing is not { } differing || IsComplete)
            return false;
        MerkleBatch scratch = MerkleBatch.FromEmpty(MerkleTree.Empty);
        if (!ProofVerifier.TryVerifyNodes(proof, scratch, [], out MerkleNode? top) || top is not { } reached || reached != differing)
            return false;
        int before = _nodes.Count;
        _nodes.AddRange(scratch.Nodes);
        FollowKnown();
        if (!IsComplete && _differing == differing)
            _nodes.RemoveRange(before, _nodes.Count - before);
        return IsComplete || _differing != differing;
    }

    private void FollowKnown()
    {
        Dictionary<long, MerkleNode> known = [];
        foreach (MerkleNode node in _nodes)
            known[node.Index] = node;
        while (_differing is { } at && !IsComplete && FlatTreeIndex.Depth(at.Index) > 0
            && known.TryGetValue(FlatTreeIndex.LeftChild(at.Index), out MerkleNode left)
            && known.TryGetValue(FlatTreeIndex.RightChild(at.Index), out MerkleNode right))
            Descend(IsKnown(left) ? right : left);
    }

    private void Descend(MerkleNode differing)
    {
        long first = FlatTreeIndex.LeftSpan(differing.Index) / 2;
        long end = Math.Min(Old.Length, FlatTreeIndex.RightSpan(differing.Index) / 2 + 1);
        _differing = differing;
        Ancestors = Math.Min(first, Old.Length);
        int depth = FlatTreeIndex.Depth(differing.Index);
        Wanted = depth == 0 || end <= first ? null : new WantedNode(first, end, depth);
    }

    private bool IsKnown(MerkleNode node) => _stored.TryGet(node.Index, out MerkleNode own) && own == node;
}

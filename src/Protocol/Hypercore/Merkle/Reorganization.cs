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
    private readonly Dictionary<long, MerkleNode> _seen = [];
    private MerkleNode? _differing;

    internal Reorganization(MerkleTree old, IMerkleNodes stored, VerifiedProof verified)
    {
        Old = old;
        _stored = stored;
        _verified = verified;
        _nodes = [.. verified.Batch.Nodes.Where(node => !verified.Provisional.Contains(node.Index))];
        Remember(verified.Batch.Nodes);
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

    /// <summary>The fork that the core moves to.</summary>
    public long Fork => _verified.Batch.Fork;

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
        HashSet<long> provisional = [];
        if (!ProofVerifier.TryVerifyNodes(proof, scratch, provisional, out MerkleNode? top) || top is not { } reached
            || reached.Index != differing.Index || reached.Hash != differing.Hash)
            return false;
        _nodes.AddRange(scratch.Nodes.Where(node => !provisional.Contains(node.Index)));
        Remember(scratch.Nodes);
        FollowKnown();
        return IsComplete || _differing?.Index != differing.Index;
    }

    private void Remember(IEnumerable<MerkleNode> nodes)
    {
        foreach (MerkleNode node in nodes)
            _seen[node.Index] = node;
    }

    private void FollowKnown()
    {
        while (_differing is { } at && !IsComplete && FlatTreeIndex.Depth(at.Index) > 0
            && _seen.TryGetValue(FlatTreeIndex.LeftChild(at.Index), out MerkleNode left)
            && _seen.TryGetValue(FlatTreeIndex.RightChild(at.Index), out MerkleNode right))
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

    // A hash commits to the node's true size, whatever size a peer sent beside it.
    private bool IsKnown(MerkleNode node) => _stored.TryGet(node.Index, out MerkleNode own) && own.Hash == node.Hash;
}

using Hyper.Protocol.Hypercore.Encryption;
using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.Hypercore.Damage;

/// <summary>
/// Computes lost roots from what is stored below them, a last root without a sibling from its block. It first looks right below them, then
/// as low as nodes are stored, step by step: in a core of a million blocks that takes 0.3 s.
/// </summary>
internal sealed class RootMender(ICoreFiles files, CoreState state, LostRoots lost, HypercoreOptions options)
{
    // Each is a signature to check: more are needed only where most of the tree is damaged.
    private const int MaxTries = 256;

    private readonly long _longestLeaf = (long)options.MaxBlockLength + BlockCipher.Padding;
    private readonly IRandomAccess _data = files[CoreFile.Data];
    private readonly ComputedNodes _computed = new(state.Nodes);
    private readonly long[] _indexes = [.. FlatTreeIndex.Roots(lost.Length)];
    private readonly Dictionary<long, MerkleNode?> _lowest = [];
    private Queue<LowestClimb>? _climbs;
    private int _tries;

    /// <summary>Goes on for a step; whether it has ended, with the tree of the roots that were signed, or null when the files do not tell them.</summary>
    internal bool Continue(out MerkleTree? tree)
    {
        tree = _climbs is null ? Choose([], 0) : null;
        _climbs ??= new(_indexes.Where(index => FlatTreeIndex.Depth(index) > 0).Select(index => new LowestClimb(_computed, index)));
        StepBudget budget = new();
        while (tree is null && _climbs.TryPeek(out LowestClimb? climb))
        {
            if (!climb.Continue(budget))
                return false;
            _lowest.Add(climb.Index, climb.Top);
            _climbs.Dequeue();
        }

        tree ??= Choose([], 0);
        return true;
    }

    /// <summary>Nodes of the tree that were not stored so.</summary>
    internal int CountMended(MerkleTree tree) => tree.Roots.Count(root => _computed.Stored(root.Index) != root);

    private MerkleTree? Choose(List<MerkleNode> roots, long offset)
    {
        if (roots.Count == _indexes.Length)
        {
            _tries++;
            MerkleTree tree = lost.With(roots);
            return lost.Fits(tree, state.Verifier) ? tree : null;
        }

        foreach (MerkleNode root in Candidates(_indexes[roots.Count], offset))
        {
            if (_tries >= MaxTries)
                return null;
            roots.Add(root);
            if (Choose(roots, offset + root.ByteLength) is { } found)
                return found;
            roots.RemoveAt(roots.Count - 1);
        }

        return null;
    }

    private IEnumerable<MerkleNode> Candidates(long index, long offset)
    {
        IEnumerable<MerkleNode?> all = FlatTreeIndex.Depth(index) == 0
            ? [_computed.Stored(index), LeafOf(index, offset, _computed.Stored(index)?.ByteLength), LeafOf(index, offset, _data.Length - offset)]
            : [_computed.FromChildren(index), _computed.Stored(index), _lowest.GetValueOrDefault(index)];
        return all.OfType<MerkleNode>().Where(node => node.ByteLength is >= 0 and <= MerkleBatch.MaxByteLength).Distinct();
    }

    private MerkleNode? LeafOf(long index, long offset, long? length)
    {
        if (length is not { } size || size < 0 || size > _longestLeaf || size > _data.Length - offset || !state.Bitfield.Get(index / 2))
            return null;
        byte[] bytes = new byte[size];
        return _data.Read(offset, bytes) == bytes.Length ? MerkleHash.Leaf(index / 2, bytes) : null;
    }
}

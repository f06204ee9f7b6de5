using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.Hypercore.Damage;

/// <summary>
/// Walks from the signed roots down to the blocks. A node is believed when it and its sibling hash to a believed parent; others are
/// computed again from below, or given up to be fetched.
/// </summary>
internal sealed class DamageSurvey(ICoreFiles files, CoreState state, CoreJournal journal)
{
    private const int MaxDamage = 1024;

    private readonly IRandomAccess _data = files[CoreFile.Data];
    private readonly ComputedNodes _nodes = new(state.Nodes);

    internal List<CoreDamage> Damage { get; } = [];

    /// <summary>Nodes as they must be, and blank ones for those that are given up.</summary>
    internal List<MerkleNode> Nodes { get; } = [];

    internal long Mended { get; private set; }

    internal List<long> LostBlocks { get; } = [];

    internal List<WantedNode> Wanted { get; } = [];

    internal void Run()
    {
        long offset = 0;
        foreach (MerkleNode root in journal.Accepted.Roots)
        {
            Visit(root, offset);
            offset += root.ByteLength;
        }
    }

    private void Visit(MerkleNode believed, long offset)
    {
        if (Damage.Count >= MaxDamage)
            return;
        if (FlatTreeIndex.Depth(believed.Index) == 0)
        {
            CheckBlock(believed, offset);
            return;
        }

        MerkleNode? left = _nodes.Stored(FlatTreeIndex.LeftChild(believed.Index));
        MerkleNode? right = _nodes.Stored(FlatTreeIndex.RightChild(believed.Index));
        if (left is null && right is null && !HoldsBlocks(believed.Index))
            return;
        if (!Fit(left, right, believed))
        {
            Report(believed, left is null || right is null ? "is missing" : "does not hash to its parent");
            if (!TryMend(believed, offset, ref left, ref right))
            {
                GiveUp(believed, left, right);
                return;
            }
        }

        Visit(left!.Value, offset);
        Visit(right!.Value, offset + left.Value.ByteLength);
    }

    private void CheckBlock(MerkleNode leaf, long offset)
    {
        long block = leaf.Index / 2;
        if (!state.Bitfield.Get(block) || journal.Blocks.TryGet(block, out _))
            return;
        if (Read(offset, leaf.ByteLength) is { } bytes && MerkleHash.Leaf(block, bytes) == leaf)
            return;
        Damage.Add(new CoreDamage(CoreFile.Data, offset, $"block {block} does not have the hash in the tree"));
        LostBlocks.Add(block);
    }

    private bool TryMend(MerkleNode believed, long offset, ref MerkleNode? left, ref MerkleNode? right)
    {
        MerkleNode? computedLeft = _nodes.FromLeaves(FlatTreeIndex.LeftChild(believed.Index));
        MerkleNode? computedRight = _nodes.FromLeaves(FlatTreeIndex.RightChild(believed.Index));
        (MerkleNode?, MerkleNode?)[] choices = [(computedLeft, computedRight), (computedLeft, right), (left, computedRight)];
        foreach ((MerkleNode? one, MerkleNode? other) in choices.Concat(Leaves(believed, offset, left, right)))
        {
            if (!Fit(one, other, believed))
                continue;
            Mend(left, one!.Value);
            Mend(right, other!.Value);
            (left, right) = (one, other);
            return true;
        }

        return false;
    }

    private void Mend(MerkleNode? stored, MerkleNode found)
    {
        if (stored == found)
            return;
        Nodes.Add(found);
        Mended++;
    }

    /// <summary>Two leaves out of their blocks, if either size is still known.</summary>
    private IEnumerable<(MerkleNode?, MerkleNode?)> Leaves(MerkleNode believed, long offset, MerkleNode? left, MerkleNode? right)
    {
        long block = believed.Index / 2;
        if (FlatTreeIndex.Depth(believed.Index) != 1 || !state.Bitfield.Get(block) || !state.Bitfield.Get(block + 1)
            || Read(offset, believed.ByteLength) is not { } bytes)
            yield break;
        foreach (long? size in (long?[])[left?.ByteLength, believed.ByteLength - right?.ByteLength])
        {
            if (size >= 0 && size <= bytes.Length)
                yield return (MerkleHash.Leaf(block, bytes.AsSpan(0, (int)size)), MerkleHash.Leaf(block + 1, bytes.AsSpan((int)size)));
        }
    }

    // The sizes of two leaves are proven by their blocks only, so these are fetched again.
    private void GiveUp(MerkleNode believed, MerkleNode? left, MerkleNode? right)
    {
        foreach (MerkleNode? stored in (MerkleNode?[])[left, right])
        {
            if (stored is { } wrong)
                Nodes.Add(new MerkleNode(wrong.Index, 0, default));
        }

        long first = FlatTreeIndex.LeftSpan(believed.Index) / 2, end = FlatTreeIndex.RightSpan(believed.Index) / 2 + 1;
        int depth = FlatTreeIndex.Depth(believed.Index);
        if (depth == 1)
            LostBlocks.AddRange(((long[])[first, first + 1]).Where(state.Bitfield.Get));
        else if (HoldsBlocks(believed.Index))
            Wanted.Add(new WantedNode(first, end, depth));
    }

    private static bool Fit(MerkleNode? left, MerkleNode? right, MerkleNode believed)
        => left is { ByteLength: >= 0 } one && right is { ByteLength: >= 0 } other
            && other.ByteLength <= believed.ByteLength && MerkleHash.Parent(one, other) == believed;

    private bool HoldsBlocks(long index)
    {
        long stored = state.Bitfield.FindFirst(true, FlatTreeIndex.LeftSpan(index) / 2);
        return stored >= 0 && stored <= FlatTreeIndex.RightSpan(index) / 2;
    }

    private byte[]? Read(long offset, long length)
    {
        if (length > _data.Length - offset || length > Array.MaxLength)
            return null;
        byte[] bytes = new byte[length];
        return _data.Read(offset, bytes) == bytes.Length ? bytes : null;
    }

    private void Report(MerkleNode believed, string what)
    {
        long index = FlatTreeIndex.LeftChild(believed.Index);
        string nodes = $"node {index} or {FlatTreeIndex.RightChild(believed.Index)}";
        Damage.Add(new CoreDamage(CoreFile.Tree, index * MerkleNode.StoredSize, $"{nodes} {what}"));
    }
}

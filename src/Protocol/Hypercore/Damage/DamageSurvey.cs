using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.Hypercore.Damage;

/// <summary>
/// Walks from the signed roots down to the blocks, a few places at a time. A node is believed when it and its sibling hash to a believed
/// parent; others are computed again from below, or given up to be fetched.
/// </summary>
/// <remarks>
/// The core may change between two steps. What is believed stays true while the core grows; after a cut the walk goes down from the new
/// roots to where it has been. What is written where it has been already is not looked at again.
/// </remarks>
internal sealed class DamageSurvey(ICoreFiles files, CoreState state, CoreJournal journal)
{
    private readonly IRandomAccess _data = files[CoreFile.Data];
    private readonly ComputedNodes _nodes = new(state.Nodes);

    // The leftmost on top.
    private readonly Stack<Place> _ahead = new();
    private (LeafClimb Left, LeafClimb Right)? _climbs;
    private long? _fork;
    private SurveyStep _found = new();

    internal bool IsDone { get; private set; }

    /// <summary>The block to look at next: those before it have been looked at.</summary>
    internal long Next { get; private set; }

    internal SurveyStep Step(int maxDamage)
    {
        _found = new SurveyStep();
        if (_fork != journal.Accepted.Fork)
            StartAtRoots(journal.Accepted);
        StepBudget budget = new();
        while (_ahead.Count > 0 && _found.Damage.Count < maxDamage && !budget.IsSpent)
            Visit(_ahead.Peek(), budget);
        IsDone = _ahead.Count == 0;
        return _found;
    }

    private void StartAtRoots(MerkleTree tree)
    {
        (_fork, _climbs) = (tree.Fork, null);
        _ahead.Clear();
        long end = tree.ByteLength;
        foreach (MerkleNode root in tree.Roots.Reverse())
            _ahead.Push(new Place(root, end -= root.ByteLength));
    }

    private void Visit(Place place, StepBudget budget)
    {
        budget.TakeNode();
        MerkleNode believed = place.Believed;
        if (EndOf(believed) <= Next)
        {
            Leave(believed);
            return;
        }

        if (FlatTreeIndex.Depth(believed.Index) == 0)
        {
            CheckBlock(place, budget);
            Leave(believed);
            return;
        }

        Siblings stored = new(_nodes.Stored(FlatTreeIndex.LeftChild(believed.Index)), _nodes.Stored(FlatTreeIndex.RightChild(believed.Index)));
        if (stored is { Left: null, Right: null } && !HoldsBlocks(believed.Index))
            Leave(believed);
        else if (stored.Fit(believed))
            Descend(place, stored);
        else if (Nearby(place, stored, budget).FirstOrDefault(siblings => siblings.Fit(believed)) is { } near)
            Mend(place, stored, near);
        else if (Climb(believed, budget) is { } climbed)
            MendFromLeaves(place, stored, climbed);
    }

    /// <summary>The subtree has been looked at.</summary>
    private void Leave(MerkleNode top)
    {
        _ahead.Pop();
        _climbs = null;
        Next = Math.Max(Next, EndOf(top));
    }

    private void Descend(Place place, Siblings children)
    {
        _ahead.Pop();
        _climbs = null;
        _ahead.Push(new Place(children.Right!.Value, place.Offset + children.Left!.Value.ByteLength));
        _ahead.Push(new Place(children.Left.Value, place.Offset));
    }

    private void CheckBlock(Place place, StepBudget budget)
    {
        long block = place.Believed.Index / 2;
        if (!state.Bitfield.Get(block) || journal.Blocks.TryGet(block, out _))
            return;
        budget.TakeBlock(place.Believed.ByteLength);
        if (Read(place.Offset, place.Believed.ByteLength) is { } bytes && MerkleHash.Leaf(block, bytes) == place.Believed)
            return;
        _found.Damage.Add(new CoreDamage(CoreFile.Data, place.Offset, $"block {block} does not have the hash in the tree"));
        _found.LostBlocks.Add(block);
    }

    /// <summary>What the nodes or blocks next to them tell of two siblings.</summary>
    private IEnumerable<Siblings> Nearby(Place place, Siblings stored, StepBudget budget)
    {
        long index = place.Believed.Index;
        Siblings computed = new(_nodes.FromChildren(FlatTreeIndex.LeftChild(index)), _nodes.FromChildren(FlatTreeIndex.RightChild(index)));
        return stored.Or(computed).Concat(Leaves(place, stored, budget));
    }

    /// <summary>The siblings out of all leaves below them; null while that goes on.</summary>
    private Siblings? Climb(MerkleNode believed, StepBudget budget)
    {
        (LeafClimb left, LeafClimb right) = _climbs ??= (
            new LeafClimb(_nodes, FlatTreeIndex.LeftChild(believed.Index)), new LeafClimb(_nodes, FlatTreeIndex.RightChild(believed.Index)));
        return left.Continue(budget) && right.Continue(budget) ? new Siblings(left.Top, right.Top) : null;
    }

    private void MendFromLeaves(Place place, Siblings stored, Siblings climbed)
    {
        if (stored.Or(climbed).FirstOrDefault(siblings => siblings.Fit(place.Believed)) is { } whole)
        {
            Mend(place, stored, whole);
            return;
        }

        _found.Damage.Add(stored.DamageBelow(place.Believed));
        GiveUp(place.Believed, stored);
        Leave(place.Believed);
    }

    private void Mend(Place place, Siblings stored, Siblings found)
    {
        _found.Damage.Add(stored.DamageBelow(place.Believed));
        Mend(stored.Left, found.Left!.Value);
        Mend(stored.Right, found.Right!.Value);
        Descend(place, found);
    }

    private void Mend(MerkleNode? stored, MerkleNode found)
    {
        if (stored == found)
            return;
        _found.Nodes.Add(found);
        _found.Mended++;
    }

    /// <summary>Two leaves out of their blocks, if either size is still known.</summary>
    private IEnumerable<Siblings> Leaves(Place place, Siblings stored, StepBudget budget)
    {
        MerkleNode believed = place.Believed;
        long block = believed.Index / 2;
        if (FlatTreeIndex.Depth(believed.Index) != 1 || !state.Bitfield.Get(block) || !state.Bitfield.Get(block + 1))
            yield break;
        budget.TakeBlock(believed.ByteLength);
        if (Read(place.Offset, believed.ByteLength) is not { } bytes)
            yield break;
        foreach (long? size in (long?[])[stored.Left?.ByteLength, believed.ByteLength - stored.Right?.ByteLength])
        {
            if (size >= 0 && size <= bytes.Length)
                yield return new(MerkleHash.Leaf(block, bytes.AsSpan(0, (int)size)), MerkleHash.Leaf(block + 1, bytes.AsSpan((int)size)));
        }
    }

    // The sizes of two leaves are proven by their blocks only, so these are fetched again.
    private void GiveUp(MerkleNode believed, Siblings stored)
    {
        foreach (MerkleNode? node in (MerkleNode?[])[stored.Left, stored.Right])
        {
            if (node is { } wrong)
                _found.Nodes.Add(new MerkleNode(wrong.Index, 0, default));
        }

        long first = FlatTreeIndex.LeftSpan(believed.Index) / 2;
        int depth = FlatTreeIndex.Depth(believed.Index);
        if (depth == 1)
            _found.LostBlocks.AddRange(((long[])[first, first + 1]).Where(state.Bitfield.Get));
        else if (HoldsBlocks(believed.Index))
            _found.Wanted.Add(new WantedNode(first, EndOf(believed), depth));
    }

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

    private static long EndOf(MerkleNode top) => FlatTreeIndex.RightSpan(top.Index) / 2 + 1;

    /// <summary>A node that is believed, and where its bytes begin.</summary>
    private readonly record struct Place(MerkleNode Believed, long Offset);
}

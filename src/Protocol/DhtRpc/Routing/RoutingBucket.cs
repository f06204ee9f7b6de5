using Hyper.Protocol.DhtRpc.Messages;

namespace Hyper.Protocol.DhtRpc.Routing;

/// <summary>The nodes that share a number of leading bits with us, in the order in which they came; it never changes.</summary>
/// <remarks>
/// What a search reads of its nodes lies together: every search reads all of it, and nothing of the entries.
/// A bucket with one more node shares the arrays of the one before, which does not look behind its own end.
/// </remarks>
internal sealed class RoutingBucket
{
    private const int SmallestArray = 4;

    private readonly RoutingEntry?[] _entries;
    private readonly Candidate[] _candidates;
    private readonly int _count;

    private RoutingBucket(RoutingEntry?[] entries, Candidate[] candidates, int count) => (_entries, _candidates, _count) = (entries, candidates, count);

    public static RoutingBucket Empty { get; } = new([], [], 0);

    public bool IsFull => _count >= RoutingTable.BucketSize;

    public ReadOnlySpan<RoutingEntry> Entries => _entries.AsSpan(0, _count)!;

    public void OfferTo(ref ClosestSelection selection) => selection.Offer(_candidates.AsSpan(0, _count));

    public RoutingBucket With(RoutingEntry entry)
    {
        (RoutingEntry?[] entries, Candidate[] candidates) = (_entries, _candidates);
        bool isBehindFree = _count < entries.Length && entries[_count] is null;
        if (!isBehindFree)
        {
            int length = Math.Clamp(_count * 2, SmallestArray, Math.Max(RoutingTable.BucketSize, _count + 1));
            (entries, candidates) = (new RoutingEntry?[length], new Candidate[length]);
            _entries.AsSpan(0, _count).CopyTo(entries);
            _candidates.AsSpan(0, _count).CopyTo(candidates);
        }

        (entries[_count], candidates[_count]) = (entry, entry.Candidate);
        return new RoutingBucket(entries, candidates, _count + 1);
    }

    public RoutingEntry? Find(NodeId id)
    {
        int index = IndexOf(id);
        return index < 0 ? null : _entries[index];
    }

    /// <summary>Without the node of an id, if it is there.</summary>
    public RoutingBucket Without(NodeId id)
    {
        int index = IndexOf(id);
        return index < 0
            ? this
            : new([.. _entries[..index], .. _entries[(index + 1).._count]], [.. _candidates[..index], .. _candidates[(index + 1).._count]], _count - 1);
    }

    private int IndexOf(NodeId id)
    {
        ulong prefix = Candidate.PrefixOf(id.Value);
        for (int index = 0; index < _count; index++)
        {
            if (_candidates[index].Prefix == prefix && _entries[index]!.Node.Id == id)
                return index;
        }

        return -1;
    }
}

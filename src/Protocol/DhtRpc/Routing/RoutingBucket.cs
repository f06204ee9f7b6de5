using Hyper.Protocol.DhtRpc.Messages;

namespace Hyper.Protocol.DhtRpc.Routing;

/// <summary>The nodes that share a number of leading bits with us, in the order in which they came; it never changes.</summary>
/// <remarks>
/// The first bits of their ids lie together: every search reads all of them, and of the entries those that it picks.
/// A bucket with one more node shares the arrays of the one before, which does not look behind its own end.
/// </remarks>
internal sealed class RoutingBucket
{
    private const int SmallestArray = 4;

    private readonly RoutingEntry?[] _entries;
    private readonly ulong[] _prefixes;
    private readonly int _count;

    private RoutingBucket(RoutingEntry?[] entries, ulong[] prefixes, int count) => (_entries, _prefixes, _count) = (entries, prefixes, count);

    public static RoutingBucket Empty { get; } = new([], [], 0);

    public bool IsFull => _count >= RoutingTable.BucketSize;

    public ReadOnlySpan<RoutingEntry> Entries => _entries.AsSpan(0, _count)!;

    public void OfferTo(ref ClosestSelection selection) => selection.Offer(Entries, _prefixes.AsSpan(0, _count));

    public RoutingBucket With(RoutingEntry entry)
    {
        (RoutingEntry?[] entries, ulong[] prefixes) = (_entries, _prefixes);
        bool isBehindFree = _count < entries.Length && entries[_count] is null;
        if (!isBehindFree)
        {
            int length = Math.Clamp(_count * 2, SmallestArray, Math.Max(RoutingTable.BucketSize, _count + 1));
            (entries, prefixes) = (new RoutingEntry?[length], new ulong[length]);
            _entries.AsSpan(0, _count).CopyTo(entries);
            _prefixes.AsSpan(0, _count).CopyTo(prefixes);
        }

        (entries[_count], prefixes[_count]) = (entry, entry.Prefix);
        return new RoutingBucket(entries, prefixes, _count + 1);
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
            : new([.. _entries[..index], .. _entries[(index + 1).._count]], [.. _prefixes[..index], .. _prefixes[(index + 1).._count]], _count - 1);
    }

    private int IndexOf(NodeId id)
    {
        ulong prefix = ClosestSelection.Prefix(id.Value);
        for (int index = 0; index < _count; index++)
        {
            if (_prefixes[index] == prefix && _entries[index]!.Node.Id == id)
                return index;
        }

        return -1;
    }
}

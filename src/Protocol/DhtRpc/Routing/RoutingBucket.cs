using Hyper.Protocol.DhtRpc.Messages;

namespace Hyper.Protocol.DhtRpc.Routing;

/// <summary>The nodes that share a number of leading bits with us, in the order in which they came; it never changes.</summary>
/// <remarks>The first bits of their ids lie together: every search reads all of them, and of the entries those that it picks.</remarks>
internal sealed class RoutingBucket
{
    private readonly RoutingEntry[] _entries;
    private readonly ulong[] _prefixes;

    private RoutingBucket(RoutingEntry[] entries, ulong[] prefixes) => (_entries, _prefixes) = (entries, prefixes);

    public static RoutingBucket Empty { get; } = new([], []);

    public bool IsFull => _entries.Length >= RoutingTable.BucketSize;

    public IReadOnlyList<RoutingEntry> Entries => _entries;

    public void OfferTo(ref ClosestSelection selection) => selection.Offer(_entries, _prefixes);

    public RoutingBucket With(RoutingEntry entry) => new([.. _entries, entry], [.. _prefixes, entry.Prefix]);

    public RoutingEntry? Find(NodeId id)
    {
        int index = IndexOf(id);
        return index < 0 ? null : _entries[index];
    }

    /// <summary>Without the node of an id, if it is there.</summary>
    public RoutingBucket Without(NodeId id)
    {
        int index = IndexOf(id);
        return index < 0 ? this : new([.. _entries[..index], .. _entries[(index + 1)..]], [.. _prefixes[..index], .. _prefixes[(index + 1)..]]);
    }

    private int IndexOf(NodeId id)
    {
        ulong prefix = ClosestSelection.Prefix(id.Value);
        for (int index = 0; index < _prefixes.Length; index++)
        {
            if (_prefixes[index] == prefix && _entries[index].Node.Id == id)
                return index;
        }

        return -1;
    }
}

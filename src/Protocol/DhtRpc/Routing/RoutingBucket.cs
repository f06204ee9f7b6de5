using Hyper.Protocol.DhtRpc.Messages;

namespace Hyper.Protocol.DhtRpc.Routing;

/// <summary>The nodes that share a number of leading bits with us, in the order in which they came.</summary>
/// <remarks>The first bits of their ids lie together: every search reads all of them, and of the entries those that it picks.</remarks>
internal sealed class RoutingBucket
{
    private const int FirstCapacity = 4;

    private RoutingEntry[] _entries = new RoutingEntry[FirstCapacity];
    private ulong[] _prefixes = new ulong[FirstCapacity];
    private int _count;

    public bool IsFull => _count >= RoutingTable.BucketSize;

    public IReadOnlyList<RoutingEntry> Entries => new ArraySegment<RoutingEntry>(_entries, 0, _count);

    public void OfferTo(ref ClosestSelection selection) => selection.Offer(_entries.AsSpan(0, _count), _prefixes.AsSpan(0, _count));

    public void Add(RoutingEntry entry)
    {
        if (_count == _entries.Length)
        {
            int capacity = Math.Min(2 * _count, RoutingTable.BucketSize);
            Array.Resize(ref _entries, capacity);
            Array.Resize(ref _prefixes, capacity);
        }

        (_entries[_count], _prefixes[_count]) = (entry, entry.Prefix);
        _count++;
    }

    public RoutingEntry? Find(NodeId id)
    {
        int index = IndexOf(id);
        return index < 0 ? null : _entries[index];
    }

    public void Remove(NodeId id)
    {
        int index = IndexOf(id);
        if (index < 0)
            return;
        int behind = --_count - index;
        Array.Copy(_entries, index + 1, _entries, index, behind);
        Array.Copy(_prefixes, index + 1, _prefixes, index, behind);
        _entries[_count] = null!;
    }

    private int IndexOf(NodeId id)
    {
        ulong prefix = ClosestSelection.Prefix(id.Value);
        for (int index = 0; index < _count; index++)
        {
            if (_prefixes[index] == prefix && _entries[index].Node.Id == id)
                return index;
        }

        return -1;
    }
}

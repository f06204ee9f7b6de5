using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.DhtRpc.Routing;

/// <summary>Picks the nodes nearest to a target; compares the first bits of the distance, and all of it when those are equal.</summary>
/// <remarks>A node answers with such a choice thousands of times a second: all of it lies on the stack.</remarks>
internal ref struct ClosestSelection(Bytes32 target, int capacity)
{
    private readonly int _capacity = Math.Min(capacity, RoutingSnapshot.ClosestCount);
    private readonly ulong _targetPrefix = Prefix(in target);
    private Distances _distances;
    private Entries _picked;
    private int _count;

    /// <summary>The first bits of an id, as a number that orders as they do.</summary>
    public static ulong Prefix(in Bytes32 id) => BinaryPrimitives.ReadUInt64BigEndian(id.Span);

    public readonly bool IsFull => _count == _capacity;

    /// <param name="entries">Nodes to pick from.</param>
    /// <param name="prefixes">The first bits of their ids.</param>
    public void Offer(ReadOnlySpan<RoutingEntry> entries, ReadOnlySpan<ulong> prefixes)
    {
        for (int index = 0; index < entries.Length; index++)
            Offer(entries[index], prefixes[index]);
    }

    public void Offer(ReadOnlySpan<RoutingEntry> entries)
    {
        foreach (RoutingEntry entry in entries)
            Offer(entry, entry.Prefix);
    }

    /// <summary>Nearest first.</summary>
    public readonly RoutingNode[] ToNodes()
    {
        RoutingNode[] nodes = new RoutingNode[_count];
        for (int index = 0; index < nodes.Length; index++)
            nodes[index] = _picked[index].Node;
        return nodes;
    }

    /// <summary>Nearest first.</summary>
    public readonly PeerAddress[] ToAddresses()
    {
        PeerAddress[] addresses = new PeerAddress[_count];
        for (int index = 0; index < addresses.Length; index++)
            addresses[index] = _picked[index].Node.Address;
        return addresses;
    }

    private void Offer(RoutingEntry entry, ulong prefix)
    {
        ulong distance = prefix ^ _targetPrefix;
        if (IsFull && (_capacity == 0 || !IsNearer(distance, entry, _count - 1)))
            return;
        int place = IsFull ? _count - 1 : _count++;
        for (; place > 0 && IsNearer(distance, entry, place - 1); place--)
        {
            _distances[place] = _distances[place - 1];
            _picked[place] = _picked[place - 1];
        }

        _distances[place] = distance;
        _picked[place] = entry;
    }

    private readonly bool IsNearer(ulong distance, RoutingEntry entry, int than)
        => distance != _distances[than]
            ? distance < _distances[than]
            : entry.Node.Id.DistanceTo(target) < _picked[than].Node.Id.DistanceTo(target);

    [InlineArray(RoutingSnapshot.ClosestCount)]
    private struct Distances
    {
        private ulong _first;
    }

    [InlineArray(RoutingSnapshot.ClosestCount)]
    private struct Entries
    {
        private RoutingEntry _first;
    }
}

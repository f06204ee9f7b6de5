using System.Buffers.Binary;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.DhtRpc.Routing;

/// <summary>Picks the nodes nearest to a target; compares the first bits of the distance, and all of it when those are equal.</summary>
internal ref struct ClosestSelection(Bytes32 target, int capacity)
{
    private readonly ulong _targetPrefix = Prefix(in target);
    private readonly ulong[] _distances = new ulong[capacity];
    private readonly RoutingEntry[] _picked = new RoutingEntry[capacity];
    private int _count;

    /// <summary>The first bits of an id, as a number that orders as they do.</summary>
    public static ulong Prefix(in Bytes32 id) => BinaryPrimitives.ReadUInt64BigEndian(id.Span);

    public readonly bool IsFull => _count == capacity;

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
    public readonly ReadOnlySpan<RoutingEntry> Picked => _picked.AsSpan(0, _count);

    private void Offer(RoutingEntry entry, ulong prefix)
    {
        ulong distance = prefix ^ _targetPrefix;
        if (IsFull && (capacity == 0 || !IsNearer(distance, entry, _count - 1)))
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
}

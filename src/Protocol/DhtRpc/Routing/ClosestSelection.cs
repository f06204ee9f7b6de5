using System.Buffers.Binary;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.DhtRpc.Routing;

/// <summary>Picks the nodes nearest to a target; compares the first bits of the distance, and all of it when those are equal.</summary>
/// <param name="entries">The nodes to pick from.</param>
/// <param name="prefixes">The first bits of their ids.</param>
internal ref struct ClosestSelection(RoutingEntry[] entries, ulong[] prefixes, Bytes32 target, int capacity)
{
    private readonly ulong _targetPrefix = Prefix(in target);
    private readonly ulong[] _distances = new ulong[capacity];
    private readonly int[] _picked = new int[capacity];
    private int _count;

    /// <summary>The first bits of an id, as a number that orders as they do.</summary>
    public static ulong Prefix(in Bytes32 id) => BinaryPrimitives.ReadUInt64BigEndian(id.Span);

    public void Offer(int entry)
    {
        ulong distance = prefixes[entry] ^ _targetPrefix;
        if (_count == capacity && (_count == 0 || !IsNearer(distance, entry, _count - 1)))
            return;
        int place = _count < capacity ? _count++ : _count - 1;
        for (; place > 0 && IsNearer(distance, entry, place - 1); place--)
        {
            _distances[place] = _distances[place - 1];
            _picked[place] = _picked[place - 1];
        }

        _distances[place] = distance;
        _picked[place] = entry;
    }

    /// <summary>Nearest first.</summary>
    public readonly RoutingEntry[] ToArray()
    {
        RoutingEntry[] nearest = new RoutingEntry[_count];
        for (int place = 0; place < nearest.Length; place++)
            nearest[place] = entries[_picked[place]];
        return nearest;
    }

    private readonly bool IsNearer(ulong distance, int entry, int than)
        => distance != _distances[than]
            ? distance < _distances[than]
            : entries[entry].Node.Id.DistanceTo(target) < entries[_picked[than]].Node.Id.DistanceTo(target);
}

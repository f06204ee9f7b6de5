using System.Buffers.Binary;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.DhtRpc.Routing;

/// <summary>Picks the nodes nearest to a target; compares the first bits of the distance, and all of it when those are equal.</summary>
internal ref struct ClosestSelection(Bytes32 target, int capacity)
{
    private readonly ulong _targetPrefix = Prefix(in target);
    private readonly ulong[] _distances = new ulong[capacity];
    private readonly RoutingEntry[] _nodes = new RoutingEntry[capacity];
    private int _count;

    public void Offer(RoutingEntry node)
    {
        Bytes32 id = node.Node.Id.Value;
        ulong distance = Prefix(in id) ^ _targetPrefix;
        if (_count == _nodes.Length && (_count == 0 || !IsNearer(distance, node, _count - 1)))
            return;
        int place = _count < _nodes.Length ? _count++ : _count - 1;
        for (; place > 0 && IsNearer(distance, node, place - 1); place--)
        {
            _distances[place] = _distances[place - 1];
            _nodes[place] = _nodes[place - 1];
        }

        _distances[place] = distance;
        _nodes[place] = node;
    }

    /// <summary>Nearest first.</summary>
    public readonly RoutingEntry[] ToArray() => _count == _nodes.Length ? _nodes : _nodes[.._count];

    private readonly bool IsNearer(ulong distance, RoutingEntry node, int than)
        => distance != _distances[than] ? distance < _distances[than] : node.Node.Id.DistanceTo(target) < _nodes[than].Node.Id.DistanceTo(target);

    private static ulong Prefix(in Bytes32 id) => BinaryPrimitives.ReadUInt64BigEndian(id.Span);
}

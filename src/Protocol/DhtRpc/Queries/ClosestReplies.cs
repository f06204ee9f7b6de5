using System.Collections.Immutable;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.DhtRpc.Routing;

namespace Hyper.Protocol.DhtRpc.Queries;

/// <summary>The nearest replies so far, nearest first.</summary>
internal sealed class ClosestReplies(Bytes32 target)
{
    private readonly List<(Bytes32 Distance, ReceivedReply Reply)> _replies = new(RoutingSnapshot.ClosestCount + 1);

    public bool IsFull => _replies.Count >= RoutingSnapshot.ClosestCount;

    public int Count => _replies.Count;

    public bool WouldTake(NodeId id) => !IsFull || id.DistanceTo(target) < _replies[^1].Distance;

    public void Add(NodeId id, ReceivedReply reply)
    {
        Bytes32 distance = id.DistanceTo(target);
        int place = _replies.Count;
        while (place > 0 && _replies[place - 1].Distance > distance)
            place--;
        if (place > 0 && _replies[place - 1].Distance == distance)
            return;
        _replies.Insert(place, (distance, reply));
        if (_replies.Count > RoutingSnapshot.ClosestCount)
            _replies.RemoveAt(_replies.Count - 1);
    }

    public ImmutableArray<ReceivedReply> ToImmutable() => [.. _replies.Select(entry => entry.Reply)];
}

using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Routing;

namespace Hyper.Protocol.DhtRpc.Queries;

/// <summary>Which nodes a walk has seen, who named them, and which one is next.</summary>
internal sealed class QueryFrontier(Bytes32 target, NodeId own, ClosestReplies closest, int maxVisited)
{
    private readonly Dictionary<PeerAddress, Visit> _seen = [];
    private readonly PriorityQueue<RoutingNode, Bytes32> _pending = new();

    public int PendingCount => _pending.Count;

    /// <summary>Queues a node; false when it is no closer than what has been found, so that farther ones can be skipped.</summary>
    /// <param name="referrer">The node that named it, if any did.</param>
    /// <param name="tellReferrer">Set when the referrer should hear that the node is down.</param>
    public bool Offer(PeerAddress address, PeerAddress? referrer, out bool tellReferrer)
    {
        tellReferrer = false;
        if (_seen.TryGetValue(address, out Visit? visit))
        {
            if (referrer is { } known)
            {
                tellReferrer = visit.IsDown;
                visit.Referrers?.Add(known);
            }

            return closest.WouldTake(visit.Id);
        }

        NodeId id = NodeId.Of(address);
        if (id == own || address.Port == 0)
            return true;
        if (!closest.WouldTake(id) || _seen.Count >= maxVisited)
            return false;
        _seen.Add(address, new Visit(id) { Referrers = referrer is { } first ? [first] : [] });
        _pending.Enqueue(new RoutingNode(id, address), id.DistanceTo(target));
        return true;
    }

    /// <summary>The nearest node that is still worth asking.</summary>
    public bool TryNext(out RoutingNode node)
    {
        while (_pending.TryDequeue(out node, out _))
        {
            if (closest.WouldTake(node.Id))
                return true;
        }

        return false;
    }

    public void MarkDone(PeerAddress address)
    {
        if (_seen.TryGetValue(address, out Visit? visit))
            visit.Referrers = null;
    }

    /// <summary>Remembers that a node is down and gives back those who had named it.</summary>
    public IReadOnlyList<PeerAddress> MarkDown(PeerAddress address)
    {
        if (!_seen.TryGetValue(address, out Visit? visit))
            return [];
        List<PeerAddress> referrers = visit.Referrers ?? [];
        visit.Referrers = null;
        visit.IsDown = true;
        return referrers;
    }

    private sealed class Visit(NodeId id)
    {
        public NodeId Id { get; } = id;

        /// <summary>Present until the node has answered or failed.</summary>
        public List<PeerAddress>? Referrers { get; set; }

        public bool IsDown { get; set; }
    }
}

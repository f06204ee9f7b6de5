using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Routing;

namespace Hyper.Protocol.DhtRpc.Queries;

/// <summary>Which nodes a walk has seen, who named them, and which one is next.</summary>
internal sealed class QueryFrontier(Bytes32 target, NodeId own, ClosestReplies closest, int maxVisited)
{
    /// <summary>What most walks see and queue at most.</summary>
    private const int UsuallySeen = 72, UsuallyPending = 48;

    private readonly Dictionary<PeerAddress, Visit> _seen = new(UsuallySeen);
    private readonly PriorityQueue<Visit, Bytes32> _pending = new(UsuallyPending);

    public int PendingCount => _pending.Count;

    /// <summary>Queues a node; false when it is no closer than what has been found, so that farther ones can be skipped.</summary>
    /// <param name="address">The node.</param>
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
                visit.Note(known);
            }

            return closest.WouldTake(visit.Node.Id);
        }

        NodeId id = NodeId.Of(address);
        if (id == own || address.Port == 0)
            return true;
        if (!closest.WouldTake(id) || _seen.Count >= maxVisited)
            return false;
        visit = new Visit(new RoutingNode(id, address), referrer);
        _seen.Add(address, visit);
        _pending.Enqueue(visit, id.DistanceTo(target));
        return true;
    }

    /// <summary>The nearest node that is still worth asking.</summary>
    public bool TryNext(out RoutingNode node)
    {
        while (_pending.TryDequeue(out Visit? visit, out _))
        {
            node = visit.Node;
            if (closest.WouldTake(node.Id))
                return true;
        }

        node = default;
        return false;
    }

    public void MarkDone(PeerAddress address)
    {
        if (_seen.TryGetValue(address, out Visit? visit))
            visit.Settle(isDown: false);
    }

    /// <summary>Remembers that a node is down and gives back those who had named it.</summary>
    public PeerAddress[] MarkDown(PeerAddress address)
        => _seen.TryGetValue(address, out Visit? visit) ? visit.Settle(isDown: true) : [];

    /// <summary>A node and who has named it, until it has answered or failed.</summary>
    private sealed class Visit(RoutingNode node, PeerAddress? referrer)
    {
        // Most nodes are named once or twice before they answer.
        private PeerAddress? _first = referrer;
        private List<PeerAddress>? _others;
        private bool _isSettled;

        public RoutingNode Node { get; } = node;

        public bool IsDown { get; private set; }

        public void Note(PeerAddress other)
        {
            if (_isSettled)
                return;
            if (_first is null)
                _first = other;
            else
                (_others ??= []).Add(other);
        }

        public PeerAddress[] Settle(bool isDown)
        {
            PeerAddress[] referrers = isDown && _first is { } first ? [first, .. _others ?? []] : [];
            (_first, _others, _isSettled, IsDown) = (null, null, true, IsDown || isDown);
            return referrers;
        }
    }
}

using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Messages;

namespace Hyper.Protocol.DhtRpc.Routing;

/// <summary>The buckets of a routing table at one moment, safe to read anywhere; it shares with the moment before what has not changed.</summary>
public sealed class RoutingView : IKnownNodes
{
    private readonly NodeId _own;
    private readonly RoutingBucket?[] _buckets;
    private readonly int _count;

    internal RoutingView(NodeId own, RoutingBucket?[] buckets, int count) => (_own, _buckets, _count) = (own, buckets, count);

    public PeerAddress[] Closest(Bytes32 target, int count = RoutingSnapshot.ClosestCount)
    {
        ClosestSelection selection = new(target, Math.Min(count, _count));
        Select(target, ref selection);
        return selection.ToAddresses();
    }

    // Nodes of the target's own bucket share more bits with it than any other. All behind that bucket share equally many, so they are compared
    // with each other; before it, each bucket is farther than the next.
    private void Select(Bytes32 target, ref ClosestSelection selection)
    {
        int own = RoutingTable.BucketOf(_own, new NodeId(target));
        if (own < _buckets.Length)
            _buckets[own]?.OfferTo(ref selection);
        bool isComplete = selection.IsFull;
        for (int index = own + 1; index < _buckets.Length && !isComplete; index++)
            _buckets[index]?.OfferTo(ref selection);
        for (int index = Math.Min(own, _buckets.Length) - 1; index >= 0 && !selection.IsFull; index--)
            _buckets[index]?.OfferTo(ref selection);
    }
}

using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.DhtRpc.Routing;

/// <summary>The nodes that a node knows: what it tells others of them, and where its walks begin.</summary>
public interface IKnownNodes
{
    /// <summary>Addresses of the nodes nearest to a target, nearest first; never more than <see cref="RoutingSnapshot.ClosestCount"/>.</summary>
    PeerAddress[] Closest(Bytes32 target, int count = RoutingSnapshot.ClosestCount);
}

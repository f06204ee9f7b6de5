using System.Collections.Immutable;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Messages;

namespace Hyper.Protocol.DhtRpc.Routing;

/// <summary>A known node: its address and the id that follows from it.</summary>
public readonly record struct RoutingNode(NodeId Id, PeerAddress Address)
{
    public static RoutingNode At(PeerAddress address) => new(NodeId.Of(address), address);
}

/// <summary>The routing table at one moment, safe to read anywhere.</summary>
public sealed class RoutingSnapshot
{
    /// <summary>Nodes that a reply or the start of a query names at most.</summary>
    public const int ClosestCount = 20;

    public static RoutingSnapshot Empty { get; } = new([]);

    /// <param name="nodes">Most recently heard first.</param>
    public RoutingSnapshot(ImmutableArray<RoutingNode> nodes) => Nodes = nodes;

    /// <summary>All nodes, most recently heard first.</summary>
    public ImmutableArray<RoutingNode> Nodes { get; }

    public int Count => Nodes.Length;

    /// <summary>The known nodes nearest to a target, nearest first.</summary>
    public RoutingNode[] Closest(Bytes32 target, int count = ClosestCount)
    {
        ClosestSelection selection = new(target, Math.Min(count, Nodes.Length));
        foreach (ref readonly RoutingNode node in Nodes.AsSpan())
            selection.Offer(in node);
        return selection.ToArray();
    }

    /// <summary>Addresses of the nodes nearest to a target, nearest first.</summary>
    public PeerAddress[] ClosestAddresses(Bytes32 target, int count = ClosestCount)
        => Array.ConvertAll(Closest(target, count), node => node.Address);
}

using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Messages;

namespace Hyper.Protocol.DhtRpc.Routing;

/// <summary>A known node: its address and the id that follows from it.</summary>
public readonly record struct RoutingNode(NodeId Id, PeerAddress Address)
{
    public static RoutingNode At(PeerAddress address) => new(NodeId.Of(address), address);
}

/// <summary>The routing table at one moment, safe to read anywhere.</summary>
public sealed class RoutingSnapshot : IKnownNodes
{
    /// <summary>Nodes that a reply or the start of a query names at most.</summary>
    public const int ClosestCount = 20;

    // Of the entries only the node is read, which never changes; sharing them costs a fifth of a copy.
    private readonly RoutingEntry[] _entries;

    /// <param name="nodes">Most recently heard first.</param>
    public RoutingSnapshot(IEnumerable<RoutingNode> nodes)
        : this([.. nodes.Select(node => new RoutingEntry(node, 0))])
    {
    }

    internal RoutingSnapshot(RoutingEntry[] entries) => _entries = entries;

    public static RoutingSnapshot Empty { get; } = new(Array.Empty<RoutingEntry>());

    /// <summary>All nodes, most recently heard first.</summary>
    public IEnumerable<RoutingNode> Nodes => _entries.Select(entry => entry.Node);

    public int Count => _entries.Length;

    public PeerAddress[] Closest(Bytes32 target, int count = ClosestCount)
    {
        ClosestSelection selection = new(target, Math.Min(count, Count));
        foreach (RoutingEntry entry in _entries)
            selection.Offer(entry.Candidate);
        return selection.ToAddresses();
    }

    public PeerAddress[] Newest(int limit) => RoutingEntry.AddressesOf(_entries.AsSpan(0, Math.Clamp(limit, 0, Count)));
}

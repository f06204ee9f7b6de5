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

    // Of the entries only the node is read, which never changes; sharing them costs a fifth of a copy. The first bits of their ids lie
    // together: a search reads all of them, and of the entries those that it picks.
    private readonly RoutingEntry[] _entries;
    private readonly ulong[] _prefixes;

    /// <param name="nodes">Most recently heard first.</param>
    public RoutingSnapshot(IEnumerable<RoutingNode> nodes)
        : this([.. nodes.Select(node => new RoutingEntry(node, 0))])
    {
    }

    internal RoutingSnapshot(RoutingEntry[] entries)
    {
        _entries = entries;
        _prefixes = Array.ConvertAll(entries, entry => ClosestSelection.Prefix(entry.Node.Id.Value));
    }

    public static RoutingSnapshot Empty { get; } = new(Array.Empty<RoutingEntry>());

    /// <summary>All nodes, most recently heard first.</summary>
    public IEnumerable<RoutingNode> Nodes => _entries.Select(entry => entry.Node);

    public int Count => _entries.Length;

    /// <summary>The known nodes nearest to a target, nearest first.</summary>
    public RoutingNode[] Closest(Bytes32 target, int count = ClosestCount) => Array.ConvertAll(Select(target, count), entry => entry.Node);

    /// <summary>Addresses of the nodes nearest to a target, nearest first.</summary>
    public PeerAddress[] ClosestAddresses(Bytes32 target, int count = ClosestCount)
        => Array.ConvertAll(Select(target, count), entry => entry.Node.Address);

    private RoutingEntry[] Select(Bytes32 target, int count)
    {
        ClosestSelection selection = new(_entries, _prefixes, target, Math.Min(count, _entries.Length));
        for (int place = 0; place < _entries.Length; place++)
            selection.Offer(place);
        return selection.ToArray();
    }
}

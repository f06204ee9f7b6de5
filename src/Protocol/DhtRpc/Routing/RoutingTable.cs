using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Messages;

namespace Hyper.Protocol.DhtRpc.Routing;

/// <summary>What became of a node offered to the table.</summary>
public enum RoutingAddition
{
    Added,
    AlreadyKnown,
    BucketFull,

    /// <summary>The table never holds its own id.</summary>
    IsSelf,
}

/// <summary>Nodes by how many leading bits of their id equal ours, at most k for each number of bits.</summary>
public sealed class RoutingTable
{
    /// <summary>Nodes for each number of shared bits.</summary>
    public const int BucketSize = 20;

    private readonly List<RoutingEntry>?[] _buckets = new List<RoutingEntry>?[NodeId.BitCount];
    private readonly LinkedList<RoutingEntry> _byAge = new();

    public RoutingTable(NodeId own) => Own = own;

    /// <summary>The id that the buckets are arranged around.</summary>
    public NodeId Own { get; }

    public int Count => _byAge.Count;

    /// <summary>Most recently heard first.</summary>
    internal IEnumerable<RoutingEntry> NewestFirst
    {
        get
        {
            for (LinkedListNode<RoutingEntry>? at = _byAge.Last; at is not null; at = at.Previous)
                yield return at.Value;
        }
    }

    /// <summary>Longest silent first.</summary>
    internal IEnumerable<RoutingEntry> OldestFirst => _byAge;

    /// <summary>Adds a node unless its bucket is full; the tick is when it was heard.</summary>
    public RoutingAddition Add(PeerAddress address, long tick) => Add(new RoutingEntry(RoutingNode.At(address), tick));

    internal RoutingAddition Add(RoutingEntry entry)
    {
        if (entry.Node.Id == Own)
            return RoutingAddition.IsSelf;
        ref List<RoutingEntry>? bucket = ref _buckets[BucketOf(entry.Node.Id)];
        bucket ??= [];
        if (Find(bucket, entry.Node.Id) is not null)
            return RoutingAddition.AlreadyKnown;
        if (bucket.Count >= BucketSize)
            return RoutingAddition.BucketFull;
        bucket.Add(entry);
        entry.Place = _byAge.AddLast(entry);
        return RoutingAddition.Added;
    }

    public bool Contains(NodeId id) => TryGet(id, out _);

    public bool Remove(NodeId id)
    {
        if (!TryGet(id, out RoutingEntry? entry))
            return false;
        _buckets[BucketOf(id)]!.Remove(entry);
        _byAge.Remove(entry.Place!);
        entry.Place = null;
        return true;
    }

    public RoutingSnapshot Snapshot() => new([.. NewestFirst.Select(entry => entry.Node)]);

    internal bool TryGet(NodeId id, [NotNullWhen(true)] out RoutingEntry? entry)
    {
        entry = _buckets[BucketOf(id)] is { } bucket ? Find(bucket, id) : null;
        return entry is not null;
    }

    /// <summary>Marks a node as heard now: it becomes the newest.</summary>
    internal void Refresh(RoutingEntry entry, long tick)
    {
        entry.PingedTick = tick;
        _byAge.Remove(entry.Place!);
        _byAge.AddLast(entry.Place!);
    }

    /// <summary>The nodes that share a bucket with an id.</summary>
    internal IReadOnlyList<RoutingEntry> Bucket(NodeId id) => _buckets[BucketOf(id)] is { } bucket ? bucket : [];

    private int BucketOf(NodeId id) => Math.Min(Own.SharedPrefixBits(id), NodeId.BitCount - 1);

    private static RoutingEntry? Find(List<RoutingEntry> bucket, NodeId id)
    {
        foreach (RoutingEntry entry in bucket)
        {
            if (entry.Node.Id == id)
                return entry;
        }

        return null;
    }
}

/// <summary>A node in the table and when we last dealt with it, in ticks.</summary>
internal sealed class RoutingEntry(RoutingNode node, long tick)
{
    public RoutingNode Node { get; } = node;

    public long AddedTick { get; } = tick;

    public long PingedTick { get; set; } = tick;

    public bool WasDownHinted { get; set; }

    public LinkedListNode<RoutingEntry>? Place { get; set; }
}

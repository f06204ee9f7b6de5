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

    private readonly AgeList _byAge = new();
    private RoutingBucket?[] _buckets = [];
    private RoutingView? _view;

    public RoutingTable(NodeId own) => Own = own;

    /// <summary>The id that the buckets are arranged around.</summary>
    public NodeId Own { get; }

    public int Count => _byAge.Count;

    /// <summary>The buckets as they are now; another one after each change.</summary>
    public RoutingView View => _view ??= new RoutingView(Own, [.. _buckets], Count);

    /// <summary>Longest silent first.</summary>
    internal AgeList OldestFirst => _byAge;

    /// <summary>Adds a node unless its bucket is full; the tick is when it was heard.</summary>
    public RoutingAddition Add(PeerAddress address, int tick) => Add(new RoutingEntry(RoutingNode.At(address), tick));

    internal RoutingAddition Add(RoutingEntry entry)
    {
        if (entry.Node.Id == Own)
            return RoutingAddition.IsSelf;
        int index = BucketOf(Own, entry.Node.Id);
        RoutingBucket bucket = BucketAt(index);
        if (bucket.Find(entry.Node.Id) is not null)
            return RoutingAddition.AlreadyKnown;
        if (bucket.IsFull)
            return RoutingAddition.BucketFull;
        Set(index, bucket.With(entry));
        _byAge.Add(entry);
        return RoutingAddition.Added;
    }

    public bool Contains(NodeId id) => TryGet(id, out _);

    public bool Remove(NodeId id)
    {
        if (!TryGet(id, out RoutingEntry? entry))
            return false;
        int index = BucketOf(Own, id);
        Set(index, BucketAt(index).Without(id));
        _byAge.Remove(entry);
        return true;
    }

    public RoutingSnapshot Snapshot()
    {
        RoutingEntry[] entries = new RoutingEntry[Count];
        int place = entries.Length;
        foreach (RoutingEntry entry in _byAge)
            entries[--place] = entry;
        return new RoutingSnapshot(entries);
    }

    public PeerAddress[] Newest(int limit)
    {
        PeerAddress[] addresses = new PeerAddress[Math.Clamp(limit, 0, Count)];
        RoutingEntry? entry = _byAge.Newest;
        for (int index = 0; index < addresses.Length; index++, entry = entry.Older)
            addresses[index] = entry!.Node.Address;
        return addresses;
    }

    internal bool TryGet(NodeId id, [NotNullWhen(true)] out RoutingEntry? entry)
    {
        entry = BucketAt(BucketOf(Own, id)).Find(id);
        return entry is not null;
    }

    /// <summary>Marks a node as heard now: it becomes the newest.</summary>
    internal void Refresh(RoutingEntry entry, int tick)
    {
        entry.PingedTick = tick;
        _byAge.Remove(entry);
        _byAge.Add(entry);
    }

    /// <summary>The nodes that share a bucket with an id.</summary>
    internal ReadOnlySpan<RoutingEntry> Bucket(NodeId id) => BucketAt(BucketOf(Own, id)).Entries;

    internal static int BucketOf(NodeId own, NodeId id) => Math.Min(own.SharedPrefixBits(id), NodeId.BitCount - 1);

    private RoutingBucket BucketAt(int index) => index < _buckets.Length && _buckets[index] is { } bucket ? bucket : RoutingBucket.Empty;

    // Only the first few of 256 ever hold a node: the array is as long as it must be.
    private void Set(int index, RoutingBucket bucket)
    {
        if (index >= _buckets.Length)
            Array.Resize(ref _buckets, index + 1);
        _buckets[index] = bucket;
        _view = null;
    }
}

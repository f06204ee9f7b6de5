using System.Collections;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.DhtRpc.Routing;

/// <summary>Entries by when they were last heard, longest silent first; an entry is in one list at most.</summary>
internal sealed class AgeList : IEnumerable<RoutingEntry>
{
    private RoutingEntry? _oldest;
    private RoutingEntry? _newest;

    public int Count { get; private set; }

    public RoutingEntry? Newest => _newest;

    /// <summary>Adds an entry as the newest.</summary>
    public void Add(RoutingEntry entry)
    {
        (entry.Older, entry.Newer) = (_newest, null);
        if (_newest is null)
            _oldest = entry;
        else
            _newest.Newer = entry;
        _newest = entry;
        Count++;
    }

    public void Remove(RoutingEntry entry)
    {
        if (entry.Older is null)
            _oldest = entry.Newer;
        else
            entry.Older.Newer = entry.Newer;
        if (entry.Newer is null)
            _newest = entry.Older;
        else
            entry.Newer.Older = entry.Older;
        (entry.Older, entry.Newer) = (null, null);
        Count--;
    }

    public IEnumerator<RoutingEntry> GetEnumerator()
    {
        for (RoutingEntry? at = _oldest; at is not null; at = at.Newer)
            yield return at;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>A node in the table and when we last dealt with it, in ticks.</summary>
internal sealed class RoutingEntry(RoutingNode node, int tick)
{
    private readonly RoutingNode _node = node;

    public ref readonly RoutingNode Node => ref _node;

    /// <summary>What a search reads of the node.</summary>
    public Candidate Candidate => new(Candidate.PrefixOf(_node.Id.Value), _node.Address);

    public int AddedTick { get; } = tick;

    public int PingedTick { get; set; } = tick;

    public bool WasDownHinted { get; set; }

    public RoutingEntry? Older { get; set; }

    public RoutingEntry? Newer { get; set; }

    public static PeerAddress[] AddressesOf(ReadOnlySpan<RoutingEntry> entries)
    {
        PeerAddress[] addresses = new PeerAddress[entries.Length];
        for (int index = 0; index < addresses.Length; index++)
            addresses[index] = entries[index].Node.Address;
        return addresses;
    }
}

using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication.Blocks;

namespace Hyper.Protocol.HypercoreReplication.Requests;

/// <summary>Nodes that are looked for: the peer is asked once for each part of the tree, as soon as it has a block there.</summary>
internal sealed class NodeSearches(ReplicationOptions options, RemotePeer remote, BlockSet have)
{
    private readonly List<NodeSearch> _waiting = [];

    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>Blocks of which the peer has announced none, although one of them would do.</summary>
    public WantedNode? Unanswerable { get; private set; }

    /// <summary>A byte behind the end of what we know, for the next request for a longer tree.</summary>
    public SeekTarget? Beyond => _waiting.Find(search => search.IsBeyond).Seek;

    public void Remove(NodeSearch search) => _waiting.RemoveAll(search.Continues);

    /// <summary>The core is another one: what was behind its end is announced again if it still is.</summary>
    public void HandleCore() => _waiting.RemoveAll(search => search.IsBeyond);

    /// <summary>A search that has come closer replaces what was known of it.</summary>
    public void Add(NodeSearch search)
    {
        _waiting.RemoveAll(search.Continues);
        if (_waiting.Count < options.MaxSearches && !search.NeedsBlock)
            _waiting.Add(search);
    }

    /// <summary>The next search that the peer can help with, and a block of the part that it has.</summary>
    public bool TryTake(LocalCore core, out NodeSearch search, out long block)
    {
        Unanswerable = null;
        for (int i = 0; i < _waiting.Count; i++)
        {
            search = _waiting[i];
            if (search.IsBeyond)
                continue;
            if (TryFind(search, core, out block))
            {
                _waiting.RemoveAt(i);
                return true;
            }

            Unanswerable ??= search.Within;
        }

        (search, block) = (default, -1);
        return false;
    }

    private bool TryFind(NodeSearch search, LocalCore core, out long block)
    {
        long end = Math.Min(search.Within.EndBlock, Math.Min(core.Length, remote.Length));
        for (long at = search.Within.FirstBlock; ; at = have.NextAbsent(block))
        {
            block = at < end ? remote.Blocks.NextPresent(at, end) : -1;
            if (block < 0 || search.Seek is null || !have.Contains(block))
                return block >= 0;
        }
    }
}

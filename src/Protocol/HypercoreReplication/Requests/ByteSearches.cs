using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication.Blocks;

namespace Hyper.Protocol.HypercoreReplication.Requests;

/// <summary>Bytes that are looked for: the peer is asked once for the nodes around each, as soon as it has a block near it.</summary>
internal sealed class ByteSearches(ReplicationOptions options, RemotePeer remote, BlockSet have)
{
    private readonly List<ByteSearch> _waiting = [];

    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>Blocks of which the peer has announced none, although one of them would do.</summary>
    public WantedNode? Unanswerable { get; private set; }

    /// <summary>A search that has come closer replaces what was known of it.</summary>
    public void Add(ByteSearch search)
    {
        _waiting.RemoveAll(known => known.Bytes == search.Bytes);
        if (_waiting.Count < options.MaxSearches && !search.NeedsBlock)
            _waiting.Add(search);
    }

    /// <summary>The next search that the peer can help with, and a block of the part that it has.</summary>
    public bool TryTake(LocalCore core, out ByteSearch search, out long block)
    {
        Unanswerable = null;
        for (int i = 0; i < _waiting.Count; i++)
        {
            search = _waiting[i];
            if (TryFind(search.Within, core, out block))
            {
                _waiting.RemoveAt(i);
                return true;
            }

            Unanswerable ??= search.Within;
        }

        (search, block) = (default, -1);
        return false;
    }

    private bool TryFind(WantedNode within, LocalCore core, out long block)
    {
        long end = Math.Min(within.EndBlock, Math.Min(core.Length, remote.Length));
        for (long at = within.FirstBlock; ; at = have.NextAbsent(block))
        {
            block = at < end ? remote.Blocks.NextPresent(at, end) : -1;
            if (block < 0 || !have.Contains(block))
                return block >= 0;
        }
    }
}

using Akka.Actor;
using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Storage.Cores;

/// <summary>The ranges of a core that are being downloaded; each keeps a bounded number of its blocks asked for.</summary>
internal sealed class CoreDownloads(HypercoreMachine core, BlockNeeds needs, CoreLimits limits)
{
    private readonly List<OpenRange> _ranges = [];
    private int _pending;

    /// <summary>Whether the message was about downloads.</summary>
    public bool Handle(object message, IActorRef asker)
    {
        switch (message)
        {
            case DownloadProtocol.Download download when _ranges.Count >= limits.MaxDownloads:
                string reason = $"{limits.MaxDownloads} ranges are being downloaded already";
                asker.Tell(new CoreProtocol.Failed(download.Request, CoreProblem.LimitReached, reason));
                return true;
            case DownloadProtocol.Download download:
                _ranges.Add(new OpenRange(asker, download));
                Advance();
                return true;
            case DownloadProtocol.EndDownload end:
                foreach (OpenRange range in _ranges.Where(range => range.Request == end.Request && range.Asker.Equals(asker)).ToArray())
                    End(range, isComplete: false);
                Advance();
                return true;
            default:
                return false;
        }
    }

    /// <summary>Whether the effect told of a block that is needed or no longer; others may let downloads go on.</summary>
    public bool Handle(CoreEffect effect)
    {
        switch (effect)
        {
            case NeedBlock need:
                needs.Add(need.Index);
                return true;
            case BlockUnneeded unneeded:
                needs.Remove(unneeded.Index);
                return true;
            case BlocksAvailable blocks:
                needs.End(blocks);
                foreach (OpenRange range in _ranges)
                    _pending -= range.Take(blocks);
                Advance();
                return false;
            case Truncated cut:
                foreach (OpenRange range in _ranges)
                    range.Return(cut.Ancestors);
                Advance();
                return false;
            case Appended:
                Advance();
                return false;
            default:
                return false;
        }
    }

    /// <summary>Ends all of them.</summary>
    public void Close()
    {
        foreach (OpenRange range in _ranges)
            range.Asker.Tell(new DownloadProtocol.Downloaded(range.Request, IsComplete: false));
        _ranges.Clear();
    }

    private void Advance()
    {
        if (_ranges.Count == 0)
            return;
        foreach (OpenRange range in _ranges.ToArray())
        {
            while (MayAsk(range) && range.TryNext(core, out long block))
            {
                _pending++;
                needs.Add(block);
            }

            if (range.IsDone)
                End(range, isComplete: true);
        }
    }

    private bool MayAsk(OpenRange range)
        => range.PendingCount < limits.MinBlocksOfDownload || (_pending < limits.MaxDownloadBlocks && range.PendingCount < limits.MaxBlocksOfDownload);

    private void End(OpenRange range, bool isComplete)
    {
        _ranges.Remove(range);
        _pending -= range.PendingCount;
        foreach (long block in range.Pending)
            needs.Remove(block);
        range.Asker.Tell(new DownloadProtocol.Downloaded(range.Request, isComplete));
    }

    /// <summary>One range: what has been asked for of it, and where to go on.</summary>
    private sealed class OpenRange(IActorRef asker, DownloadProtocol.Download download)
    {
        private readonly SortedSet<long> _pending = [];
        private readonly long[]? _blocks = download.Range.Blocks is { } blocks ? [.. blocks.Where(block => block >= 0).Distinct().Order()] : null;
        private long _next = download.Range.Blocks is null ? Math.Max(download.Range.Start, 0) : 0;

        public IActorRef Asker => asker;

        public long Request => download.Request;

        public IEnumerable<long> Pending => _pending;

        public int PendingCount => _pending.Count;

        public bool IsDone => _pending.Count == 0 && _next >= (_blocks?.Length ?? download.Range.End ?? long.MaxValue);

        /// <summary>The next block that exists and is not stored.</summary>
        public bool TryNext(HypercoreMachine core, out long block)
        {
            for (block = Candidate(core); block >= 0; block = Candidate(core))
            {
                _next++;
                if (!core.Has(block) && _pending.Add(block))
                    return true;
            }

            return false;
        }

        /// <summary>How many of these were asked for.</summary>
        public int Take(BlocksAvailable blocks)
            => _pending.RemoveWhere(block => block >= blocks.Start && block - blocks.Start < blocks.Count);

        /// <summary>The core was cut: what follows is looked at anew.</summary>
        public void Return(long length)
        {
            if (_blocks is null)
                _next = Math.Min(_next, Math.Max(length, download.Range.Start));
            else
                _next = Math.Min(_next, _blocks.Count(block => block < length));
        }

        private long Candidate(HypercoreMachine core)
        {
            long length = core.Accepted.Length;
            if (_blocks is not null)
                return _next < _blocks.Length && _blocks[_next] < length ? _blocks[_next] : -1;
            long end = Math.Min(download.Range.End ?? long.MaxValue, length);
            if (_next >= end)
                return -1;
            long missing = core.Bitfield.FindFirst(false, _next);
            _next = missing < 0 ? end : Math.Min(missing, end);
            return _next < end ? _next : -1;
        }
    }
}

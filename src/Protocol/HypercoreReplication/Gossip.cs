using Hyper.Protocol.HypercoreReplication.Blocks;
using Hyper.Protocol.HypercoreReplication.Messages;
using Hyper.Protocol.HypercoreReplication.Uploads;

namespace Hyper.Protocol.HypercoreReplication;

/// <summary>
/// Tells the peer of new blocks: a writer at once; a copy after a while, less often while it grows, and only what the peer lacks by then.
/// </summary>
internal sealed class Gossip(
    ReplicationOptions options, RemotePeer remote, RemoteWants wants, BlockSet have, Action sync, Action<ReplicationEffect> emit)
{
    private readonly List<(long Start, long Length)> _runs = [];
    private TimeSpan? _due;
    private TimeSpan _notBefore;
    private LocalCore? _core;
    private bool _kept;
    private long _toldWhole;

    /// <summary>What is stored from the start, told when the channel opens.</summary>
    public void TellPrefix(LocalCore core)
    {
        long contiguous = Math.Min(have.Contiguous, core.Length);
        _toldWhole = contiguous == core.Length ? contiguous : 0;
        if (contiguous > 0)
            emit(new ReplicationEffect.Send(new RangeMessage(0, contiguous)));
    }

    /// <summary>Puts off telling a copy's length. A peer that is ahead must know it at once, or it cannot be asked for more.</summary>
    public bool TryHold(LocalCore core, TimeSpan now)
    {
        if (options.GossipDelay == TimeSpan.Zero || remote.Length >= core.Length)
            return false;
        Delay(now);
        return true;
    }

    public void Tell(long start, long length, LocalCore core, bool isCopy, TimeSpan now)
    {
        if (_core is { } before && before.Fork != core.Fork)
            _toldWhole = 0;
        _core = core;
        if (!isCopy || options.GossipDelay == TimeSpan.Zero)
        {
            SendIfNews(start, length);
            return;
        }

        Delay(now);
        if (_runs.Count > 0 && _runs[^1] is var last && last.Start + last.Length == start)
            _runs[^1] = (last.Start, last.Length + length);
        else
            _runs.Add((start, length));
    }

    public TimeSpan? Earlier(TimeSpan? other) => _due is { } due && (other is null || due < other) ? due : other;

    public void HandleTimeout(TimeSpan now)
    {
        if (_due is not { } due || now < due)
            return;
        _due = null;
        _notBefore = now + options.GossipInterval;
        sync();
        foreach ((long start, long length) in _runs)
            SendIfNews(start, length);
        _runs.Clear();
    }

    private void Delay(TimeSpan now)
    {
        TimeSpan due = now + options.GossipDelay;
        _due ??= due > _notBefore ? due : _notBefore;
    }

    private void SendIfNews(long start, long length)
    {
        if (have.NextAbsent(start) < start + length || _core is not { } core)
            return;
        bool whole = have.Contiguous >= core.Length;
        // A peer that has everything itself hears that a copy is whole, so that it knows who else holds its blocks.
        bool isNews = whole && _toldWhole < have.Contiguous;
        if (whole && (_kept || isNews))
            (start, length, _kept, _toldWhole) = (0, have.Contiguous, false, have.Contiguous);
        // What a peer had of another history says nothing of this one.
        if (!isNews && remote.Fork == core.Fork && remote.Blocks.NextAbsent(start) >= start + length)
            return;
        _kept |= !whole && !IsOfInterest(start, length, core);
        if (whole || IsOfInterest(start, length, core))
            emit(new ReplicationEffect.Send(new RangeMessage(start, length)));
    }

    // Version 11 tells of blocks in the middle of a sparse copy only those who asked for them.
    private bool IsOfInterest(long start, long length, LocalCore core)
        => start + options.AnnouncedTail >= core.Length || wants.Covers(start, length);
}

using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.HypercoreReplication.Messages;

namespace Hyper.Protocol.HypercoreReplication.Uploads;

/// <summary>Wants of the peer that have not been answered. Ten bytes of it ask for hundreds of kilobytes, so not all are answered at once.</summary>
internal sealed class WantQueue(ReplicationOptions options)
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(10);

    private readonly Queue<WantMessage> _waiting = [];
    private readonly HashSet<WantMessage> _distinct = [];
    private TimeSpan _until;
    private long _left;

    /// <summary>When more may be answered; null when nothing waits for that.</summary>
    public TimeSpan? NextDeadline => _waiting.Count > 0 && _left <= 0 ? _until : null;

    /// <summary>More than a peer may have us remember are dropped, and the same want waits once.</summary>
    public void Add(WantMessage want)
    {
        if (_waiting.Count < options.MaxRememberedWants + options.MaxLooseWants && _distinct.Add(want))
            _waiting.Enqueue(want);
    }

    public bool TryTake(TimeSpan now, [NotNullWhen(true)] out WantMessage? want)
    {
        want = null;
        if (_waiting.Count == 0)
            return false;
        if (now >= _until)
            (_until, _left) = (now + s_period, options.MaxWantedBytes);
        if (_left <= 0)
            return false;
        want = _waiting.Dequeue();
        _distinct.Remove(want);
        return true;
    }

    /// <summary>So many bytes were sent in answer.</summary>
    public void Spend(long bytes) => _left -= bytes;
}

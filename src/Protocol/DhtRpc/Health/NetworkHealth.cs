namespace Hyper.Protocol.DhtRpc.Health;

/// <summary>Judges from replies and timeouts of the last ticks whether we are online, and how well.</summary>
internal sealed class NetworkHealth
{
    private const int WindowTicks = 4;
    private const int OfflineTicks = 2;
    private const int MinEvents = 4;
    private const double DegradedRate = 0.5;

    private readonly Queue<bool?> _degradedTicks = new();
    private long _responses;
    private long _timeouts;
    private int _ticks;
    private int _offlineTicks;

    public bool IsOnline { get; private set; } = true;

    public bool IsDegraded { get; private set; }

    public void Reset()
    {
        _degradedTicks.Clear();
        _ticks = _offlineTicks = 0;
        IsOnline = true;
        IsDegraded = false;
    }

    /// <summary>Ends a tick with the totals so far.</summary>
    public void Tick(long totalResponses, long totalTimeouts)
    {
        long responses = totalResponses - _responses;
        long timeouts = totalTimeouts - _timeouts;
        (_responses, _timeouts) = (totalResponses, totalTimeouts);
        if (_degradedTicks.Count == WindowTicks)
            _degradedTicks.Dequeue();
        bool isCold = ++_ticks < WindowTicks;
        if (isCold || responses + timeouts < MinEvents)
        {
            _degradedTicks.Enqueue(null);
            return;
        }

        bool isOffline = responses == 0;
        bool isDegraded = !isOffline && timeouts / (double)(responses + timeouts) > DegradedRate;
        _degradedTicks.Enqueue(isOffline ? null : isDegraded);
        _offlineTicks = isOffline ? _offlineTicks + 1 : 0;
        if (!isOffline)
            IsOnline = true;
        else if (_offlineTicks >= OfflineTicks)
            IsOnline = false;
        if (!IsOnline || _degradedTicks.Count(tick => tick == false) == WindowTicks)
            IsDegraded = false;
        else if (_degradedTicks.Count(tick => tick == true) == WindowTicks)
            IsDegraded = true;
    }
}

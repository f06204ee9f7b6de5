namespace Hyper.Protocol.Hyperswarm.Peers;

/// <summary>Gives peers back in batches, each after one to two ticks of two thirds of a delay.</summary>
internal sealed class BulkTimer
{
    private readonly TimeSpan _tick;
    private List<SwarmPeer> _next = [];
    private List<SwarmPeer> _pending = [];
    private TimeSpan? _nextTick;

    public BulkTimer(TimeSpan delay)
        => _tick = TimeSpan.FromMilliseconds(Math.Max(1, Math.Floor(delay.TotalMilliseconds * 0.66)));

    public TimeSpan? NextDeadline => IsEmpty ? null : _nextTick;

    private bool IsEmpty => _next.Count + _pending.Count == 0;

    public void Add(SwarmPeer peer, TimeSpan now)
    {
        // Ticks keep their phase while there is nothing to do.
        TimeSpan tick = _nextTick ?? now + _tick;
        if (IsEmpty && tick <= now)
            tick += (Math.Floor((now - tick) / _tick) + 1) * _tick;
        _nextTick = tick;
        _pending.Add(peer);
    }

    public void Advance(TimeSpan now, List<SwarmPeer> due)
    {
        while (!IsEmpty && _nextTick <= now)
        {
            due.AddRange(_next);
            (_next, _pending) = (_pending, []);
            _nextTick += _tick;
        }
    }

    public IReadOnlyList<SwarmPeer> TakeAll()
    {
        List<SwarmPeer> all = [.. _next, .. _pending];
        (_next, _pending) = ([], []);
        return all;
    }
}

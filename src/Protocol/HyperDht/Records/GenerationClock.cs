namespace Hyper.Protocol.HyperDht.Records;

/// <summary>When a store of two generations turns: each two thirds of the lifetime, unless it turned for want of room.</summary>
internal sealed class GenerationClock
{
    private readonly TimeSpan _period;
    private TimeSpan? _next;
    private bool _turned;

    public GenerationClock(TimeSpan lifetime) => _period = lifetime * 2 / 3;

    /// <summary>How many turns are due, at most two: after that nothing old is left.</summary>
    public int TurnsDue(TimeSpan now)
    {
        _next ??= now + _period;
        int turns = 0;
        while (now >= _next && turns < 2)
        {
            if (!_turned)
                turns++;
            _turned = false;
            _next += _period;
        }

        if (now >= _next)
            _next = now + _period;
        return turns;
    }

    /// <summary>The store turned by itself because a generation was full.</summary>
    public void Turned() => _turned = true;
}

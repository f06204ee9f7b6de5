namespace Hyper.Protocol.Udx.Congestion;

/// <summary>A token bucket that spreads packets over time; a token is one packet.</summary>
internal sealed class Pacer
{
    private const double MinimumBurst = 2;

    /// <summary>What a late timer may make up for: less, and a busy machine sends below its rate and believes the path to be slower.</summary>
    private static readonly TimeSpan BurstDuration = TimeSpan.FromMilliseconds(8);

    /// <summary>Timers are no finer, so several packets leave at each tick of a fast stream.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    private double _tokens = 10;
    private TimeSpan _refilledAt;

    /// <summary>True when a packet may leave now.</summary>
    public bool MaySend(double rate, TimeSpan now)
    {
        if (double.IsPositiveInfinity(rate))
            return true;
        double burst = Math.Max(MinimumBurst, rate * BurstDuration.TotalSeconds);
        if (now > _refilledAt)
            _tokens = Math.Max(_tokens, Math.Min(burst, _tokens + (rate * (now - _refilledAt).TotalSeconds)));
        _refilledAt = now;
        return _tokens >= 1;
    }

    public void OnSent() => _tokens--;

    /// <summary>When the next packet may leave, after <see cref="MaySend"/> has refused one.</summary>
    public TimeSpan NextSendAt(double rate)
    {
        TimeSpan wait = TimeSpan.FromSeconds((1 - _tokens) / rate);
        return _refilledAt + (wait > Tick ? wait : Tick);
    }
}

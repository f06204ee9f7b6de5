namespace Hyper.Protocol.DhtRpc.Requests;

/// <summary>Limits and times of the request book; the defaults are upstream's.</summary>
public sealed record RequestBookOptions
{
    public static RequestBookOptions Default { get; } = new();

    /// <summary>Time after each send before the next, or before giving up.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Follows the round trips of each node instead of <see cref="RetryAfter"/>; off when absent, as upstream's.</summary>
    public AdaptiveTimeoutOptions? AdaptiveTimeout { get; init; }

    /// <summary>Requests that may be outstanding or queued at once; more fail at once.</summary>
    public int MaxOutstanding { get; init; } = 4096;

    /// <summary>Sends per window slot; twice as many over four slots.</summary>
    public int CongestionWindow { get; init; } = 80;

    public TimeSpan CongestionSlot { get; init; } = TimeSpan.FromMilliseconds(750);
}

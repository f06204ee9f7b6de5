namespace Hyper.Actors.Runtime;

/// <summary>The time of one peer.</summary>
public interface IClock
{
    /// <summary>Monotonic time; its origin means nothing. This is the `now` of every machine.</summary>
    TimeSpan Now { get; }

    /// <summary>Calendar time, for timestamps that other peers read.</summary>
    long UnixMilliseconds { get; }
}

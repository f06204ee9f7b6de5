using Hyper.Actors.Runtime.Events;

namespace AuctionActors.EventLog.Querying;

/// <summary>One event as read back from a log.</summary>
/// <param name="Number">Place in the log, from 1.</param>
/// <param name="Time">Time since the start of the log.</param>
/// <param name="Kind">What happened; a number this version does not know is kept as it is.</param>
public sealed record LoggedEvent(ulong Number, TimeSpan Time, EventKind Kind)
{
    public string? Peer { get; init; }

    public string? Actor { get; init; }

    /// <summary>Number of the event that led to this one, 0 when none is known.</summary>
    public ulong Cause { get; init; }

    public MessageId? Message { get; init; }

    public string? From { get; init; }

    public string? To { get; init; }

    public string? Type { get; init; }

    public int Size { get; init; }

    public string? Text { get; init; }

    public IReadOnlyList<Correlation> Correlations { get; init; } = [];

    /// <summary>The value under a correlation key, or null.</summary>
    public string? Correlated(string key)
    {
        foreach (Correlation correlation in Correlations)
        {
            if (correlation.Key == key)
                return correlation.Value;
        }

        return null;
    }
}

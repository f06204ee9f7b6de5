using Hyper.Actors.Runtime.Events;

namespace AuctionActors.EventLog.Querying;

/// <summary>Names that people give to things whose ids are hashes: a scenario's <c>Pic#1</c> for an auction id.</summary>
public static class CorrelationAliases
{
    /// <summary>The key under which an event names the alias of its other correlations.</summary>
    public const string Key = "alias";

    /// <summary>Replaces an alias by the value that an event of the log pairs it with; anything else stays.</summary>
    public static Correlation Resolve(IEnumerable<LoggedEvent> events, Correlation wanted)
    {
        foreach (LoggedEvent item in events)
        {
            if (item.Correlated(Key) == wanted.Value && item.Correlated(wanted.Key) is { } value)
                return wanted with { Value = value };
        }

        return wanted;
    }
}

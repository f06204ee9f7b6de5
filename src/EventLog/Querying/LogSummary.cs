using Hyper.Actors.Runtime.Events;

namespace AuctionActors.EventLog.Querying;

/// <summary>What a log holds, counted in one pass.</summary>
public sealed class LogSummary
{
    private readonly SortedDictionary<string, long> _kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _peers = [];
    private readonly List<LoggedEvent> _failures = [];
    private readonly List<LoggedEvent> _auctions = [];

    /// <summary>Failures and auction events kept for display.</summary>
    private const int Shown = 20;

    public LogSummary(IEnumerable<LoggedEvent> events)
    {
        foreach (LoggedEvent item in events)
            Count(item);
    }

    public long Events { get; private set; }

    public TimeSpan Duration { get; private set; }

    /// <summary>Events by kind, in the order of the names.</summary>
    public IReadOnlyDictionary<string, long> Kinds => _kinds;

    /// <summary>Events by peer, in order of appearance.</summary>
    public IReadOnlyDictionary<string, long> Peers => _peers;

    /// <summary>The first failed actors and violated properties.</summary>
    public IReadOnlyList<LoggedEvent> Failures => _failures;

    /// <summary>The first auctions opened, closed and won.</summary>
    public IReadOnlyList<LoggedEvent> Auctions => _auctions;

    private void Count(LoggedEvent item)
    {
        Events++;
        Duration = item.Time;
        string kind = item.Kind.Name();
        _kinds[kind] = _kinds.GetValueOrDefault(kind) + 1;
        if (item.Peer is not null)
            _peers[item.Peer] = _peers.GetValueOrDefault(item.Peer) + 1;
        if (item.Kind is EventKind.ActorFail or EventKind.PropertyViolated or EventKind.CoreFork && _failures.Count < Shown)
            _failures.Add(item);
        if (item.Kind is EventKind.AuctionOpen or EventKind.AuctionClose or EventKind.AuctionWinner && _auctions.Count < Shown)
            _auctions.Add(item);
    }
}

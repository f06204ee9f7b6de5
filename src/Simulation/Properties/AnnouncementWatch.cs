using Hyper.Actors.Runtime.Events;

namespace AuctionActors.Simulation.Properties;

/// <summary>Passes events on and notes which peers keep announcements, so that a star around the bootstrap is found out.</summary>
internal sealed class AnnouncementWatch(IEventRecorder inner, int peers) : IEventRecorder
{
    private const string Bootstrap = "bootstrap";
    private readonly Lock _gate = new();
    private readonly HashSet<string> _keepers = [];

    // A lone peer has nobody to announce to but the bootstrap.
    private int Required => peers > 1 ? 2 : 0;

    public bool Records(EventKind kind) => inner.Records(kind);

    public EventId Record(in EventEntry entry)
    {
        if (entry.Kind == EventKind.DhtAnnounce && entry.Peer is { } peer && peer != Bootstrap)
        {
            lock (_gate)
                _keepers.Add(peer);
        }

        return inner.Record(entry);
    }

    /// <summary>Whether announcements sit on at least two nodes besides the bootstrap.</summary>
    public CheckResult Check()
    {
        lock (_gate)
        {
            return _keepers.Count >= Required
                ? CheckResult.Pass
                : CheckResult.Fail($"announcements sit on {_keepers.Count} nodes besides the bootstrap");
        }
    }
}

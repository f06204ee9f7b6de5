namespace Hyper.Actors.Runtime.Events;

/// <summary>Takes the events of a run or a node. Safe to call from any thread; never throws for a full log, it slows the caller.</summary>
public interface IEventRecorder
{
    /// <summary>Whether events of the kind are kept; ask before preparing costly entries.</summary>
    bool Records(EventKind kind);

    /// <summary>Keeps the event and gives its number, for use as a cause; <see cref="EventId.None"/> when it is not kept.</summary>
    EventId Record(in EventEntry entry);
}

/// <summary>Keeps nothing.</summary>
public sealed class NullEventRecorder : IEventRecorder
{
    public static NullEventRecorder Instance { get; } = new();

    public bool Records(EventKind kind) => false;

    public EventId Record(in EventEntry entry) => EventId.None;
}

/// <summary>Puts a peer's name on everything it records.</summary>
public sealed class PeerEventRecorder(IEventRecorder inner, string peer) : IEventRecorder
{
    public bool Records(EventKind kind) => inner.Records(kind);

    public EventId Record(in EventEntry entry) => inner.Record(entry.Peer is null ? entry with { Peer = peer } : entry);
}

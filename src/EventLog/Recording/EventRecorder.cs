using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;

namespace AuctionActors.EventLog.Recording;

/// <summary>Numbers events, gives them their time, actor and cause, and passes full batches to the log.</summary>
public sealed class EventRecorder : IEventRecorder
{
    private readonly Lock _lock = new();
    private readonly BatchWriter _batch = new();
    private readonly Dictionary<ActorPath, (string Label, string? Peer)> _actors = new(ReferenceEqualityComparer.Instance);
    private readonly EventRecorderOptions _options;
    private readonly IClock _clock;
    private readonly TimeSpan _start;
    private readonly Action<byte[]> _append;
    private ulong _count;
    private bool _closed;

    /// <summary>Starts at the clock's present time; <paramref name="append"/> gets each batch in order and may block.</summary>
    public EventRecorder(IClock clock, Action<byte[]> append, EventRecorderOptions? options = null)
    {
        _clock = clock;
        _append = append;
        _options = options ?? new EventRecorderOptions();
        _start = clock.Now - _options.After.Time;
        _count = _options.After.Count;
    }

    /// <summary>Events in the log so far, those before this recorder included.</summary>
    public ulong Count
    {
        get
        {
            lock (_lock)
                return _count;
        }
    }

    public bool Records(EventKind kind) => !_options.Omitted.Contains(kind);

    public EventId Record(in EventEntry entry)
    {
        if (!Records(entry.Kind))
            return EventId.None;
        lock (_lock)
        {
            if (_closed)
                return EventId.None;
            ActorPath? actor = entry.Actor ?? CurrentCause.Actor;
            EventId cause = entry.Cause.IsNone ? CurrentCause.Id : entry.Cause;
            (string? label, string? peer) = NamesOf(actor);
            _batch.Add(++_count, Elapsed(), entry.Peer is null ? entry with { Peer = peer } : entry, label, cause);
            if (_batch.Size >= _options.BatchBytes || _batch.Count >= _options.BatchEvents)
                _append(_batch.Cut());
            return new EventId(_count);
        }
    }

    /// <summary>Passes on what is left; events that come later are not kept.</summary>
    public void Close()
    {
        lock (_lock)
        {
            if (!_closed && _batch.Count > 0)
                _append(_batch.Cut());
            _closed = true;
        }
    }

    private long Elapsed() => (_clock.Now - _start).Ticks * TimeSpan.NanosecondsPerTick;

    // Every actor hands over one and the same path, so that comparing references finds it.
    private (string? Label, string? Peer) NamesOf(ActorPath? path)
    {
        if (path is null)
            return (null, null);
        if (!_actors.TryGetValue(path, out (string Label, string? Peer) names))
            _actors.Add(path, names = (ActorNames.Label(path), ActorNames.PeerOf(path)));
        return names;
    }
}

using AuctionActors.EventLog.Querying;
using Hyper.Actors.Runtime.Events;

namespace AuctionActors.EventLog.Recording;

/// <summary>What a log keeps and where its batches end.</summary>
public sealed record EventRecorderOptions
{
    /// <summary>A batch ends when its events reach this many bytes.</summary>
    public int BatchBytes { get; init; } = 64 * 1024;

    /// <summary>A batch ends with this many events, however small.</summary>
    public int BatchEvents { get; init; } = 4096;

    /// <summary>Where the log ended that this one continues: numbers and times go on from there.</summary>
    public LogPosition After { get; init; }

    /// <summary>Kinds that are not kept, for example those of every datagram in a run of thousands of peers.</summary>
    public IReadOnlySet<EventKind> Omitted { get; init; } = new HashSet<EventKind>();
}

using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Storage.Cores;

/// <summary>Which folder a core actor opens, and how.</summary>
public sealed record CoreOptions
{
    /// <summary>The core's own folder.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// What to create when there is no core, and which core must be there when there is one; that learns from it what it lacks: a
    /// manifest, a key pair. Null opens what is there.
    /// </summary>
    public CoreIdentity? Identity { get; init; }

    /// <summary>Off where a core that is not there is to be refused rather than made.</summary>
    public bool CreateIfMissing { get; init; } = true;

    public HypercoreOptions Storage { get; init; } = new();

    /// <summary>Orders and reads that are under way at a time; more are refused.</summary>
    public int MaxPendingOrders { get; init; } = 65536;

    /// <summary>Of questions, downloads and drafts.</summary>
    public CoreLimits Limits { get; init; } = new();

    /// <summary>Actors that hear of every event, and extensions that they listen to.</summary>
    public int MaxSubscribers { get; init; } = 4096;

    /// <summary>Off for the core that stores the events themselves.</summary>
    public bool RecordsEvents { get; init; } = true;
}

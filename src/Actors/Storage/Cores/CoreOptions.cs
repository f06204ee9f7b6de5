using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Storage.Cores;

/// <summary>Which folder a core actor opens, and how.</summary>
public sealed record CoreOptions
{
    /// <summary>The core's own folder.</summary>
    public required string Folder { get; init; }

    /// <summary>What to create when there is no core, and which core must be there when there is one; null opens what is there.</summary>
    public CoreIdentity? Identity { get; init; }

    public HypercoreOptions Storage { get; init; } = new();

    /// <summary>Orders and reads that are under way at a time; more are refused.</summary>
    public int MaxPendingOrders { get; init; } = 65536;

    /// <summary>Actors that hear of every event, and extensions that they listen to.</summary>
    public int MaxSubscribers { get; init; } = 4096;

    /// <summary>Off for the core that stores the events themselves.</summary>
    public bool RecordsEvents { get; init; } = true;
}

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

    /// <summary>Off for the core that stores the events themselves.</summary>
    public bool RecordsEvents { get; init; } = true;
}

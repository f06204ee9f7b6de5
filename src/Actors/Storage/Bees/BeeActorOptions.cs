using Hyper.Protocol.Hyperbee.Nodes;
using Hyper.Protocol.Hyperbee.Reading;

namespace Hyper.Actors.Storage.Bees;

/// <summary>How a bee actor works.</summary>
public sealed record BeeActorOptions
{
    public BeeOptions Bee { get; init; } = new();

    /// <summary>Written as block 0 of a core that is still empty.</summary>
    public BeeHeader Header { get; init; } = new();

    /// <summary>Questions and orders that may wait for blocks or for the disk.</summary>
    public int MaxWaiting { get; init; } = 4096;

    /// <summary>Entries that one question yields at most.</summary>
    public int MaxEntries { get; init; } = 100_000;
}

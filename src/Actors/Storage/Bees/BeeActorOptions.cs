using Hyper.Protocol.Hyperbee.Nodes;
using Hyper.Protocol.Hyperbee.Reading;

namespace Hyper.Actors.Storage.Bees;

/// <summary>How a bee actor works.</summary>
public sealed record BeeActorOptions
{
    public BeeOptions Bee { get; init; } = new();

    /// <summary>Written as block 0 of a core that is still empty.</summary>
    public BeeHeader Header { get; init; } = new();

    /// <summary>Whether peers are asked which blocks a read will touch, and are told so.</summary>
    public bool SharesHints { get; init; } = true;

    /// <summary>Questions of peers that are answered at a time; more go unanswered.</summary>
    public int MaxHintAnswers { get; init; } = 16;

    /// <summary>Limits of the reads that answer peers.</summary>
    public BeeOptions HintedBee { get; init; } = new() { CachedBlocks = 4096, CachedBytes = 16 * 1024 * 1024 };

    /// <summary>Blocks that are fetched before something needs them.</summary>
    public int MaxAhead { get; init; } = 4096;

    /// <summary>Questions and orders that may wait for blocks or for the disk.</summary>
    public int MaxWaiting { get; init; } = 4096;

    /// <summary>Entries that one question yields at most.</summary>
    public int MaxEntries { get; init; } = 100_000;

    /// <summary>Bytes of keys and values after which an answer ends, so that large values do not fill the memory.</summary>
    public long MaxAnswerBytes { get; init; } = 64 * 1024 * 1024;
}

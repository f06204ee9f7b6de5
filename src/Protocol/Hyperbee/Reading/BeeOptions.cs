namespace Hyper.Protocol.Hyperbee.Reading;

/// <summary>Limits and habits of one Hyperbee.</summary>
public sealed record BeeOptions
{
    public static BeeOptions Default { get; } = new();

    /// <summary>Deepest tree that is followed; 5^32 keys is far beyond any core.</summary>
    public int MaxDepth { get; init; } = 32;

    /// <summary>Decoded blocks kept in memory.</summary>
    public int CachedBlocks { get; init; } = 65536;

    /// <summary>Bytes of the blocks that are kept, and of what was decoded of them, so that a writer of large values does not fill the memory.</summary>
    public long CachedBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Blocks that one read names for fetching before it needs them.</summary>
    public int MaxAhead { get; init; } = 256;

    /// <summary>Tree nodes that a writer keeps in memory between batches.</summary>
    public int WorkingNodes { get; init; } = 32768;

    /// <summary>Whether putting an equal value writes a block again, as JavaScript does by default.</summary>
    public bool AlwaysDuplicate { get; init; } = true;
}

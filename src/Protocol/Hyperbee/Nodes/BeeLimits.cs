namespace Hyper.Protocol.Hyperbee.Nodes;

/// <summary>Shape of the tree, fixed by every writer of the format.</summary>
public static class BeeLimits
{
    /// <summary>Fewest keys of a node other than the root.</summary>
    public const int MinKeys = 4;

    /// <summary>A node that reaches this many keys is split.</summary>
    public const int SplitKeys = (MinKeys * 2) + 1;

    /// <summary>Most keys of a node that is read; those of writers have fewer than <see cref="SplitKeys"/>.</summary>
    public const int MaxNodeKeys = 64;

    /// <summary>
    /// Most nodes of one block that is read. A write leaves a path with its neighbours; only after refused puts of a large batch
    /// do writers repeat many more inner nodes.
    /// </summary>
    public const int MaxLevels = 1 << 16;

    /// <summary>JavaScript refuses to append a larger block.</summary>
    public const int MaxBlockBytes = 15 * 1024 * 1024;

    internal const ulong MaxInteger = (1UL << 53) - 1;
}

using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Storage.Corestores;

/// <summary>Which folder a corestore actor opens, and how.</summary>
public sealed record CorestoreOptions
{
    /// <summary>The store's folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The secret of a store that is made now; drawn at random when null.</summary>
    public Bytes32? PrimaryKey { get; init; }

    /// <summary>Of every core in it.</summary>
    public HypercoreOptions Storage { get; init; } = new();

    /// <summary>Cores that may be open at a time.</summary>
    public int MaxOpenCores { get; init; } = 1024;
}

namespace Hyper.Protocol.HypercoreReplication;

/// <summary>What the machine knows of the local core; which blocks are stored is told apart.</summary>
/// <param name="ManifestKnown">Whether the rules of the core are stored; a reader that has only the key asks for them.</param>
/// <param name="Compat">Whether the key is the writer's public key itself: such a core never sends its manifest.</param>
public sealed record LocalCore(long Fork, long Length, bool ManifestKnown, bool Compat)
{
    /// <summary>
    /// Blocks that are stored although the roots above them are lost. Until peers have brought these they are told nothing of the core
    /// and asked for nothing else.
    /// </summary>
    public long? LostLength { get; init; }

    /// <summary>Whether a peer can be given the manifest.</summary>
    public bool HasManifest => ManifestKnown && !Compat;
}

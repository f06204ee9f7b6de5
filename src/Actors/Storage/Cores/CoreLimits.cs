namespace Hyper.Actors.Storage.Cores;

/// <summary>How much may be under way at one core; what is beyond is refused with <see cref="CoreProblem.LimitReached"/> unless it can wait.</summary>
public sealed record CoreLimits
{
    /// <summary>Ranges that are downloaded at a time.</summary>
    public int MaxDownloads { get; init; } = 512;

    /// <summary>Blocks that downloads ask peers for at a time, all ranges together; further blocks wait.</summary>
    public int MaxDownloadBlocks { get; init; } = 2048;

    /// <summary>Blocks that one range asks for at a time.</summary>
    public int MaxBlocksOfDownload { get; init; } = 512;

    /// <summary>Blocks that each range may ask for however many others wait for blocks that no peer may have.</summary>
    public int MinBlocksOfDownload { get; init; } = 8;

    /// <summary>
    /// Searches for the block of a byte that wait for peers. Each is asked of every peer, together with the nodes that repairs want, so it
    /// belongs below <c>ReplicationOptions.MaxSearches</c>.
    /// </summary>
    public int MaxSeeks { get; init; } = 3840;

    /// <summary>Updates that wait for peers to tell whether they have something newer.</summary>
    public int MaxUpdates { get; init; } = 256;

    /// <summary>Searches for peers that are under way and make updates wait.</summary>
    public int MaxPeerSearches { get; init; } = 256;

    /// <summary>Questions for the peers and their statistics that wait for the sessions to answer.</summary>
    public int MaxPeerQuestions { get; init; } = 64;

    /// <summary>Askers that wait for the core to stand differently.</summary>
    public int MaxAwaitedChanges { get; init; } = 256;

    /// <summary>Askers that wait for the nodes that repairs ask of peers, and as many that wait for a repair while another goes on.</summary>
    public int MaxAwaitedRepairs { get; init; } = 256;

    /// <summary>Drafts that are open; each holds its blocks in memory.</summary>
    public int MaxDrafts { get; init; } = 256;

    /// <summary>Cuts that are remembered for reads of snapshots; those of a snapshot that is older than all of them fail.</summary>
    public int MaxCuts { get; init; } = 256;
}

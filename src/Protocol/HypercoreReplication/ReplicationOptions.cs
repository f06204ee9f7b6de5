namespace Hyper.Protocol.HypercoreReplication;

/// <summary>Limits of one core on one connection.</summary>
public sealed record ReplicationOptions
{
    public static ReplicationOptions Default { get; } = new();

    /// <summary>Requests under way to the peer, answered ones that are being verified included.</summary>
    public int MaxInFlight { get; init; } = 512;

    /// <summary>Bytes that may be under way, going by the blocks that came; some requests are made however long blocks are.</summary>
    public int MaxBytesInFlight { get; init; } = 8 * 1024 * 1024;

    /// <summary>Requests of the peer that wait for an answer; more are answered with noData.</summary>
    public int MaxQueuedUploads { get; init; } = 1024;

    /// <summary>Proofs that are being built for the peer at a time.</summary>
    public int MaxProofsUnderWay { get; init; } = 64;

    /// <summary>Bytes of blocks in those proofs, going by the blocks that went; some are built however long blocks are.</summary>
    public int MaxProofBytesUnderWay { get; init; } = 1024 * 1024;

    /// <summary>Blocks that were asked for by name and have not come.</summary>
    public int MaxWantedBlocks { get; init; } = 8192;

    /// <summary>Regions of blocks, of two million each, in which the peer is asked to tell what it has; the oldest are taken back.</summary>
    public int MaxWantedSegments { get; init; } = 1024;

    /// <summary>Parts of the tree whose nodes are looked for at a time.</summary>
    public int MaxSearches { get; init; } = 4096;

    /// <summary>An unanswered request is taken back after this long.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a copy waits before it tells what it fetched, so that many blocks share one message; zero tells at once.</summary>
    public TimeSpan GossipDelay { get; init; }

    /// <summary>A copy that grows all the time tells so no more often than this.</summary>
    public TimeSpan GossipInterval { get; init; }

    /// <summary>Useless answers and timeouts in a row after which the peer is asked no more.</summary>
    public int MaxFaults { get; init; } = 16;

    /// <summary>Blocks that one want may cover; longer ones are ignored, as version 11 does.</summary>
    public long MaxWantLength { get; init; } = 1 << 21;

    /// <summary>Aligned regions of wants that are remembered; beyond them the peer hears of every change.</summary>
    public int MaxRememberedWants { get; init; } = 512;

    /// <summary>The same for wants of any one block of a region.</summary>
    public int MaxLooseWants { get; init; } = 16;

    /// <summary>Bytes that tell the peer at once which blocks of wanted regions are stored; the rest follows a moment later.</summary>
    public long MaxWantedBytes { get; init; } = 1 << 20;

    /// <summary>Blocks at the end of a core of which every peer hears, as version 11 does; of earlier ones those that wanted them.</summary>
    public long AnnouncedTail { get; init; } = 256;

    /// <summary>Blocks sent without a request that are being proven or checked at a time; more are dropped.</summary>
    public int MaxPushes { get; init; } = 64;

    /// <summary>Pages of bits kept for what the peer has beyond its contiguous prefix.</summary>
    public int MaxRemotePages { get; init; } = Blocks.BlockSet.DefaultMaxPages;
}

using System.Collections.Immutable;

namespace Hyper.Protocol.Hyperswarm;

/// <summary>Limits and timing of a swarm; the defaults are upstream's where it has one.</summary>
public sealed record HyperswarmOptions
{
    /// <summary>Connections beyond which nobody is dialled; explicit peers make it count up to four times.</summary>
    public int MaxPeers { get; init; } = 64;

    /// <summary>Dials at once.</summary>
    public int MaxParallel { get; init; } = 3;

    public int MaxClientConnections { get; init; } = int.MaxValue;

    /// <summary>Accepted connections; more are ended at once.</summary>
    public int MaxServerConnections { get; init; } = int.MaxValue;

    /// <summary>Peers that are remembered without being connected; found peers beyond them are passed over.</summary>
    public int MaxKnownPeers { get; init; } = 16384;

    /// <summary>Refusals that are remembered; the oldest makes room.</summary>
    public int MaxBannedPeers { get; init; } = 4096;

    /// <summary>Topics at once, counting those that are being left.</summary>
    public int MaxTopics { get; init; } = 4096;

    /// <summary>Flushes that may wait at once; more end at once, as failed.</summary>
    public int MaxPendingFlushes { get; init; } = 1024;

    /// <summary>How long a peer waits for its next dial, for each of four levels.</summary>
    public ImmutableArray<TimeSpan> RetryBackoffs { get; init; } =
        [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(10)];

    /// <summary>Drawn once for each level and added to it; higher levels get more.</summary>
    public TimeSpan RetryJitter { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A connection that held so long makes up for earlier attempts.</summary>
    public TimeSpan MinConnectionTime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A topic is walked anew after this and up to <see cref="RefreshJitter"/>.</summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan RefreshJitter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>A refresh that is later than this means that the machine slept: the next one is drawn within the jitter.</summary>
    public TimeSpan RefreshGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Peers of a topic with a limit that are remembered from one walk to the next.</summary>
    public int MaxDiscovered { get; init; } = 64;
}

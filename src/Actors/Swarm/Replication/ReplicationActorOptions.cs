using Hyper.Protocol.HypercoreReplication;

namespace Hyper.Actors.Swarm.Replication;

/// <summary>Limits of the replication of one peer.</summary>
public sealed record ReplicationActorOptions
{
    /// <summary>Of each core on each connection.</summary>
    public ReplicationOptions Session { get; init; } = new()
    {
        GossipDelay = TimeSpan.FromMilliseconds(200),
        GossipInterval = TimeSpan.FromSeconds(1),
    };

    /// <summary>Cores that remotes asked for and the store is looking up.</summary>
    public int MaxLookups { get; init; } = 256;

    /// <summary>Blocks of one core that may be claimed by sessions at a time.</summary>
    public int MaxClaims { get; init; } = 65536;
}

using Hyper.Protocol.HypercoreReplication;

namespace Hyper.Actors.Swarm.Replication;

/// <summary>Limits of the replication of one peer.</summary>
public sealed record ReplicationActorOptions
{
    /// <summary>Of each core on each connection.</summary>
    public ReplicationOptions Session { get; init; } = new() { GossipDelay = TimeSpan.FromMilliseconds(200) };

    /// <summary>Blocks of one core that may be claimed by sessions at a time.</summary>
    public int MaxClaims { get; init; } = 65536;
}

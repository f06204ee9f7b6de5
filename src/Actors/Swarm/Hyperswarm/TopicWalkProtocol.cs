using System.Collections.Immutable;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.Hyperswarm;

namespace Hyper.Actors.Swarm.Hyperswarm;

/// <summary>What a walk tells its swarm.</summary>
internal static class TopicWalkProtocol
{
    /// <summary>A node named these peers.</summary>
    public sealed record Found(TopicWalkId Walk, IReadOnlyList<PeerRecord> Peers);

    /// <summary>The walk is over.</summary>
    /// <param name="Succeeded">Somebody answered and, if it announced, somebody keeps the announcement.</param>
    public sealed record Finished(TopicWalkId Walk, bool Succeeded, ImmutableArray<PeerAddress> Closest);
}

using System.Collections.Immutable;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HypercoreReplication.Statistics;

namespace Hyper.Actors.Storage.Cores;

/// <summary>What a core is asked about its peers, and what it asks the sessions in which they are.</summary>
public static class CorePeerProtocol
{
    /// <summary>
    /// Whether there is something newer; answered by <see cref="Updated"/> once a peer has brought it, or all peers have told that they have not.
    /// </summary>
    /// <param name="Request">The asker's own number.</param>
    /// <param name="Wait">Whether to wait for peers to tell; when null only while peers are looked for. A core that we write never waits.</param>
    public sealed record Update(long Request, bool? Wait = null) : CoreProtocol.IQuery;

    /// <summary>What was asked by <see cref="Update"/>: whether the core has changed.</summary>
    public sealed record Updated(long Request, bool IsNewer) : CoreProtocol.IEvent;

    /// <summary>
    /// Peers are being looked for until <see cref="EndFindingPeers"/>: as long as there has been none, nobody is told that there is nothing newer.
    /// Answered by <see cref="FindingPeersEnded"/>.
    /// </summary>
    public sealed record BeginFindingPeers(long Request) : CoreProtocol.IQuery;

    /// <summary>The sender has found the peers that it was going to find.</summary>
    public sealed record EndFindingPeers(long Request) : CoreProtocol.IQuery;

    public sealed record FindingPeersEnded(long Request) : CoreProtocol.IEvent;

    /// <summary>Answered by <see cref="Peers"/>.</summary>
    public sealed record GetPeers(long Request) : CoreProtocol.IQuery;

    /// <summary>Who the core is exchanged with, and what has passed with all peers since it was opened, those that left included.</summary>
    public sealed record Peers(long Request, ReplicationStatistics Total, ImmutableArray<CorePeer> Present) : CoreProtocol.IEvent;

    /// <summary>To a peer's session: say <see cref="NothingNewer"/> as soon as its peer has nothing newer than we do.</summary>
    public sealed record NewerWanted(long Round) : CoreProtocol.IEvent;

    /// <summary>From a peer's session.</summary>
    public sealed record NothingNewer(long Round);

    /// <summary>To a peer's session: answered by <see cref="StatisticsTaken"/>.</summary>
    public sealed record TakeStatistics(long Round) : CoreProtocol.IEvent;

    /// <summary>From a peer's session: what has passed in it so far.</summary>
    public sealed record StatisticsTaken(long Round, ReplicationStatistics Statistics);

    /// <summary>From a peer's session that ends.</summary>
    public sealed record PeerLeft(ReplicationStatistics Statistics);
}

/// <summary>A peer with whom a core is exchanged.</summary>
/// <param name="Key">Who it is.</param>
/// <param name="Statistics">What has passed with it.</param>
public sealed record CorePeer(PublicKey Key, ReplicationStatistics Statistics);

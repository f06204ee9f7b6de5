using System.Collections.Immutable;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht;

namespace Hyper.Protocol.Hyperswarm;

/// <summary>Names one connection of a swarm, from its dial or its arrival on.</summary>
public readonly record struct SwarmConnectionId(long Number);

/// <summary>Names one of possibly several interests in a topic.</summary>
public readonly record struct DiscoverySessionId(long Number);

/// <summary>Names one walk for a topic.</summary>
public readonly record struct TopicWalkId(long Number);

/// <summary>What a walk does at the nodes near its topic.</summary>
public enum TopicWalkKind
{
    /// <summary>Asks for the announcers.</summary>
    Lookup,

    /// <summary>Asks, then announces at the closest nodes.</summary>
    Announce,

    /// <summary>Asks, takes back what an earlier life announced, then announces.</summary>
    ClearAndAnnounce,

    /// <summary>Asks, and takes the own announcement back where it turns up.</summary>
    LookupAndUnannounce,

    /// <summary>Takes the own announcement back from the given nodes only.</summary>
    Unannounce,
}

/// <summary>Why a connection is ended.</summary>
public enum SwarmCloseReason
{
    /// <summary>There is a better one with the same peer.</summary>
    Duplicate,

    /// <summary>There are as many accepted connections as there may be.</summary>
    TooMany,

    /// <summary>The swarm is suspended or destroyed.</summary>
    Down,
}

/// <summary>What a swarm asks for or tells.</summary>
public abstract record SwarmEffect
{
    private SwarmEffect()
    {
    }

    /// <summary>Accept connections under the own key; report when the key is announced.</summary>
    public sealed record Listen : SwarmEffect;

    /// <summary>Accept no more connections and take the announcement of the key back.</summary>
    public sealed record StopListening : SwarmEffect;

    /// <summary>Begin a walk; report the peers it finds, unless it only takes back, and its end.</summary>
    /// <param name="Closest">The nodes that were closest the last time.</param>
    public sealed record Walk(TopicWalkId Id, TopicKey Topic, TopicWalkKind Kind, ImmutableArray<PeerAddress> Closest) : SwarmEffect;

    /// <summary>The walk is not wanted any more; its end need not be reported.</summary>
    public sealed record CancelWalk(TopicWalkId Id) : SwarmEffect;

    /// <summary>Dial a peer; report when the connection opens, and in any case when it is over.</summary>
    public sealed record Dial(SwarmConnectionId Id, PublicKey Remote, ImmutableArray<PeerAddress> RelayAddresses) : SwarmEffect;

    /// <summary>End a connection, or a dial, at once; report it as closed like any other.</summary>
    public sealed record Disconnect(SwarmConnectionId Id, SwarmCloseReason Reason) : SwarmEffect;

    /// <summary>Find out whether the connection still lives.</summary>
    public sealed record ProbeConnection(SwarmConnectionId Id) : SwarmEffect;

    /// <summary>A connection can be used.</summary>
    /// <param name="IsClient">We dialled it.</param>
    /// <param name="Topics">The topics under which the peer was found; none when it found us.</param>
    public sealed record ConnectionOpened(SwarmConnectionId Id, PublicKey Remote, bool IsClient, ImmutableArray<TopicKey> Topics) : SwarmEffect;

    /// <summary>A connection that was open is over.</summary>
    public sealed record ConnectionClosed(SwarmConnectionId Id, PublicKey Remote) : SwarmEffect;

    /// <summary>A known peer was found under one more topic.</summary>
    public sealed record PeerTopicFound(PublicKey Remote, TopicKey Topic) : SwarmEffect;

    /// <summary>A peer will neither be dialled nor accepted.</summary>
    public sealed record PeerBanned(PublicKey Remote) : SwarmEffect;

    /// <summary>A ban is over, or had to make room.</summary>
    public sealed record PeerPardoned(PublicKey Remote) : SwarmEffect;

    /// <summary>What a flush waited for is done.</summary>
    /// <param name="Succeeded">False when the swarm was destroyed, or too many waited.</param>
    public sealed record Flushed(long Tag, bool Succeeded) : SwarmEffect;

    /// <summary>A topic is left, and nodes that held the announcement have been told.</summary>
    public sealed record TopicLeft(TopicKey Topic) : SwarmEffect;

    /// <summary>All connections are over and all announcements taken back.</summary>
    public sealed record Suspended : SwarmEffect;

    /// <summary>As <see cref="Suspended"/>, for good.</summary>
    public sealed record Destroyed : SwarmEffect;

    /// <summary>The number of dials or of connections has changed.</summary>
    public sealed record Updated(SwarmCounts Counts) : SwarmEffect;
}

/// <summary>How many peers and connections a swarm has, and has had.</summary>
/// <param name="Connecting">Dials under way.</param>
/// <param name="Connections">Open connections.</param>
/// <param name="Peers">Peers that are remembered.</param>
public readonly record struct SwarmCounts(int Connecting, int Connections, int Peers)
{
    public long ClientAttempted { get; init; }

    public long ClientOpened { get; init; }

    public long ClientClosed { get; init; }

    public long ServerOpened { get; init; }

    public long ServerClosed { get; init; }

    public long BannedPeers { get; init; }

    public long Updates { get; init; }
}

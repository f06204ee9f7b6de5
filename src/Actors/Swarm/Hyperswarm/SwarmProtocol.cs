using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht;
using Hyper.Protocol.Hyperswarm;
using Hyper.Protocol.Hyperswarm.Topics;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Actors.Swarm.Hyperswarm;

/// <summary>What a swarm is told and what it tells its owner.</summary>
public static class SwarmProtocol
{
    /// <summary>An order.</summary>
    public interface ICommand;

    /// <summary>A fact.</summary>
    public interface IEvent;

    /// <summary>A question, answered to its sender.</summary>
    public interface IQuery;

    /// <summary>Joins a topic; several sessions may.</summary>
    /// <param name="Session">A number of the owner's choice that no other session has.</param>
    public sealed record JoinTopic(long Session, TopicKey Topic, JoinOptions Options) : ICommand;

    /// <summary>Walks for the session's topic now, with other options if there are any.</summary>
    public sealed record RefreshTopic(long Session, JoinOptions? Options = null) : ICommand;

    /// <summary>Ends a session; with the last one the topic is left.</summary>
    public sealed record LeaveSession(long Session) : ICommand;

    /// <summary>Ends all sessions of a topic; connections stay.</summary>
    public sealed record LeaveTopic(TopicKey Topic) : ICommand;

    /// <summary>Keeps a connection with a peer.</summary>
    public sealed record JoinPeer(PublicKey Key) : ICommand;

    /// <summary>Ends <see cref="JoinPeer"/>.</summary>
    public sealed record LeavePeer(PublicKey Key) : ICommand;

    /// <summary>Neither dials nor accepts a peer; its connection, if any, stays.</summary>
    public sealed record BanPeer(PublicKey Key) : ICommand;

    /// <summary>Ends <see cref="BanPeer"/>.</summary>
    public sealed record PardonPeer(PublicKey Key) : ICommand;

    /// <summary>Whether a peer is dialled again when its connection has ended.</summary>
    public sealed record SetReconnecting(PublicKey Key, bool Reconnects) : ICommand;

    /// <summary>Ends in <see cref="Flushed"/> to the sender when whoever is there has been found and dialled.</summary>
    /// <param name="Topic">Given, only the walk for this topic is awaited.</param>
    public sealed record Flush(TopicKey? Topic = null) : ICommand;

    /// <summary>Ends all connections and takes everything back until <see cref="Resume"/>; ends in <see cref="Suspended"/>.</summary>
    public sealed record Suspend : ICommand;

    public sealed record Resume : ICommand;

    /// <summary>Takes everything back and stops; ends in <see cref="Destroyed"/>.</summary>
    public sealed record Destroy : ICommand;

    /// <summary>Answered by <see cref="State"/>.</summary>
    public sealed record GetState : IQuery;

    /// <summary>The node has joined the DHT; orders given before are carried out now.</summary>
    public sealed record Ready(PublicKey Key, PeerAddress Address) : IEvent;

    /// <summary>The port is taken; the swarm stops.</summary>
    public sealed record BindFailed(PeerAddress Address, string Reason) : IEvent;

    /// <summary>There are too many topics, the options ask for nothing, or the number is taken.</summary>
    public sealed record JoinRefused(long Session, TopicKey Topic) : IEvent;

    /// <summary>A connection can be used; open channels on it, and close or destroy it at will.</summary>
    /// <param name="IsClient">This side dialled.</param>
    /// <param name="Topics">Where the peer was found; none when it found us.</param>
    public sealed record ConnectionOpened(
        IActorRef Connection, NoiseResult Session, PeerAddress Address, bool IsClient, ImmutableArray<TopicKey> Topics) : IEvent
    {
        public PublicKey Remote => Session.RemotePublicKey;
    }

    /// <summary>A connection that was open is over.</summary>
    public sealed record ConnectionClosed(IActorRef Connection, PublicKey Remote) : IEvent;

    /// <summary>A connected peer was found under one more topic.</summary>
    public sealed record PeerTopicFound(PublicKey Remote, TopicKey Topic) : IEvent;

    /// <summary>A peer will neither be dialled nor accepted.</summary>
    public sealed record PeerBanned(PublicKey Remote) : IEvent;

    /// <summary>A flush has ended.</summary>
    /// <param name="Succeeded">False when the swarm was destroyed, or too many waited.</param>
    public sealed record Flushed(bool Succeeded) : IEvent;

    /// <summary>A topic is left, and the nodes that held the announcement have been told.</summary>
    public sealed record TopicLeft(TopicKey Topic) : IEvent;

    /// <summary>Everything is over until the swarm is resumed.</summary>
    public sealed record Suspended : IEvent;

    /// <summary>Everything is over; the swarm stops.</summary>
    public sealed record Destroyed : IEvent;

    /// <summary>The number of dials or of connections has changed.</summary>
    public sealed record Updated(SwarmCounts Counts) : IEvent;

    /// <summary>What there is at the moment.</summary>
    public sealed record State(SwarmCounts Counts, ImmutableArray<TopicState> Topics, bool IsSuspended) : IEvent;
}

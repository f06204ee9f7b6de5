using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.SecretStream.Noise;

namespace Hyper.Actors.Networking.Dht;

/// <summary>What the DHT of a peer is told and what it tells; it passes <see cref="DhtNodeProtocol"/> on to its node.</summary>
public static class HyperDhtProtocol
{
    /// <summary>An order; its end is told to the sender under the sender's own tag.</summary>
    public interface ICommand;

    /// <summary>A fact.</summary>
    public interface IEvent;

    /// <summary>Answered by <see cref="ConnectionsListed"/>.</summary>
    public sealed record GetConnections;

    /// <summary>The connections that are open.</summary>
    public sealed record ConnectionsListed(ImmutableArray<ConnectionSummary> Connections);

    /// <summary>One open connection.</summary>
    /// <param name="OpenedIn">From the order to dial, or the client's handshake, to the proof of the remote.</param>
    public sealed record ConnectionSummary(PublicKey Remote, PeerAddress Address, bool IsInitiator, ConnectionPath Path, TimeSpan OpenedIn)
    {
        public ConnectionProtocol.Traffic Traffic { get; init; } = new(null, 0, 0, 0, 0, 0);

        /// <summary>Since the proof of the remote.</summary>
        public TimeSpan Age { get; init; }
    }

    /// <summary>Accepts connections to a key and announces it; the owner hears <see cref="Listening"/> and <see cref="Accepted"/>.</summary>
    public sealed record Listen(KeyPair KeyPair, IActorRef Owner, ConnectionFirewall? Firewall = null) : ICommand
    {
        public KeyPair KeyPair { get; init; } = KeyPair.RequireSecret();

        /// <summary>Blind relays that may carry streams of clients; those of the options when nothing is said.</summary>
        public ImmutableArray<PublicKey>? RelayThrough { get; init; }

        /// <summary>Another interval than that of the options, zero for none.</summary>
        public TimeSpan? KeepAlive { get; init; }

        /// <summary>What each connection is told before its first packet: whoever listens for channels must do so by then.</summary>
        public ImmutableArray<ConnectionProtocol.ICommand> Preamble { get; init; } = [];

        /// <summary>The owner has messages for each connection as soon as it is there: the first packet waits a moment for them.</summary>
        public bool SpeaksAtOnce { get; init; }

        /// <summary>Clients that want it too may come again the way they came before; a socket of a holepunch stays open for 3 s for them.</summary>
        public bool ReusesSocket { get; init; }
    }

    /// <summary>Takes the announcements back; connections live on.</summary>
    public sealed record StopListening(PublicKey Key) : ICommand;

    /// <summary>Takes the announcements back and admits nobody until <see cref="ResumeListening"/>; ends in <see cref="ListeningSuspended"/>.</summary>
    public sealed record SuspendListening(PublicKey Key) : ICommand;

    /// <summary>Announces a suspended server again; its owner hears <see cref="Listening"/>.</summary>
    public sealed record ResumeListening(PublicKey Key) : ICommand;

    /// <summary>Dials a key; ends in <see cref="Connected"/> or <see cref="ConnectFailed"/>.</summary>
    public sealed record Connect(long Tag, PublicKey Remote, KeyPair KeyPair) : ICommand
    {
        public KeyPair KeyPair { get; init; } = KeyPair.RequireSecret();

        /// <summary>Nodes that know the remote, when they are known; otherwise those of the last time are asked first.</summary>
        public ImmutableArray<PeerAddress> Relays { get; init; } = [];

        /// <summary>Blind relays that may carry the stream; those of the options when nothing is said.</summary>
        public ImmutableArray<PublicKey>? RelayThrough { get; init; }

        /// <summary>Another interval than that of the options, zero for none.</summary>
        public TimeSpan? KeepAlive { get; init; }

        /// <summary>What the connection is told before its first packet.</summary>
        public ImmutableArray<ConnectionProtocol.ICommand> Preamble { get; init; } = [];

        /// <summary>The sender has messages for the connection as soon as it is there: the first packet waits a moment for them.</summary>
        public bool SpeaksAtOnce { get; init; }

        /// <summary>
        /// Goes the way of an earlier connection without a search if the remote wanted that too; a socket of a holepunch stays open for 3 s for it.
        /// </summary>
        public bool ReusesSocket { get; init; }
    }

    /// <summary>Gives up a dial of the sender; nothing is told of it from then on.</summary>
    public sealed record CancelConnect(long Tag) : ICommand;

    /// <summary>A server refuses a remote key from now on, whatever its firewall says, or no longer.</summary>
    public sealed record Refuse(PublicKey Server, PublicKey Remote, bool IsRefused = true) : ICommand;

    /// <summary>
    /// Makes a plain stream to the remote node of an encrypted connection; ends in <see cref="RawStreamCreated"/> or <see cref="RawStreamRefused"/>.
    /// </summary>
    /// <param name="Connection">Of this node. It carries the id to the remote node, and the stream goes its way.</param>
    /// <param name="Owner">Hears the events of the stream, which ends when it stops; may be left out.</param>
    public sealed record CreateRawStream(long Tag, IActorRef Connection, IActorRef? Owner = null) : ICommand;

    /// <summary>Announces a key under a topic once; ends in <see cref="Stored"/>.</summary>
    public sealed record Announce(long Tag, Bytes32 Topic, KeyPair KeyPair) : ICommand
    {
        /// <summary>Where the key can be reached; at most three are kept.</summary>
        public ImmutableArray<PeerAddress> Relays { get; init; } = [];
    }

    /// <summary>Takes an announcement back; ends in <see cref="Stored"/>.</summary>
    public sealed record Unannounce(long Tag, Bytes32 Topic, KeyPair KeyPair) : ICommand;

    /// <summary>Looks for the announcers of a topic; ends in <see cref="PeersFound"/>.</summary>
    public sealed record Lookup(long Tag, Bytes32 Topic) : ICommand;

    /// <summary>Looks for the nodes that a server announced itself to; ends in <see cref="PeersFound"/>.</summary>
    public sealed record FindPeer(long Tag, PublicKey Key) : ICommand;

    /// <summary>Stores a value under its hash; ends in <see cref="Stored"/>.</summary>
    public sealed record PutImmutable(long Tag, ReadOnlyMemory<byte> Value) : ICommand;

    /// <summary>Reads the value with a hash; ends in <see cref="ValueRead"/>.</summary>
    public sealed record GetImmutable(long Tag, Bytes32 Hash) : ICommand;

    /// <summary>Stores a value under a key; ends in <see cref="Stored"/>.</summary>
    public sealed record PutMutable(long Tag, KeyPair KeyPair, ulong Sequence, ReadOnlyMemory<byte> Value) : ICommand;

    /// <summary>Reads the latest value under a key; ends in <see cref="ValueRead"/>.</summary>
    public sealed record GetMutable(long Tag, PublicKey Key, ulong MinimumSequence = 0) : ICommand;

    /// <summary>A server is announced, now or anew.</summary>
    public sealed record Listening(PublicKey Key, ImmutableArray<PeerAddress> Relays) : IEvent;

    /// <summary>The key has a server on this node already.</summary>
    public sealed record ListenRefused(PublicKey Key) : IEvent;

    /// <summary>The relays have forgotten the server, or it never was there.</summary>
    public sealed record ListeningStopped(PublicKey Key) : IEvent;

    /// <summary>The relays have forgotten the server for now, or it never was there.</summary>
    public sealed record ListeningSuspended(PublicKey Key) : IEvent;

    /// <summary>A client has proven itself; the events of the connection follow.</summary>
    public sealed record Accepted(PublicKey Key, IActorRef Connection, NoiseResult Session, PeerAddress Address) : IEvent
    {
        /// <summary>How the way came about.</summary>
        public ConnectionPath Path { get; init; }
    }

    /// <summary>The way to the remote is known and its connection can be used; the events of the connection follow.</summary>
    public sealed record Connected(long Tag, IActorRef Connection, NoiseResult Session, PeerAddress Address) : IEvent
    {
        /// <summary>How the way came about.</summary>
        public ConnectionPath Path { get; init; }
    }

    /// <summary>A raw stream is there; the remote node may be told its id.</summary>
    /// <param name="Stream">Is told <see cref="RawStreams.RawStreamProtocol"/>, first of all to which stream of the remote node it goes.</param>
    public sealed record RawStreamCreated(long Tag, IActorRef Stream, uint Id) : IEvent;

    /// <summary>There is no raw stream.</summary>
    public sealed record RawStreamRefused(long Tag, RawStreamRefusal Reason) : IEvent;

    /// <summary>There is no connection.</summary>
    /// <param name="Code">Upstream's word, for example PEER_NOT_FOUND.</param>
    public sealed record ConnectFailed(long Tag, PublicKey Remote, string Code) : IEvent;

    /// <summary>What a walk found.</summary>
    /// <param name="Responders">Nodes that answered; none means that we are offline.</param>
    public sealed record PeersFound(long Tag, ImmutableArray<FoundPeer> Peers, int Responders) : IEvent;

    /// <summary>How storing ended.</summary>
    /// <param name="Nodes">The nodes that accepted.</param>
    public sealed record Stored(long Tag, QueryStatus Status, ImmutableArray<PeerAddress> Nodes) : IEvent;

    /// <summary>The value that was found, if any.</summary>
    /// <param name="Sequence">Of a mutable value.</param>
    /// <param name="From">The node that gave it.</param>
    public sealed record ValueRead(long Tag, ReadOnlyMemory<byte>? Value, ulong Sequence, PeerAddress? From, int Responders) : IEvent;

    /// <summary>Requests of other nodes for an extension of the DHT go to the handler from now on, while this node is persistent.</summary>
    /// <param name="Name">Of the extension.</param>
    /// <param name="Version">The only one that is served.</param>
    /// <param name="Handler">Hears <see cref="PluginRequested"/>; serves until it stops.</param>
    public sealed record ServePlugin(string Name, ulong Version, IActorRef Handler) : ICommand;

    /// <summary>A request for an extension: answer it to the sender with <see cref="DhtNodeProtocol.Answer"/>, or drop it.</summary>
    public sealed record PluginRequested(ReceivedRequest Request, PluginRequest Asked) : IEvent;

    /// <summary>The machine may have got or lost a host; the node tells itself.</summary>
    internal sealed record LocalHostsChanged;
}

/// <summary>Why a node makes no raw stream.</summary>
public enum RawStreamRefusal
{
    /// <summary>The node has no such connection, or none any more.</summary>
    NoConnection,

    /// <summary>The node has as many as it may.</summary>
    TooMany,
}

/// <summary>A peer's record and the node that gave it.</summary>
public sealed record FoundPeer(PeerRecord Record, PeerAddress From);

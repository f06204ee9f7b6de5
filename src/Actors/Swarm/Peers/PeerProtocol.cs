using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.HyperDht;

namespace Hyper.Actors.Swarm.Peers;

/// <summary>Names one request to a peer; chosen by the asker, echoed in the answer.</summary>
public readonly record struct PeerRequestId(long Value);

/// <summary>Names one incoming RPC call until it has been answered.</summary>
/// <param name="Session">The session that it came through.</param>
/// <param name="Number">The caller's number; 0 is an event that wants no answer.</param>
public readonly record struct RpcCallId(IActorRef Session, ulong Number)
{
    public bool WantsAnswer => Number != 0;
}

/// <summary>What a peer actor is told and what it tells its owner.</summary>
public static class PeerProtocol
{
    /// <summary>An order to the peer; answers and events go to the peer's owner.</summary>
    public interface ICommand;

    /// <summary>A question that the node below answers to the asker.</summary>
    public interface INodeQuery : ICommand
    {
        internal object ForNode { get; }
    }

    /// <summary>A fact that the peer tells its owner.</summary>
    public interface IEvent;

    /// <summary>Announces the topic under the peer's key now and again before it expires.</summary>
    public sealed record AnnounceTopic(TopicKey Topic) : ICommand;

    /// <summary>Answered by <see cref="HyperDhtProtocol.ConnectionsListed"/>.</summary>
    public sealed record ListConnections : INodeQuery
    {
        object INodeQuery.ForNode => new HyperDhtProtocol.GetConnections();
    }

    /// <summary>What the node has counted; answered by <see cref="DhtNodeProtocol.NodeTraffic"/>.</summary>
    public sealed record ReadTraffic : INodeQuery
    {
        object INodeQuery.ForNode => new DhtNodeProtocol.GetTraffic();
    }

    /// <summary>Takes every announcement back, within a limit, and stops.</summary>
    public sealed record Leave : ICommand;

    /// <summary>Looks the topic up once; answered by <see cref="TopicPeersFound"/>.</summary>
    public sealed record LookupTopic(PeerRequestId Request, TopicKey Topic) : ICommand;

    /// <summary>Opens an encrypted connection unless one is there; ends in <see cref="PeerConnected"/> or <see cref="ConnectFailed"/>.</summary>
    public sealed record Connect(PublicKey Remote) : ICommand;

    /// <summary>Closes the connection to a remote, if any.</summary>
    public sealed record Disconnect(PublicKey Remote) : ICommand;

    /// <summary>
    /// Calls a method of the remote's RPC server, connecting when needed; answered by <see cref="RpcReplied"/> or
    /// <see cref="RpcFailed"/>.
    /// </summary>
    public sealed record CallRpc(PeerRequestId Request, PublicKey Remote, string Method, ReadOnlyMemory<byte> Value, TimeSpan Timeout) : ICommand;

    /// <summary>Sends an event over an open connection; nothing is said about its fate.</summary>
    public sealed record SendRpcEvent(PublicKey Remote, string Method, ReadOnlyMemory<byte> Value) : ICommand;

    /// <summary>Answers an incoming call.</summary>
    public sealed record AnswerRpc(RpcCallId Call, ReadOnlyMemory<byte> Value) : ICommand;

    /// <summary>Refuses an incoming call with an error that the caller sees.</summary>
    public sealed record RefuseRpc(RpcCallId Call, string Code, string Message) : ICommand;

    /// <summary>
    /// Opens the core whose writer this key pair is, creating it when new, and shares it if told to; answered by
    /// <see cref="CoreOpened"/>.
    /// </summary>
    /// <param name="Request">Echoed in the answer.</param>
    /// <param name="Writer">The core's key pair.</param>
    /// <param name="Folder">Folder below the peer's storage.</param>
    /// <param name="IsShared">Whether connected peers may replicate it.</param>
    public sealed record OpenOwnCore(PeerRequestId Request, KeyPair Writer, string Folder, bool IsShared) : ICommand;

    /// <summary>
    /// Opens another writer's core, downloads it live over every connection and serves it on; answered by
    /// <see cref="CoreOpened"/>.
    /// </summary>
    public sealed record FollowCore(PeerRequestId Request, PublicKey Key) : ICommand;

    /// <summary>Replicates a core that somebody else has opened, until it stops.</summary>
    /// <param name="Key">The core's key.</param>
    /// <param name="Core">Its actor.</param>
    /// <param name="IsFollowed">Whether everything that others have is downloaded.</param>
    /// <param name="IsSparse">Whether that is limited to the blocks that somebody reads.</param>
    public sealed record ReplicateCore(CoreKey Key, IActorRef Core, bool IsFollowed, bool IsSparse = false) : ICommand;

    /// <summary>The peer is bound, has joined the DHT and its RPC server can be reached.</summary>
    public sealed record PeerReady(PeerAddress Address, PublicKey Key) : IEvent;

    /// <summary>The peer cannot run; it stops.</summary>
    public sealed record PeerFailed(string Code, string Reason) : IEvent;

    /// <summary>An announcement has ended; no node means that it will be tried again soon.</summary>
    public sealed record TopicAnnounced(TopicKey Topic, ImmutableArray<PeerAddress> Nodes) : IEvent;

    /// <summary>Whoever announced the topic, without this peer itself, sorted by key.</summary>
    public sealed record TopicPeersFound(PeerRequestId Request, TopicKey Topic, ImmutableArray<PublicKey> Peers) : IEvent;

    /// <summary>A connection is open, dialled by either side; told again when another takes its place, as after a remote's restart.</summary>
    public sealed record PeerConnected(PublicKey Remote, bool IsInitiator, PeerAddress Address) : IEvent;

    /// <summary>A connection ended; <paramref name="Reason"/> is a word such as ETIMEDOUT.</summary>
    public sealed record PeerDisconnected(PublicKey Remote, string Reason) : IEvent;

    /// <summary>A connection could not be made; <paramref name="Code"/> is a word such as PEER_NOT_FOUND.</summary>
    public sealed record ConnectFailed(PublicKey Remote, string Code, string Reason) : IEvent;

    /// <summary>The remote's answer.</summary>
    public sealed record RpcReplied(PeerRequestId Request, PublicKey Remote, ReadOnlyMemory<byte> Value) : IEvent;

    /// <summary>The call ended without an answer, or with the remote's error.</summary>
    public sealed record RpcFailed(PeerRequestId Request, PublicKey Remote, string Code, string Reason) : IEvent;

    /// <summary>A remote calls; answer with <see cref="AnswerRpc"/> or <see cref="RefuseRpc"/> unless it is an event.</summary>
    public sealed record RpcCalled(RpcCallId Call, PublicKey Remote, string Method, ReadOnlyMemory<byte> Value) : IEvent;

    /// <summary>The core is open; its actor takes the commands of the core's protocol.</summary>
    public sealed record CoreOpened(PeerRequestId Request, PublicKey Key, IActorRef Core, ulong Length) : IEvent;

    /// <summary>The core could not be opened.</summary>
    public sealed record CoreOpenFailed(PeerRequestId Request, string Code, string Reason) : IEvent;
}

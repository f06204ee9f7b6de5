using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Networking.Datagrams;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.DhtRpc.Routing;
using Hyper.Protocol.HyperDht.Connecting;

namespace Hyper.Actors.Networking.Dht;

/// <summary>What a DHT node is told and what it tells.</summary>
public static class DhtNodeProtocol
{
    /// <summary>An order to the node.</summary>
    public interface ICommand;

    /// <summary>An order that concerns one of the node's sockets.</summary>
    public interface ISocketCommand : ICommand;

    /// <summary>An order that begins or ends a rest; above the node it takes effect when servers are taken back and connections are over.</summary>
    public interface IRestCommand : ISocketCommand;

    /// <summary>An order that concerns a request.</summary>
    public interface IRequestCommand : ICommand;

    /// <summary>A fact that the node tells whoever asked for it.</summary>
    public interface IEvent;

    /// <summary>A question that the node answers to its sender.</summary>
    public interface IQuery;

    /// <summary>Sends a request; ends in <see cref="Replied"/> or <see cref="RequestFailed"/> to the sender, under its own tag.</summary>
    public sealed record SendRequest(long Tag, OutgoingRequest Request) : IRequestCommand;

    /// <summary>Starts a walk; its replies and its end go to the sender.</summary>
    public sealed record StartQuery(long Tag, QueryDefinition Definition) : ICommand
    {
        /// <summary>The sender hears of the end only.</summary>
        public bool EndOnly { get; init; }
    }

    /// <summary>Ends a walk of the sender early; it still finishes.</summary>
    public sealed record CancelQuery(long Tag) : ICommand;

    /// <summary>Tells a node that another one, which it had named, is down; limited for each tick.</summary>
    public sealed record HintDown(PeerAddress To, PeerAddress Down) : IRequestCommand;

    /// <summary>Answers a request that was handed over.</summary>
    public sealed record Answer(ReceivedRequest Request, DhtAnswer Reply) : IRequestCommand;

    /// <summary>Passes a request on to another node under its own transaction id.</summary>
    public sealed record Relay(ReceivedRequest Request, ReadOnlyMemory<byte> Value, PeerAddress To, LocalSocket? Socket = null) : IRequestCommand;

    /// <summary>Sends bytes that are no DHT message from one of the node's sockets.</summary>
    /// <param name="TimeToLive">Hops they may take; 0 means the system's number.</param>
    public sealed record Transmit(ReadOnlyMemory<byte> Bytes, PeerAddress To, LocalSocket Socket, int TimeToLive = 0) : ISocketCommand;

    /// <summary>Opens a socket on any port for one connection: it gets the packets of its stream, and the socket closes with it.</summary>
    /// <param name="Socket">A number that no other socket of the node has.</param>
    /// <param name="Puncher">Hears <see cref="ProbeReceived"/>.</param>
    public sealed record OpenSocket(LocalSocket Socket, uint StreamId, IActorRef Connection, IActorRef Puncher) : ISocketCommand;

    /// <summary>Closes a socket that was opened, after what it was told to send.</summary>
    public sealed record CloseSocket(LocalSocket Socket) : ISocketCommand;

    /// <summary>Closes all sockets of a connection but the one that it uses.</summary>
    public sealed record KeepSocket(IActorRef Connection, IActorRef Datagrams) : ISocketCommand;

    /// <summary>Lets one more connection use a socket that was opened for another; the socket stays open for both.</summary>
    public sealed record ShareSocket(LocalSocket Socket, IActorRef Connection) : ISocketCommand;

    /// <summary>Ends <see cref="ShareSocket"/> of a connection that did not come about: the socket closes at once when no other uses it.</summary>
    public sealed record LeaveSocket(LocalSocket Socket, IActorRef Connection) : ISocketCommand;

    /// <summary>A socket of a holepunch outlives its connections for a while, so that another can go the same way, or no longer.</summary>
    public sealed record LetSocketLinger(LocalSocket Socket, bool Lingers = true) : ISocketCommand;

    /// <summary>A socket has been without connections for long enough; the node tells itself.</summary>
    internal sealed record LingerOver(LocalSocket Socket, IActorRef Datagrams) : ISocketCommand;

    /// <summary>Puts a node into the routing table, if there is room for it.</summary>
    public sealed record AddNode(PeerAddress Address) : ICommand;

    /// <summary>Closes the node's sockets and lets it rest; its requests fail, and its routing table stays.</summary>
    public sealed record Suspend : IRestCommand;

    /// <summary>Ends the rest of a node: it opens its sockets, where they were if it can, and looks around.</summary>
    public sealed record Resume : IRestCommand;

    /// <summary>Stops a node for good once all that it was told to send has left; an actor that is stopped without this order sends nothing more.</summary>
    /// <param name="TakeBackWithin">How long the relays of servers may take to forget them before connections end.</param>
    public sealed record Stop(TimeSpan TakeBackWithin) : IRestCommand;

    /// <summary>Requests of the layer above go to this actor from now on; without one they are answered as unknown.</summary>
    public sealed record ServeRequests(IActorRef Handler) : ICommand;

    /// <summary>The observer hears of the node's state, at once and after each change.</summary>
    public sealed record ObserveState(IActorRef Observer) : ICommand;

    /// <summary>Answered by the current <see cref="DhtNodeState"/>.</summary>
    public sealed record GetState : IQuery;

    /// <summary>Answered by the current <see cref="RoutingSnapshot"/>.</summary>
    public sealed record GetRouting : IQuery;

    /// <summary>Answered by <see cref="NodesListed"/>.</summary>
    public sealed record GetNodes(int Limit) : IQuery;

    /// <summary>Answered by a <see cref="NodeTraffic"/>.</summary>
    public sealed record GetTraffic : IQuery
    {
        /// <summary>What the servers on the node have counted.</summary>
        internal HandshakeCounts Handshakes { get; init; } = HandshakeCounts.None;

        /// <summary>What the connections of the node have counted.</summary>
        internal WayCounts Ways { get; init; } = WayCounts.None;
    }

    /// <summary>The sockets are open, at the start or after a rest; told to the owner, who adds the streams of its connections to them.</summary>
    /// <param name="Client">Absent on nodes that are open from the start: they need no client socket.</param>
    public sealed record NodeBound(PeerAddress Server, PeerAddress? Client, IActorRef ServerSocket, IActorRef? ClientSocket) : IEvent
    {
        /// <summary>Of both sockets.</summary>
        public required ImmutableArray<IStreamRoutes> Streams { get; init; }

        /// <summary>An actor gets the packets of a stream at once, on either socket, until it stops.</summary>
        internal void AddStream(uint streamId, IActorRef actor)
        {
            foreach (IStreamRoutes streams in Streams)
                streams.Add(streamId, actor);
            ServerSocket.Tell(new DatagramProtocol.AddStream(streamId, actor));
            ClientSocket?.Tell(new DatagramProtocol.AddStream(streamId, actor));
        }
    }

    /// <summary>The node rests, and its ports are free; told to the owner.</summary>
    public sealed record Rested : IEvent;

    /// <summary>The node cannot run; told to the owner. The node stops.</summary>
    public sealed record BindFailed(PeerAddress Address, string Reason) : IEvent;

    /// <summary>What the node knows about itself has changed; told to the owner and to observers.</summary>
    public sealed record StateChanged(DhtNodeState State) : IEvent;

    /// <summary>A socket for a holepunch is there; told to the owner.</summary>
    public sealed record SocketOpened(LocalSocket Socket, IActorRef Datagrams, uint StreamId) : IEvent;

    /// <summary>One byte arrived on a socket that was opened for a holepunch.</summary>
    public sealed record ProbeReceived(LocalSocket Socket, PeerAddress From) : IEvent;

    /// <summary>Nodes of the routing table, most recently heard first.</summary>
    public sealed record NodesListed(ImmutableArray<PeerAddress> Nodes) : IEvent;

    /// <summary>The known nodes have changed; told to the owner.</summary>
    public sealed record NodesChanged(RoutingSnapshot Routing) : IEvent;

    /// <summary>A request was answered, possibly with an error code.</summary>
    public sealed record Replied(long Tag, ReceivedReply Reply) : IEvent;

    /// <summary>A request will not be answered.</summary>
    public sealed record RequestFailed(long Tag, RequestFailure Reason) : IEvent;

    /// <summary>A node answered a walk without error.</summary>
    public sealed record QueryFound(long Tag, ReceivedReply Reply) : IEvent;

    /// <summary>A walk is over; nothing follows under its tag.</summary>
    public sealed record QueryFinished(long Tag, QueryResult Result) : IEvent;

    /// <summary>A request of the layer above; answer it, relay it or drop it.</summary>
    public sealed record RequestReceived(ReceivedRequest Request) : IEvent;

    /// <summary>What the node has counted since it started.</summary>
    public sealed record NodeTraffic(
        long Malformed, long Spoofed, long Unmatched, long InvalidTokens, long RequestsReceived, long RequestsMade, long RepliesReceived,
        long Timeouts) : IEvent
    {
        /// <summary>Requests that were sent once more.</summary>
        public long Retries { get; init; }

        /// <summary>Requests made and received, and their replies, for each command that was asked for.</summary>
        public ImmutableArray<CommandCount> Commands { get; init; } = [];

        public QueryCounts Queries { get; init; }

        public SocketCounts PunchSockets { get; init; }

        /// <summary>How the connections of the node have sought their ways.</summary>
        public WayCounts Ways { get; init; } = WayCounts.None;

        /// <summary>What the servers that listen on the node have turned away.</summary>
        public HandshakeCounts Handshakes { get; init; } = HandshakeCounts.None;
    }

    /// <summary>Sockets for holepunches.</summary>
    public readonly record struct SocketCounts(long Opened, long Closed);

    /// <summary>Walks of a node.</summary>
    public readonly record struct QueryCounts(long Started, int Running);
}

using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>What an RPC peer is told, and what it tells; it also takes the commands of its pool of clients and of its DHT.</summary>
public static class HyperswarmRpcProtocol
{
    /// <summary>An order to the peer.</summary>
    public interface ICommand;

    /// <summary>A fact.</summary>
    public interface IEvent;

    /// <summary>Answered by <see cref="Ready"/> or <see cref="Failed"/>, when it is known.</summary>
    public sealed record WaitUntilReady : ICommand;

    /// <summary>Fails the calls that are out, takes the servers off the DHT, ends all connections and stops the peer.</summary>
    /// <param name="TakeBackWithin">How long it may take until the servers cannot be found any more.</param>
    public sealed record Stop(TimeSpan TakeBackWithin) : ICommand;

    /// <summary>Serves under one more key; answered by <see cref="ServerListening"/> or <see cref="ServerRefused"/>.</summary>
    public sealed record StartServer(HyperswarmRpcServer Server) : ICommand;

    /// <summary>Serves no new clients under a key; those that are connected stay. Answered by <see cref="ServerStopped"/>.</summary>
    public sealed record StopServer(PublicKey Key) : ICommand;

    /// <summary>Offers a method on every connection of a server, present and future.</summary>
    public sealed record Serve(PublicKey Key, ServedMethod Method) : ICommand;

    /// <summary>Makes a method unknown on every connection of a server.</summary>
    public sealed record Withdraw(PublicKey Key, string Method) : ICommand;

    /// <summary>Dials a server for a client of its own, apart from the pool; answered by <see cref="ClientStarted"/> or <see cref="ClientRefused"/>.</summary>
    /// <param name="Owner">Hears the events of <see cref="RpcClientActor"/>; the sender when null.</param>
    public sealed record StartClient(RpcClientOptions Client, IActorRef? Owner = null) : ICommand;

    /// <summary>The node has joined, and the servers, if any, can be found.</summary>
    /// <param name="Dht">Takes the commands of <see cref="Dht.HyperDhtProtocol"/>.</param>
    /// <param name="Address">Where the node is bound.</param>
    /// <param name="Servers">How those that were asked for from the start have come about.</param>
    public sealed record Ready(IActorRef Dht, PeerAddress Address, ImmutableArray<IServerOutcome> Servers) : IEvent;

    /// <summary>The peer cannot run.</summary>
    public sealed record Failed(PeerAddress Address, string Reason) : IEvent;

    /// <summary>How the start of a server has ended.</summary>
    public interface IServerOutcome : IEvent;

    /// <summary>A server is announced.</summary>
    /// <param name="Relays">Nodes that know the server.</param>
    public sealed record ServerListening(PublicKey Key, ImmutableArray<PeerAddress> Relays) : IServerOutcome;

    /// <summary>The node has a server of this key.</summary>
    public sealed record ServerRefused(PublicKey Key) : IServerOutcome;

    /// <summary>The relays have forgotten the server, or it never was there.</summary>
    public sealed record ServerStopped(PublicKey Key) : IEvent;

    /// <summary>How the start of a client has ended.</summary>
    public interface IClientOutcome : IEvent;

    /// <summary>A client takes <see cref="RpcSessionProtocol"/>'s orders, which wait for its connection, and stops when that ends.</summary>
    public sealed record ClientStarted(IActorRef Client) : IClientOutcome;

    /// <summary>There are too many clients already.</summary>
    public sealed record ClientRefused : IClientOutcome;

    /// <summary>To the parent: a client has opened a server's channel.</summary>
    public sealed record ClientConnected(PublicKey Key, PublicKey Remote, IActorRef Session, IActorRef Connection) : IEvent;
}

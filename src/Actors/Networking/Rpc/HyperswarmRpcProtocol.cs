using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>What an RPC peer tells its owner; it also takes the commands of its clients, its server and its DHT.</summary>
public static class HyperswarmRpcProtocol
{
    /// <summary>An order to the peer.</summary>
    public interface ICommand;

    /// <summary>A fact.</summary>
    public interface IEvent;

    /// <summary>Answered by <see cref="Ready"/> or <see cref="Failed"/>, when it is known.</summary>
    public sealed record WaitUntilReady : ICommand;

    /// <summary>Fails the calls that are out, takes the server off the DHT, ends all connections and stops the peer.</summary>
    /// <param name="TakeBackWithin">How long it may take until the server cannot be found any more.</param>
    public sealed record Stop(TimeSpan TakeBackWithin) : ICommand;

    /// <summary>The node has joined, and the server, if any, can be found.</summary>
    /// <param name="Dht">Takes the commands of <see cref="Dht.HyperDhtProtocol"/>.</param>
    /// <param name="Address">Where the node is bound.</param>
    /// <param name="Relays">Nodes that know the server.</param>
    public sealed record Ready(IActorRef Dht, PeerAddress Address, ImmutableArray<PeerAddress> Relays) : IEvent;

    /// <summary>The peer cannot run.</summary>
    public sealed record Failed(PeerAddress Address, string Reason) : IEvent;

    /// <summary>To the parent: a client has opened the server's channel.</summary>
    public sealed record ClientConnected(PublicKey Remote) : IEvent;
}

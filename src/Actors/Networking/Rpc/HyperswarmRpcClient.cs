using Akka.Actor;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux.Rpc;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>An RPC peer for commands and tests, which wait for answers.</summary>
public sealed class HyperswarmRpcClient
{
    // The answer to a call is due at its own timeout; the question is only given up when that has failed.
    private static readonly TimeSpan AnswerGrace = TimeSpan.FromSeconds(5);

    private readonly IActorRef _peer;
    private readonly TimeSpan _timeout;
    private long _lastRequest;

    private HyperswarmRpcClient(IActorRef peer, HyperswarmRpcProtocol.Ready ready, TimeSpan timeout)
    {
        (_peer, _timeout) = (peer, timeout);
        Address = ready.Address;
        Dht = new HyperDhtClient(ready.Dht, timeout);
        IsListed = ready.Servers.All(server => server is HyperswarmRpcProtocol.ServerListening { Relays.Length: > 0 });
    }

    /// <summary>Where the node is bound.</summary>
    public PeerAddress Address { get; }

    /// <summary>The peer's part in the DHT.</summary>
    public HyperDhtClient Dht { get; }

    /// <summary>Whether each of the servers from the start is known to at least one node.</summary>
    public bool IsListed { get; }

    /// <summary>Starts a peer and waits until it has joined and its servers, if any, can be found.</summary>
    /// <exception cref="PortInUseException">The port is taken.</exception>
    public static async Task<HyperswarmRpcClient> StartAsync(
        IActorRefFactory system, PeerRuntime runtime, HyperswarmRpcOptions options, TimeSpan timeout)
    {
        IActorRef peer = system.ActorOf(HyperswarmRpcActor.Props(runtime, options), runtime.Name);
        HyperswarmRpcProtocol.IEvent outcome = await peer
            .Ask<HyperswarmRpcProtocol.IEvent>(new HyperswarmRpcProtocol.WaitUntilReady(), timeout).ConfigureAwait(false);
        if (outcome is HyperswarmRpcProtocol.Ready ready)
            return new HyperswarmRpcClient(peer, ready, timeout);
        await peer.GracefulStop(timeout).ConfigureAwait(false);
        throw new PortInUseException(options.Dht.Node.Bind);
    }

    /// <summary>Whether any node of the DHT has answered so far.</summary>
    public async Task<bool> IsOnlineAsync()
        => (await Dht.Dht.Ask<DhtNodeProtocol.NodeTraffic>(new DhtNodeProtocol.GetTraffic(), _timeout).ConfigureAwait(false)).RepliesReceived > 0;

    /// <summary><see cref="RpcClientsProtocol.Replied"/> or <see cref="RpcClientsProtocol.Failed"/>.</summary>
    public Task<RpcClientsProtocol.IEvent> CallAsync(PublicKey server, RpcMethod method, ReadOnlyMemory<byte> value)
    {
        long request = Interlocked.Increment(ref _lastRequest);
        return _peer.Ask<RpcClientsProtocol.IEvent>(new RpcClientsProtocol.Call(request, server, method, value, _timeout), _timeout + AnswerGrace);
    }

    /// <summary>Tells a server something that it does not answer.</summary>
    public void SendEvent(PublicKey server, RpcMethod method, ReadOnlyMemory<byte> value)
        => _peer.Tell(new RpcClientsProtocol.SendEvent(server, method, value));

    /// <summary>Serves under one more key; the outcome says which nodes know the server, or that the key is taken.</summary>
    public Task<HyperswarmRpcProtocol.IServerOutcome> StartServerAsync(HyperswarmRpcServer server)
        => _peer.Ask<HyperswarmRpcProtocol.IServerOutcome>(new HyperswarmRpcProtocol.StartServer(server), _timeout);

    /// <summary>Takes one server off the DHT; its connections live on.</summary>
    public Task StopServerAsync(PublicKey key)
        => _peer.Ask<HyperswarmRpcProtocol.ServerStopped>(new HyperswarmRpcProtocol.StopServer(key), _timeout);

    /// <summary>A client with a connection of its own, or nothing when there are too many; its calls may begin at once.</summary>
    /// <param name="client">Whom it calls.</param>
    /// <param name="owner">Hears the events of <see cref="RpcClientActor"/>.</param>
    public async Task<RpcClient?> StartClientAsync(RpcClientOptions client, IActorRef? owner = null)
    {
        HyperswarmRpcProtocol.StartClient order = new(client, owner ?? ActorRefs.Nobody);
        return await _peer.Ask<HyperswarmRpcProtocol.IClientOutcome>(order, _timeout).ConfigureAwait(false)
            is HyperswarmRpcProtocol.ClientStarted started ? new RpcClient(started.Client, _timeout) : null;
    }

    /// <summary>Takes the servers off the DHT, ends all connections and stops the peer.</summary>
    public Task StopAsync() => _peer.GracefulStop(_timeout, new HyperswarmRpcProtocol.Stop(_timeout / 2));
}

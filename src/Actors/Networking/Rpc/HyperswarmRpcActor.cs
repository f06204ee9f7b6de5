using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Actors.Networking.Rpc;

/// <summary>RPC over the DHT: calls servers by public key and serves under its own, as @hyperswarm/rpc does.</summary>
public sealed class HyperswarmRpcActor : UntypedActor
{
    private readonly HyperswarmRpcOptions _options;
    private readonly IActorRef _dht;
    private readonly IActorRef _clients;
    private readonly RpcServers _servers;
    private readonly PeerRuntime _runtime;
    private readonly HashSet<IActorRef> _separate = [];
    private readonly Dictionary<long, PublicKey> _dials = [];
    private readonly Dictionary<PublicKey, IActorRef> _connections = [];
    private readonly List<IActorRef> _waiting = [];
    private HyperswarmRpcProtocol.IEvent? _outcome;
    private readonly List<HyperswarmRpcProtocol.IServerOutcome> _serverOutcomes = [];
    private PeerAddress _address;
    private bool _hasJoined;
    private long _lastDial;
    private long _lastClient;

    public HyperswarmRpcActor(PeerRuntime runtime, HyperswarmRpcOptions options)
    {
        (_runtime, _options) = (runtime, options);
        _dht = Context.ActorOf(HyperDhtActor.Props(runtime.For("dht"), options.Dht), "dht");
        _clients = Context.ActorOf(RpcClientsActor.Props(runtime, options.Clients, Self), "clients");
        _servers = new RpcServers(runtime, _dht);
        foreach (HyperswarmRpcServer server in options.Servers)
            _servers.Start(Context, server, Self);
    }

    public static Props Props(PeerRuntime runtime, HyperswarmRpcOptions options)
        => ActorProps.Of(() => new HyperswarmRpcActor(runtime, options)).WithDispatcher(runtime.ConnectionDispatcher);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RpcClientsProtocol.Call or RpcClientsProtocol.SendEvent:
                _clients.Forward(message);
                break;
            case HyperDhtProtocol.ICommand or DhtNodeProtocol.ICommand or DhtNodeProtocol.IQuery:
                _dht.Forward(message);
                break;
            case HyperswarmRpcProtocol.ICommand command:
                Handle(command);
                break;
            case RpcClientsProtocol.IEvent request:
                Handle(request);
                break;
            case HyperswarmRpcProtocol.IServerOutcome outcome:
                _serverOutcomes.Add(outcome);
                SettleIfReady();
                break;
            case RpcServerProtocol.SessionOpened opened:
                Context.Parent.Tell(new HyperswarmRpcProtocol.ClientConnected(opened.Server, opened.Remote, opened.Session, opened.Connection));
                break;
            case RpcServerProtocol.SessionClosed closed:
                closed.Connection.Tell(ConnectionProtocol.Close.Instance);
                break;
            case HyperDhtProtocol.IEvent fact:
                Handle(fact);
                break;
            case DhtNodeProtocol.IEvent fact:
                Handle(fact);
                break;
            case Terminated stopped:
                if (!_separate.Remove(stopped.ActorRef))
                    Context.Stop(Self);
                break;
            case ConnectionProtocol.IEvent:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Handle(HyperswarmRpcProtocol.ICommand command)
    {
        switch (command)
        {
            case HyperswarmRpcProtocol.WaitUntilReady when _outcome is { } outcome:
                Sender.Tell(outcome);
                break;
            case HyperswarmRpcProtocol.WaitUntilReady:
                _waiting.Add(Sender);
                break;
            case HyperswarmRpcProtocol.Stop stop:
                Context.Stop(_clients);
                foreach (IActorRef client in _separate)
                    Context.Stop(client);
                Context.Watch(_dht);
                _dht.Tell(new DhtNodeProtocol.Stop(stop.TakeBackWithin));
                break;
            case HyperswarmRpcProtocol.StartServer start:
                _servers.Start(Context, start.Server, Sender);
                break;
            case HyperswarmRpcProtocol.StopServer end:
                _servers.Stop(Context, end.Key, Sender);
                break;
            case HyperswarmRpcProtocol.Serve serve:
                _servers.Tell(serve.Key, new RpcServerProtocol.Serve(serve.Method));
                break;
            case HyperswarmRpcProtocol.Withdraw withdraw:
                _servers.Tell(withdraw.Key, new RpcServerProtocol.Withdraw(withdraw.Method));
                break;
            case HyperswarmRpcProtocol.StartClient client:
                Sender.Tell(StartClient(client));
                break;
        }
    }

    private HyperswarmRpcProtocol.IClientOutcome StartClient(HyperswarmRpcProtocol.StartClient order)
    {
        if (_separate.Count >= _options.MaxSeparateClients)
            return new HyperswarmRpcProtocol.ClientRefused();
        Props props = RpcClientActor.Props(_runtime, order.Client, _options.KeyPair, _dht, order.Owner ?? Sender);
        IActorRef client = Context.Watch(Context.ActorOf(props, "client-" + ++_lastClient));
        _separate.Add(client);
        return new HyperswarmRpcProtocol.ClientStarted(client);
    }

    private void Handle(RpcClientsProtocol.IEvent request)
    {
        switch (request)
        {
            case RpcClientsProtocol.Connect connect:
                _dials.Add(++_lastDial, connect.Server);
                _dht.Tell(new HyperDhtProtocol.Connect(_lastDial, connect.Server, _options.KeyPair)
                {
                    Preamble = [RpcChannels.Listening(connect.Server, _clients)],
                    SpeaksAtOnce = true,
                });
                break;
            case RpcClientsProtocol.Release release when _connections.Remove(release.Server, out IActorRef? connection):
                connection.Tell(ConnectionProtocol.Close.Instance);
                break;
        }
    }

    private void Handle(HyperDhtProtocol.IEvent fact)
    {
        switch (fact)
        {
            case HyperDhtProtocol.Connected connected when _dials.Remove(connected.Tag, out PublicKey server):
                _connections[server] = connected.Connection;
                _clients.Tell(new RpcClientsProtocol.Connected(server, connected.Connection, connected.Session));
                break;
            case HyperDhtProtocol.ConnectFailed failed when _dials.Remove(failed.Tag, out PublicKey server):
                _clients.Tell(new RpcClientsProtocol.ConnectFailed(server, failed.Code, ConnectFailureCodes.Describe(failed.Code)));
                break;
            default:
                _servers.Handle(Context, fact);
                break;
        }
    }

    private void Handle(DhtNodeProtocol.IEvent fact)
    {
        switch (fact)
        {
            case DhtNodeProtocol.NodeBound bound:
                _address = bound.Server;
                break;
            case DhtNodeProtocol.BindFailed failed:
                Settle(new HyperswarmRpcProtocol.Failed(failed.Address, failed.Reason));
                break;
            case DhtNodeProtocol.StateChanged { State.IsBootstrapped: true }:
                _hasJoined = true;
                SettleIfReady();
                break;
        }
    }

    private void SettleIfReady()
    {
        if (_hasJoined && _serverOutcomes.Count == _options.Servers.Length)
            Settle(new HyperswarmRpcProtocol.Ready(_dht, _address, [.. _serverOutcomes]));
    }

    private void Settle(HyperswarmRpcProtocol.IEvent outcome)
    {
        if (_outcome is not null)
            return;
        _outcome = outcome;
        foreach (IActorRef asker in _waiting)
            asker.Tell(outcome);
        _waiting.Clear();
    }
}

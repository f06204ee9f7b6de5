using System.Collections.Immutable;
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
    private readonly IActorRef _server = ActorRefs.Nobody;
    private readonly Dictionary<long, PublicKey> _dials = [];
    private readonly Dictionary<PublicKey, IActorRef> _connections = [];
    private readonly List<IActorRef> _waiting = [];
    private HyperswarmRpcProtocol.IEvent? _outcome;
    private ImmutableArray<PeerAddress> _relays = [];
    private PeerAddress _address;
    private bool _hasJoined;
    private bool _isListed;
    private long _lastDial;

    public HyperswarmRpcActor(PeerRuntime runtime, HyperswarmRpcOptions options)
    {
        _options = options;
        _dht = Context.ActorOf(HyperDhtActor.Props(runtime.For("dht"), options.Dht), "dht");
        _clients = Context.ActorOf(RpcClientsActor.Props(runtime, options.Clients, Self), "clients");
        if (options.ServerKeyPair is not { } keyPair)
            return;
        RpcServerOptions server = new()
        {
            ServerKey = keyPair.PublicKey,
            Capability = options.ServerCapability,
            Methods = options.Methods,
        };
        _server = Context.ActorOf(RpcServerActor.Props(runtime, server, Self), "server");
        _dht.Tell(new HyperDhtProtocol.Listen(keyPair, Self, options.Firewall)
        {
            Preamble = [RpcChannels.Listening(keyPair.PublicKey, _server)],
            SpeaksAtOnce = true,
        });
    }

    public static Props Props(PeerRuntime runtime, HyperswarmRpcOptions options)
        => ActorProps.Of(() => new HyperswarmRpcActor(runtime, options));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RpcClientsProtocol.Call or RpcClientsProtocol.SendEvent:
                _clients.Forward(message);
                break;
            case RpcServerProtocol.ICommand:
                _server.Forward(message);
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
            case RpcServerProtocol.SessionOpened opened:
                Context.Parent.Tell(new HyperswarmRpcProtocol.ClientConnected(opened.Remote));
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
            case Terminated:
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
                Context.Watch(_dht);
                _dht.Tell(new DhtNodeProtocol.Stop(stop.TakeBackWithin));
                break;
        }
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
            case HyperDhtProtocol.Listening listening:
                (_isListed, _relays) = (true, listening.Relays);
                SettleIfReady();
                break;
            case HyperDhtProtocol.Accepted accepted:
                _server.Tell(new RpcServerProtocol.Attach(accepted.Connection, accepted.Session, OpensAtOnce: true));
                break;
            case HyperDhtProtocol.Connected connected when _dials.Remove(connected.Tag, out PublicKey server):
                _connections[server] = connected.Connection;
                _clients.Tell(new RpcClientsProtocol.Connected(server, connected.Connection, connected.Session));
                break;
            case HyperDhtProtocol.ConnectFailed failed when _dials.Remove(failed.Tag, out PublicKey server):
                _clients.Tell(new RpcClientsProtocol.ConnectFailed(server, failed.Code, ConnectFailureCodes.Describe(failed.Code)));
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
        if (_hasJoined && (_isListed || _options.ServerKeyPair is null))
            Settle(new HyperswarmRpcProtocol.Ready(_dht, _address, _relays));
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

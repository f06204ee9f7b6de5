using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht.Dialling;
using Hyper.Actors.Networking.Dht.Listening;
using Hyper.Actors.Networking.Dht.Records;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Actors.Networking.Dht;

/// <summary>A peer's part in HyperDHT: its node, its servers, its connections and the records it keeps for others.</summary>
public sealed class HyperDhtActor : UntypedActor
{
    private readonly PeerRuntime _runtime;
    private readonly HyperDhtOptions _options;
    private readonly IActorRef _node;
    private readonly RequestServer _requests;
    private readonly ConnectionTable _connections;
    private readonly Listeners _listeners;
    private readonly RelayCache _relays;
    private readonly Queue<(object Message, IActorRef Sender)> _early = [];
    private ImmutableArray<PeerAddress> _localAddresses = [];
    private DhtNodeState? _state;
    private long _dials;
    private long _walks;

    public HyperDhtActor(PeerRuntime runtime, HyperDhtOptions options)
    {
        (_runtime, _options) = (runtime, options);
        _node = Context.Watch(Context.ActorOf(DhtNodeActor.Props(runtime, options.Node), "node"));
        _node.Tell(new DhtNodeProtocol.ServeRequests(Self));
        _node.Tell(new DhtNodeProtocol.ObserveState(Self));
        _requests = new RequestServer(runtime.For("records"), options.Records);
        _connections = new ConnectionTable(runtime, options);
        _listeners = new Listeners(runtime, options, _requests.Forwards);
        _relays = new RelayCache(options.MaxCachedServers);
    }

    /// <summary>The parent hears <see cref="DhtNodeProtocol.NodeBound"/>, <see cref="DhtNodeProtocol.BindFailed"/> and state changes.</summary>
    public static Props Props(PeerRuntime runtime, HyperDhtOptions options)
        => ActorProps.Of(() => new HyperDhtActor(runtime, options));

    private NodeReachability Own => NodeReachability.Of(_state!, _localAddresses);

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case DhtNodeProtocol.IEvent fact:
                HandleNode(fact);
                break;
            case DhtNodeProtocol.ICommand or DhtNodeProtocol.IQuery:
                _node.Forward(message);
                break;
            case HyperDhtProtocol.ICommand command when _state is not null && _connections.Sockets is not null:
                HandleCommand(command, Sender);
                break;
            case HyperDhtProtocol.ICommand:
                _early.Enqueue((message, Sender));
                break;
            case ListenerProtocol.ConnectionBegun begun when _listeners.TryGetOrder(Sender, out HyperDhtProtocol.Listen? order):
                ConnectionOwner owner = new(order.Owner, null, order.KeyPair.PublicKey, order.Preamble);
                if (_connections.TryBegin(Context, begun.Connection.LocalStreamId, owner))
                    _connections.Establish(begun.Connection);
                break;
            case DialProtocol.Succeeded dialled:
                _relays.Set(dialled.Connection.Noise.RemotePublicKey, dialled.RelayAddresses);
                _connections.Establish(dialled.Connection);
                break;
            case DialProtocol.Failed failed:
                _connections.Abandon(Context, failed.StreamId, ConnectFailureCodes.Of(failed.Reason));
                break;
            case ConnectionProtocol.IEvent fact:
                _connections.Handle(fact, Sender);
                break;
            case Terminated { ActorRef: IActorRef stopped }:
                if (!_connections.Remove(stopped) && !_listeners.Remove(stopped) && stopped.Equals(_node))
                    Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void HandleNode(DhtNodeProtocol.IEvent fact)
    {
        switch (fact)
        {
            case DhtNodeProtocol.RequestReceived received:
                Serve(received.Request);
                return;
            case DhtNodeProtocol.NodeBound bound:
                _connections.Sockets = bound;
                _localAddresses = LocalAddresses(bound.Server);
                break;
            case DhtNodeProtocol.StateChanged changed when changed.State == _state:
                return;
            case DhtNodeProtocol.StateChanged changed:
                _state = changed.State;
                _listeners.TellOpenAddress(_state.OpenAddress);
                break;
        }

        Context.Parent.Tell(fact);
        while (_state is not null && _connections.Sockets is not null && _early.TryDequeue(out (object Message, IActorRef Sender) early))
            HandleCommand((HyperDhtProtocol.ICommand)early.Message, early.Sender);
    }

    // A node bound to every interface is reached at those that it has, or else from its own host only.
    private ImmutableArray<PeerAddress> LocalAddresses(PeerAddress server)
    {
        IReadOnlyList<uint> hosts = server.Host == 0 ? _runtime.Ports.FindLocalHosts() : [server.Host];
        return hosts.Count == 0 ? [PeerAddress.Loopback(server.Port)] : [.. hosts.Select(host => server with { Host = host })];
    }

    private void Serve(ReceivedRequest request)
    {
        DhtNodeProtocol.ICommand? answer = _requests.Handle(request, _state?.Id, out PeerRoute.Accept? handshake);
        if (answer is not null)
            _node.Tell(answer);
        if (handshake is not null && request.Target is { } target)
            _listeners.Deliver(target, new ListenerProtocol.HandshakeArrived(request, handshake, Own));
    }

    private void HandleCommand(HyperDhtProtocol.ICommand command, IActorRef sender)
    {
        switch (command)
        {
            case HyperDhtProtocol.Listen listen:
                _listeners.Start(Context, listen, _node, _state!.OpenAddress);
                break;
            case HyperDhtProtocol.StopListening stop:
                _listeners.Stop(stop, sender);
                break;
            case HyperDhtProtocol.Connect connect:
                Dial(connect, sender);
                break;
            case HyperDhtProtocol.CancelConnect cancel:
                _connections.Cancel(Context, sender, cancel.Tag);
                break;
            case HyperDhtProtocol.Refuse refuse:
                _listeners.Refuse(refuse);
                break;
            default:
                if (RecordOperation.Of(command) is { } operation)
                    Context.ActorOf(RecordWalkActor.Props(operation, _node, sender), "walk-" + ++_walks);
                break;
        }
    }

    private void Dial(HyperDhtProtocol.Connect order, IActorRef sender)
    {
        uint streamId = _connections.NextStreamId();
        if (!_connections.TryBegin(Context, streamId, new ConnectionOwner(sender, order.Tag, order.Remote, order.Preamble)))
        {
            sender.Tell(new HyperDhtProtocol.ConnectFailed(order.Tag, order.Remote, ConnectFailureCodes.TooManyConnections));
            return;
        }

        string name = "dial-" + ++_dials;
        PeerAddress? server = _state!.Id is null ? null : _requests.AnnouncedAddress(PeerRecord.TargetOf(order.Remote));
        ImmutableArray<PeerAddress> known = server is { } address ? [address]
            : order.Relays.IsEmpty ? _relays.Get(order.Remote) : order.Relays;
        ConnectMachine machine = new(_options.Connect, order.KeyPair, order.Remote, streamId, Own, known, _runtime.For(name).Entropy);
        Context.ActorOf(DialActor.Props(machine, streamId, _node), name);
    }
}

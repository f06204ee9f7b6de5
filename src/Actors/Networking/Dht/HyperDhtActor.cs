using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht.Dialling;
using Hyper.Actors.Networking.Dht.Listening;
using Hyper.Actors.Networking.Dht.Punching;
using Hyper.Actors.Networking.Dht.Records;
using Hyper.Actors.Networking.Relaying;
using Hyper.Actors.Runtime;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Connecting;

namespace Hyper.Actors.Networking.Dht;

/// <summary>A peer's part in HyperDHT: its node, its servers, its connections and the records it keeps for others.</summary>
public sealed class HyperDhtActor : UntypedActor
{
    private readonly PeerRuntime _runtime;
    private readonly IActorRef _node;
    private readonly RequestServer _requests;
    private readonly ConnectionTable _connections;
    private readonly Listeners _listeners;
    private readonly PunchOrders _punches;
    private readonly StreamEvents _streams;
    private readonly Dials _dials;
    private readonly SocketRoutes _routes;
    private readonly Queue<(object Message, IActorRef Sender)> _early = [];
    private readonly NodeView _view;
    private readonly NodeRest _rest;
    private readonly IDisposable? _hostWatch;
    private long _walks;

    public HyperDhtActor(PeerRuntime runtime, HyperDhtOptions options)
    {
        (_runtime, _view) = (runtime, new NodeView(runtime.Ports));
        _node = Context.Watch(Context.ActorOf(DhtNodeActor.Props(runtime, options.FilteredNode), "node"));
        _node.Tell(new DhtNodeProtocol.ServeRequests(Self));
        _node.Tell(new DhtNodeProtocol.ObserveState(Self));
        _requests = new RequestServer(runtime.For("records"), options.Records);
        _routes = new SocketRoutes(_node, options.MaxCachedServers);
        _connections = new ConnectionTable(runtime, options, _routes);
        _punches = new PunchOrders(runtime.Clock, options.Handshakes.Holepunch, _node, _connections);
        _listeners = new Listeners(runtime, options, _requests.Forwards);
        _rest = new NodeRest(_node, _listeners, _connections, _punches);
        RelayCache relays = new(options.MaxCachedServers);
        _dials = new Dials(runtime, options, _requests, _connections, relays, _routes);
        _streams = new StreamEvents(_connections, new(options.RelayedStreams, runtime.For("relayed").Entropy, _connections), _listeners, relays, _punches, _node);
        IActorRef self = Self;
        if (options.Node.Bind.Host == 0)
            _hostWatch = runtime.Ports.WatchLocalHosts(() => self.Tell(new HyperDhtProtocol.LocalHostsChanged()));
    }

    /// <summary>The parent hears <see cref="DhtNodeProtocol.NodeBound"/>, <see cref="DhtNodeProtocol.BindFailed"/> and state changes.</summary>
    public static Props Props(PeerRuntime runtime, HyperDhtOptions options)
        => ActorProps.Of(() => new HyperDhtActor(runtime, options)).WithDispatcher(runtime.NetworkDispatcher);

    private bool IsReady => _view.State is not null && _connections.Sockets is not null;

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PostStop()
    {
        _hostWatch?.Dispose();
        _rest.Cancel();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case DhtNodeProtocol.IEvent fact:
                HandleNode(fact);
                break;
            case DhtNodeProtocol.IRestCommand order:
                _rest.Handle(Context, order);
                break;
            case DhtNodeProtocol.GetTraffic query:
                _listeners.Count(query with { Ways = _connections.Ways }, _node, Sender);
                break;
            case DhtNodeProtocol.ICommand or DhtNodeProtocol.IQuery:
                _node.Forward(message);
                break;
            case HyperDhtProtocol.Connect order when _rest.IsSuspended:
                Sender.Tell(new HyperDhtProtocol.ConnectFailed(order.Tag, order.Remote, _rest.Code));
                break;
            case HyperDhtProtocol.ICommand command when IsReady:
                HandleCommand(command, Sender);
                break;
            case HyperDhtProtocol.ICommand:
                _early.Enqueue((message, Sender));
                break;
            case HyperDhtProtocol.GetConnections:
                _connections.Survey(Context, Sender);
                break;
            case HyperDhtProtocol.LocalHostsChanged:
                if (IsReady && _view.NoteLocalHosts())
                    _listeners.HandleNetworkChanged(Context);
                break;
            case ListenerProtocol.Suspended or ListenerProtocol.HostsTried:
                _listeners.Note(message, Sender);
                _rest.Advance(Context);
                break;
            case PunchProtocol.Order order:
                _punches.Handle(order, Sender);
                break;
            case Terminated { ActorRef: IActorRef stopped }:
                bool isKnown = _requests.Plugins.Remove(stopped) | (_routes.Remove(stopped) || _connections.Remove(stopped, _punches)
                    || _listeners.Remove(stopped) || _dials.Remove(stopped));
                if (!isKnown && stopped.Equals(_node))
                    Context.Stop(Self);
                _rest.Advance(Context);
                break;
            default:
                if (!_streams.TryHandle(Context, message, Sender))
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
            case DhtNodeProtocol.NodesChanged changed:
                _view.NoteNodes(changed.Routing);
                _dials.TellReachability(_view);
                return;
            case DhtNodeProtocol.SocketOpened opened:
                _connections.AddSocket(opened);
                return;
            case DhtNodeProtocol.NodeBound bound:
                _connections.Sockets = bound;
                _view.NoteBound(bound.Server);
                _rest.HandleBound();
                break;
            case DhtNodeProtocol.StateChanged changed when changed.State == _view.State:
                return;
            case DhtNodeProtocol.StateChanged changed:
                _view.State = changed.State;
                _listeners.TellAll(ListenerProtocol.NodeChanged.Of(changed.State));
                _dials.TellReachability(_view);
                break;
        }

        Context.Parent.Tell(fact);
        while (IsReady && _early.TryDequeue(out (object Message, IActorRef Sender) early))
            HandleCommand((HyperDhtProtocol.ICommand)early.Message, early.Sender);
    }

    private void Serve(ReceivedRequest request)
    {
        DhtNodeProtocol.ICommand? answer = _requests.Handle(request, _view.State?.Id, out PeerRoute? local);
        if (answer is not null)
            _node.Tell(answer);
        if (local is PeerRoute.Accept handshake && request.Target is { } target)
            _listeners.Deliver(Context, target, request, handshake, _view);
        else if (local is PeerRoute.Punch punch && request.Target is { } punched)
            _listeners.Deliver(punched, new ListenerProtocol.HolepunchArrived(request, punch.Message));
    }

    private void HandleCommand(HyperDhtProtocol.ICommand command, IActorRef sender)
    {
        switch (command)
        {
            case HyperDhtProtocol.Listen listen:
                _listeners.Start(Context, listen, _node, _view);
                _rest.HandleListening();
                break;
            case HyperDhtProtocol.Connect connect:
                _dials.Start(Context, connect, sender, _view);
                break;
            case HyperDhtProtocol.CancelConnect cancel:
                _connections.Cancel(sender, cancel.Tag);
                break;
            case HyperDhtProtocol.ServePlugin serve:
                _requests.Plugins.Add(Context, serve);
                break;
            case HyperDhtProtocol.CreateRawStream create:
                _connections.CreateRawStream(Context, create, sender, _rest.IsSuspended);
                break;
            default:
                if (!_listeners.TryHandle(command, sender) && RecordOperation.Of(command) is { } operation)
                    Context.ActorOf(RecordWalkActor.Props(_runtime, operation, _node, sender), "walk-" + ++_walks);
                break;
        }
    }
}

using Akka.Actor;
using Hyper.Actors.Networking.Datagrams;
using Hyper.Actors.Networking.Dht.Queries;
using Hyper.Actors.Networking.Dht.Routing;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Scheduling;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.DhtRpc.Routing;

namespace Hyper.Actors.Networking.Dht;

/// <summary>One DHT node: its sockets, its requests, and its walks, and the routing table below it.</summary>
public sealed class DhtNodeActor : UntypedActor
{
    private readonly PeerRuntime _runtime;
    private readonly DhtNodeMachine _machine;
    private readonly DeadlineTimer _timer;
    private readonly IActorRef _table;
    private readonly NodeEvents _events;
    private readonly RequestOrders _orders;
    private readonly NodeSockets _sockets;
    private readonly RunningQueries _queries;
    private readonly DropRecorder _drops;

    public DhtNodeActor(PeerRuntime runtime, DhtNodeActorOptions options)
    {
        (_runtime, _drops) = (runtime.For("dht"), new DropRecorder(runtime));
        _machine = new DhtNodeMachine(options.Node, _runtime.Entropy);
        _timer = new DeadlineTimer(Context, runtime.Clock);
        Props table = RoutingTableActor.Props(_runtime.For("routing"), _machine.State.TableId, options.Routing);
        _table = Context.Watch(Context.ActorOf(table, "routing"));
        foreach (PeerAddress node in options.Node.Nodes.Reverse())
            _table.Tell(new RoutingTableProtocol.NoteHeard(node));
        AskerTable askers = new();
        _orders = new RequestOrders(_machine, askers, runtime.Clock);
        _queries = new RunningQueries(options, _table, _orders, new BootstrapSearch(_runtime, options.Node.BootstrapNodes, _orders, Self), runtime.Events);
        _events = new NodeEvents(Context.Parent, _table, askers);
        _sockets = new NodeSockets(runtime, options);
    }

    public static Props Props(PeerRuntime runtime, DhtNodeActorOptions options)
        => ActorProps.Of(() => new DhtNodeActor(runtime, options)).WithDispatcher(runtime.NetworkDispatcher);

    private TimeSpan Now => _runtime.Clock.Now;

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PreStart() => _sockets.Open(Context);

    protected override void PostStop()
    {
        _timer.Cancel();
        _queries.CancelAll();
        _machine.CancelAll(Now);
        Drain();
        _sockets.Cancel();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case DatagramProtocol.IEvent fact:
                HandleSocket(fact);
                break;
            case DeadlineTimer.Due:
                _timer.Arrived();
                _machine.HandleTimeout(Now);
                _queries.HandleTimeout();
                break;
            case DhtNodeProtocol.ICommand command:
                HandleCommand(command);
                break;
            case DhtNodeProtocol.GetNodes or DhtNodeProtocol.GetRouting:
                _table.Forward(message);
                break;
            case DhtNodeProtocol.IQuery question:
                Sender.Tell(NodeAnswers.To(question, _machine, _queries.Counts, _sockets.PunchCounts));
                break;
            case RoutingTableProtocol.ViewChanged changed:
                _machine.HandleRouting(_queries.Known = changed.View);
                break;
            case RoutingTableProtocol.SnapshotPublished published:
                _machine.HandleNodes(published.Snapshot);
                Context.Parent.Tell(new DhtNodeProtocol.NodesChanged(published.Snapshot));
                break;
            case DhtNodeProtocol.QueryFinished:
                _machine.HandleBackgroundQueryFinished(Now);
                break;
            case HostFound found:
                _queries.HandleHost(found);
                break;
            case Terminated stopped:
                HandleStopped(stopped.ActorRef);
                break;
            default:
                Unhandled(message);
                break;
        }

        Drain();
        _sockets.FlushUnless(((ActorCell)Context).HasMessages);
        _timer.Follow(_queries.DeadlineBefore(_machine.NextDeadline));
    }

    private void HandleSocket(DatagramProtocol.IEvent fact)
    {
        switch (fact)
        {
            case DatagramProtocol.Received received:
                using (received.Batch)
                    Receive(received.Batch, _sockets.Of(Sender));
                break;
            case DatagramProtocol.BindFailed when !_sockets.IsOwn(Sender):
                break;
            case DatagramProtocol.Bound bound when _sockets.HandleBound(Sender, bound) is { } allBound:
                Context.Parent.Tell(allBound);
                _machine.Start(allBound.Server.Port, Now);
                _queries.HandleBound();
                break;
            case DatagramProtocol.BindFailed failed:
                Context.Parent.Tell(new DhtNodeProtocol.BindFailed(failed.Address, failed.Reason));
                Context.Stop(Self);
                break;
        }
    }

    private void HandleCommand(DhtNodeProtocol.ICommand command)
    {
        switch (command)
        {
            case DhtNodeProtocol.IRequestCommand request:
                _orders.Handle(request, Sender);
                break;
            case DhtNodeProtocol.StartQuery start:
                _queries.Start(start, _machine.State.TableId, Sender);
                break;
            case DhtNodeProtocol.CancelQuery cancel:
                _queries.Cancel(Sender, cancel.Tag);
                break;
            case DhtNodeProtocol.AddNode add:
                _table.Tell(new RoutingTableProtocol.NoteHeard(add.Address));
                break;
            case DhtNodeProtocol.ISocketCommand socket:
                if (socket is DhtNodeProtocol.Suspend)
                    _machine.Suspend(Now);
                _sockets.Handle(Context, socket);
                break;
            case DhtNodeProtocol.ServeRequests serve:
                _events.Handler = Context.Watch(serve.Handler);
                break;
            case DhtNodeProtocol.ObserveState observe:
                _events.Observe(Context.Watch(observe.Observer), _machine.State);
                break;
        }
    }

    private void Receive(DatagramBatch batch, LocalSocket? arrivedOn)
    {
        foreach (Datagram datagram in batch.Read())
        {
            if (arrivedOn is not { } socket || _sockets.TakeProbe(socket, datagram))
                continue;
            _machine.HandleDatagram(datagram.Bytes.Span, datagram.From, socket, Now);
            _drops.Note(datagram, _machine.Counters.Malformed);
            Drain();
            _sockets.FlushTraced();
        }
    }

    private void HandleStopped(IActorRef stopped)
    {
        if (stopped.Equals(_table) || _sockets.IsOwn(stopped))
            Context.Stop(Self);
        _sockets.Remove(Context, stopped);
        _events.Forget(stopped);
    }

    private void Drain()
    {
        while (_machine.TryTake(out DhtNodeEffect? effect))
        {
            switch (effect)
            {
                case DhtNodeEffect.Transmit transmit:
                    _sockets.Send(transmit.Socket, transmit.Datagram, transmit.To, transmit.TimeToLive);
                    break;
                case DhtNodeEffect.Raise { Event: DhtNodeEvent.BackgroundQueryWanted wanted }:
                    _queries.Start(new(0, QueryDefinition.Background(wanted.Target)) { EndOnly = true }, _machine.State.TableId, Self);
                    break;
                case DhtNodeEffect.Raise raise when _events.Dispatch(raise.Event) is { } unserved:
                    _machine.Answer(unserved, DhtAnswer.UnknownCommand, Now);
                    break;
            }
        }
    }
}

using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Actors.Runtime.Scheduling;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.DhtRpc.Routing;

namespace Hyper.Actors.Networking.Dht.Routing;

/// <summary>Keeps one node's routing table, of which the node above reads a view; pings and walks are asked of that node.</summary>
public sealed class RoutingTableActor : UntypedActor
{
    private readonly PeerRuntime _runtime;
    private readonly RoutingMachine _machine;
    private readonly DeadlineTimer _timer;
    private readonly Dictionary<long, PeerAddress> _pings = [];
    private RoutingView? _told;
    private long _lastPing;

    public RoutingTableActor(PeerRuntime runtime, NodeId own, RoutingOptions options)
    {
        _runtime = runtime;
        _machine = new RoutingMachine(own, runtime.Entropy, options, runtime.Clock.Now);
        _timer = new DeadlineTimer(Context, runtime.Clock);
    }

    public static Props Props(PeerRuntime runtime, NodeId own, RoutingOptions options)
        => ActorProps.Of(() => new RoutingTableActor(runtime, own, options)).WithDispatcher(runtime.NetworkDispatcher);

    protected override void PreStart() => Drain();

    protected override void PostStop() => _timer.Cancel();

    protected override void OnReceive(object message)
    {
        TimeSpan now = _runtime.Clock.Now;
        switch (message)
        {
            case DeadlineTimer.Due:
                _timer.Arrived();
                _machine.HandleTimeout(now);
                break;
            case RoutingTableProtocol.ICommand command:
                Handle(command, now);
                break;
            case DhtNodeProtocol.GetNodes question:
                Sender.Tell(new DhtNodeProtocol.NodesListed([.. _machine.Table.Newest(question.Limit)]));
                break;
            case DhtNodeProtocol.GetRouting:
                Sender.Tell(_machine.Table.Snapshot());
                break;
            case DhtNodeProtocol.Replied replied:
                HandlePingEnded(replied.Tag, answered: replied.Reply.Id is not null, now);
                break;
            case DhtNodeProtocol.RequestFailed failed:
                HandlePingEnded(failed.Tag, answered: false, now);
                break;
            case DhtNodeProtocol.QueryFinished:
                break;
            default:
                Unhandled(message);
                break;
        }

        Drain();
    }

    private void Handle(RoutingTableProtocol.ICommand command, TimeSpan now)
    {
        switch (command)
        {
            case RoutingTableProtocol.NoteHeard heard:
                _machine.HandleHeard(heard.Address, now);
                break;
            case RoutingTableProtocol.NoteUnreachable unreachable:
                _machine.HandleUnreachable(unreachable.Address, now);
                break;
            case RoutingTableProtocol.NoteDownHint hint:
                _machine.HandleDownHint(hint.Address, now);
                break;
            case RoutingTableProtocol.UpdateIdentity identity:
                _machine.HandleIdentity(identity.Own, now);
                if (identity.IsBootstrapped)
                    _machine.HandleBootstrapped();
                break;
            case RoutingTableProtocol.NoteQueryStarted:
                _machine.HandleQueryStarted();
                break;
            case RoutingTableProtocol.WakeUp:
                _machine.HandleWakeUp();
                break;
            case RoutingTableProtocol.Suspend:
                _machine.HandleSuspended();
                break;
            case RoutingTableProtocol.Resume:
                _machine.HandleResumed(now);
                break;
        }
    }

    private void HandlePingEnded(long tag, bool answered, TimeSpan now)
    {
        if (_pings.Remove(tag, out PeerAddress address))
            _machine.HandlePingEnded(address, answered, now);
    }

    private void Drain()
    {
        while (_machine.TryTake(out RoutingEffect? effect))
            Perform(effect);
        TellView();
        _timer.Follow(_machine.NextDeadline);
    }

    /// <summary>Once for all that waits: only the last view counts.</summary>
    private void TellView()
    {
        RoutingView view = _machine.Table.View;
        if (view == _told || ((ActorCell)Context).HasMessages)
            return;
        _told = view;
        Context.Parent.Tell(new RoutingTableProtocol.ViewChanged(view));
    }

    private void Perform(RoutingEffect effect)
    {
        switch (effect)
        {
            case RoutingEffect.Ping ping:
                _pings.Add(++_lastPing, ping.Address);
                _ = _runtime.Events.Record(new EventEntry(EventKind.DhtPing) { To = ping.Address });
                Context.Parent.Tell(new DhtNodeProtocol.SendRequest(_lastPing, new OutgoingRequest(ping.Address, DhtCommand.Ping)));
                break;
            case RoutingEffect.Publish publish:
                Context.Parent.Tell(new RoutingTableProtocol.SnapshotPublished(publish.Snapshot));
                break;
            case RoutingEffect.Refresh refresh:
                Context.Parent.Tell(new DhtNodeProtocol.StartQuery(0, QueryDefinition.Background(refresh.Target)) { EndOnly = true });
                break;
        }
    }
}

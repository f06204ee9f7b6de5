using Akka.Actor;
using Hyper.Actors.Networking.Dht.Routing;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Requests;

namespace Hyper.Actors.Networking.Dht;

/// <summary>Takes the events of the node's machine to those whom they concern.</summary>
internal sealed class NodeEvents(IActorRef owner, IActorRef table, AskerTable askers)
{
    private readonly List<IActorRef> _observers = [];

    /// <summary>Whoever answers the requests of the layer above.</summary>
    public IActorRef? Handler { get; set; }

    /// <summary>Tells an actor the state now and after each change.</summary>
    public void Observe(IActorRef observer, DhtNodeState state)
    {
        _observers.Add(observer);
        observer.Tell(new DhtNodeProtocol.StateChanged(state));
    }

    /// <summary>Forgets an actor that has stopped.</summary>
    public void Forget(IActorRef stopped)
    {
        _observers.Remove(stopped);
        if (stopped.Equals(Handler))
            Handler = null;
    }

    /// <summary>Answers a request that nobody serves.</summary>
    public ReceivedRequest? Dispatch(DhtNodeEvent happened)
    {
        switch (happened)
        {
            case DhtNodeEvent.RequestReceived received when Handler is null:
                return received.Request;
            case DhtNodeEvent.RequestReceived received:
                Handler.Tell(new DhtNodeProtocol.RequestReceived(received.Request));
                break;
            case DhtNodeEvent.Replied replied:
                askers.HandleReply(replied.Request, replied.Reply);
                break;
            case DhtNodeEvent.RequestFailed failed:
                askers.HandleFailure(failed.Request, failed.Reason);
                break;
            case DhtNodeEvent.RequestSlow slow:
                askers.HandleSlow(slow.Request);
                break;
            case DhtNodeEvent.StateChanged changed:
                TellState(changed.State);
                break;
            default:
                TellTable(happened);
                break;
        }

        return null;
    }

    private void TellState(DhtNodeState state)
    {
        table.Tell(new RoutingTableProtocol.UpdateIdentity(state.TableId, state.IsBootstrapped));
        DhtNodeProtocol.StateChanged changed = new(state);
        owner.Tell(changed);
        foreach (IActorRef observer in _observers)
            observer.Tell(changed);
    }

    private void TellTable(DhtNodeEvent happened)
    {
        RoutingTableProtocol.ICommand? note = happened switch
        {
            DhtNodeEvent.NodeHeard heard => new RoutingTableProtocol.NoteHeard(heard.Address),
            DhtNodeEvent.NodeUnreachable unreachable => new RoutingTableProtocol.NoteUnreachable(unreachable.Address),
            DhtNodeEvent.DownHintReceived hint => new RoutingTableProtocol.NoteDownHint(hint.Address),
            DhtNodeEvent.Suspended => new RoutingTableProtocol.Suspend(),
            DhtNodeEvent.Resumed => new RoutingTableProtocol.Resume(),
            DhtNodeEvent.WokeUp => new RoutingTableProtocol.WakeUp(),
            _ => null,
        };
        if (note is not null)
            table.Tell(note);
    }
}

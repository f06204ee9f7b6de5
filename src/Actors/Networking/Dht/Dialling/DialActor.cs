using Akka.Actor;
using Hyper.Actors.Networking.Dht.Punching;
using Hyper.Actors.Networking.Relaying;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Scheduling;
using Hyper.Protocol.HyperDht.Connecting;

namespace Hyper.Actors.Networking.Dht.Dialling;

/// <summary>Drives one attempt to connect and stops when it has succeeded or failed.</summary>
internal sealed class DialActor : UntypedActor
{
    private readonly ConnectMachine _machine;
    private readonly IActorRef _node;
    private readonly IClock _clock;
    private readonly DeadlineTimer _timer;
    private readonly uint _streamId;
    private long _walks;

    public DialActor(ConnectMachine machine, uint streamId, IActorRef connection, IClock clock, IActorRef node)
    {
        Context.Watch(connection);
        (_machine, _streamId, _clock, _node) = (machine, streamId, clock, node);
        _timer = new DeadlineTimer(Context, clock);
    }

    /// <param name="machine">Used by this actor alone from here on.</param>
    /// <param name="streamId">Names the attempt to the parent.</param>
    /// <param name="connection">Waits for the way; when it stops, nobody wants one any more.</param>
    /// <param name="clock">The peer's.</param>
    /// <param name="node">Sends the requests and runs the walks: the parent, so that nothing overtakes what the parent is told.</param>
    public static Props Props(ConnectMachine machine, uint streamId, IActorRef connection, IClock clock, IActorRef node)
        => ActorProps.Of(() => new DialActor(machine, streamId, connection, clock, node));

    protected override void PostStop() => _timer.Cancel();

    protected override void PreStart()
    {
        _machine.Start();
        Drain();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case DhtNodeProtocol.QueryFound found when found.Tag == _walks:
                _machine.HandleFound(found.Reply);
                break;
            case DhtNodeProtocol.QueryFinished finished when finished.Tag == _walks:
                _machine.HandleWalkFinished();
                break;
            case NodeReachability own:
                _machine.HandleReachability(own);
                return;
            case DhtNodeProtocol.Replied replied:
                _machine.HandleReply(new ConnectTicket((int)replied.Tag), replied.Reply, _clock.Now);
                break;
            case DhtNodeProtocol.RequestFailed failed:
                _machine.HandleFailure(new ConnectTicket((int)failed.Tag), _clock.Now);
                break;
            case DhtNodeProtocol.ProbeReceived probe:
                _machine.HandleProbe(probe.Socket, probe.From);
                break;
            case RelayedStreamProtocol.Outcome outcome:
                _machine.HandleRelay(outcome.IsPaired);
                break;
            case PunchProtocol.PermitDecided decided:
                _machine.HandlePermit(decided.IsGranted, _clock.Now);
                break;
            case Terminated:
                _machine.Cancel();
                Context.Stop(Self);
                break;
            case DeadlineTimer.Due:
                _timer.Arrived();
                _machine.HandleTimeout(_clock.Now);
                break;
        }

        Drain();
        _timer.Follow(_machine.NextDeadline);
    }

    private void Drain()
    {
        while (_machine.TryTake(out ConnectEffect? effect))
        {
            switch (effect)
            {
                case ConnectEffect.Walk walk:
                    _node.Tell(new DhtNodeProtocol.StartQuery(++_walks, walk.Definition));
                    break;
                case ConnectEffect.StopWalk:
                    _node.Tell(new DhtNodeProtocol.CancelQuery(_walks));
                    break;
                case ConnectEffect.Send send:
                    _node.Tell(new DhtNodeProtocol.SendRequest(send.Ticket.Number, send.Request));
                    break;
                case ConnectEffect.LeaveSocket leave:
                    Context.Parent.Tell(new DialProtocol.RouteFailed(_streamId, leave.Socket));
                    break;
                case ConnectEffect.Punch punch:
                    Context.Parent.Tell(new PunchProtocol.Order(_streamId, punch.Order));
                    break;
                case ConnectEffect.Relay relay:
                    Context.Parent.Tell(new RelayedStreamProtocol.Wanted(_streamId, relay.Route, relay.Connection));
                    break;
                case ConnectEffect.StaysRelayed:
                    Context.Stop(Self);
                    break;
                case ConnectEffect.Connected connected:
                    End(new DialProtocol.Succeeded(connected.Connection, [.. connected.RelayAddresses]));
                    break;
                case ConnectEffect.Failed failed:
                    End(new DialProtocol.Failed(_streamId, failed.Reason));
                    break;
            }
        }
    }

    private void End(object outcome)
    {
        Context.Parent.Tell(outcome);
        Context.Stop(Self);
    }
}

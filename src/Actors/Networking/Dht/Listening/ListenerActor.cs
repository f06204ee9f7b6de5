using Akka.Actor;
using Hyper.Actors.Networking.Dht.Punching;
using Hyper.Actors.Networking.Relaying;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Scheduling;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.HyperDht.Holepunching;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Actors.Networking.Dht.Listening;

/// <summary>One listening key: shakes hands with clients and keeps the key announced.</summary>
internal sealed class ListenerActor : UntypedActor
{
    private readonly PeerRuntime _runtime;
    private readonly HyperDhtProtocol.Listen _order;
    private readonly ServerHandshakeMachine _machine;
    private readonly DeadlineTimer _timer;
    private readonly IActorRef _announcer;
    private readonly HashSet<PublicKey> _refused = [];
    private bool _isStopping;
    private bool _isSuspended;

    public ListenerActor(PeerRuntime runtime, HyperDhtOptions options, HyperDhtProtocol.Listen order, IActorRef node)
    {
        (_runtime, _order) = (runtime, order);
        _machine = new ServerHandshakeMachine(
            options.Handshakes, order.KeyPair, Refuses, order.RelayThrough ?? options.RelayThrough, runtime.Entropy.NextUInt32, runtime.Entropy)
        {
            ReusesSocket = order.ReusesSocket,
        };
        _timer = new DeadlineTimer(Context, runtime.Clock);
        _announcer = Context.ActorOf(AnnouncerActor.Props(runtime, options.Announcer, order.KeyPair, node), "announcer");
        Context.Watch(_announcer);
    }

    public static Props Props(PeerRuntime runtime, HyperDhtOptions options, HyperDhtProtocol.Listen order, IActorRef node)
        => ActorProps.Of(() => new ListenerActor(runtime, options, order, node));

    private bool IsServing => !_isStopping && !_isSuspended;

    private TimeSpan Now => _runtime.Clock.Now;

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PostStop() => _timer.Cancel();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ListenerProtocol.HandshakeArrived arrived when IsServing:
                _machine.Handle(arrived.Request, arrived.Route, arrived.Own, Now);
                break;
            case ListenerProtocol.HolepunchArrived arrived when IsServing:
                _machine.HandleHolepunch(arrived.Request, arrived.Message, Now);
                break;
            case ListenerProtocol.HandshakeArrived or ListenerProtocol.HolepunchArrived:
                break;
            case ListenerProtocol.StreamArrived arrived:
                _machine.HandleArrived(arrived.StreamId, arrived.Socket, Now);
                break;
            case ListenerProtocol.CountHandshakes count:
                count.With(_machine.Counts).PassOn();
                break;
            case PunchProtocol.PermitDecided decided:
                _machine.HandlePermit(decided.StreamId, decided.IsGranted, Now);
                break;
            case DhtNodeProtocol.IEvent fact:
                HandleNode(fact);
                break;
            case DeadlineTimer.Due:
                _timer.Arrived();
                _machine.HandleTimeout(Now);
                break;
            case Terminated:
                Context.Stop(Self);
                break;
            default:
                Obey(message);
                break;
        }

        Drain();
        _timer.Follow(_machine.NextDeadline);
    }

    private void Obey(object message)
    {
        switch (message)
        {
            case HyperDhtProtocol.Refuse { IsRefused: true } refuse:
                _refused.Add(refuse.Remote);
                break;
            case HyperDhtProtocol.Refuse pardon:
                _refused.Remove(pardon.Remote);
                break;
            case ListenerProtocol.NodeChanged or ListenerProtocol.NetworkChanged:
                _announcer.Forward(message);
                break;
            case ListenerProtocol.Announced announced:
                _machine.HandleAnnounced(announced.Relays, announced.Addresses);
                _order.Owner.Tell(new HyperDhtProtocol.Listening(_order.KeyPair.PublicKey, announced.Addresses), Context.Parent);
                break;
            case ListenerProtocol.Suspend:
                _isSuspended = true;
                _machine.Clear(Now);
                _announcer.Forward(message);
                break;
            case ListenerProtocol.Resume:
                _isSuspended = false;
                _announcer.Forward(message);
                break;
            case ListenerProtocol.Suspended:
                Context.Parent.Tell(message);
                break;
            case ListenerProtocol.Stop:
                _isStopping = true;
                _announcer.Forward(message);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private bool Refuses(PublicKey client, NoisePayload payload, PeerAddress address)
        => _refused.Contains(client) || (_order.Firewall?.Invoke(client, payload, address) ?? false);

    private void HandleNode(DhtNodeProtocol.IEvent fact)
    {
        switch (fact)
        {
            case DhtNodeProtocol.Replied replied:
                _machine.HandleReply(new PunchTicket((int)replied.Tag), replied.Reply, Now);
                break;
            case DhtNodeProtocol.RequestFailed failed:
                _machine.HandleFailure(new PunchTicket((int)failed.Tag), Now);
                break;
            case DhtNodeProtocol.ProbeReceived probe:
                _machine.HandleProbe(probe.Socket, probe.From, Now);
                break;
        }
    }

    // All goes through the parent, so that it knows the stream before the client hears its id.
    private void Drain()
    {
        while (_machine.TryTake(out ServerHandshakeEffect? effect))
        {
            Context.Parent.Tell(effect switch
            {
                ServerHandshakeEffect.Answer answer => new DhtNodeProtocol.Answer(answer.Request, answer.With),
                ServerHandshakeEffect.Relay relay => new DhtNodeProtocol.Relay(relay.Request, relay.Value, relay.To, relay.Socket),
                ServerHandshakeEffect.Connected connected => new ListenerProtocol.ConnectionBegun(connected.Connection),
                ServerHandshakeEffect.RelayThrough relay => new RelayedStreamProtocol.Wanted(relay.StreamId, relay.Route),
                ServerHandshakeEffect.Abandoned abandoned => new ListenerProtocol.ConnectionAbandoned(abandoned.StreamId),
                ServerHandshakeEffect.Punch punch => new PunchProtocol.Order(punch.StreamId, punch.Order),
                _ => throw new InvalidOperationException(effect.ToString()),
            });
        }
    }
}

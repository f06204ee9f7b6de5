using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Actors.Runtime.Scheduling;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht.Announcing;

namespace Hyper.Actors.Networking.Dht.Listening;

/// <summary>Keeps one listening key announced until it is told to stop, then stops itself.</summary>
internal sealed class AnnouncerActor : UntypedActor
{
    private readonly PeerRuntime _runtime;
    private readonly IActorRef _node;
    private readonly PublicKey _key;
    private readonly AnnouncerMachine _machine;
    private readonly DeadlineTimer _timer;
    private long _walks;

    public AnnouncerActor(PeerRuntime runtime, AnnouncerOptions options, KeyPair keyPair, IActorRef node)
    {
        (_runtime, _node, _key) = (runtime, node, keyPair.PublicKey);
        _machine = new AnnouncerMachine(options, keyPair);
        _timer = new DeadlineTimer(Context, runtime.Clock);
    }

    public static Props Props(PeerRuntime runtime, AnnouncerOptions options, KeyPair keyPair, IActorRef node)
        => ActorProps.Of(() => new AnnouncerActor(runtime, options, keyPair, node));

    private TimeSpan Now => _runtime.Clock.Now;

    protected override void PreStart()
    {
        _machine.Start();
        Drain();
    }

    protected override void PostStop() => _timer.Cancel();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case DhtNodeProtocol.QueryFinished finished when finished.Tag == _walks:
                _machine.HandleWalkFinished(finished.Result.Closest, Now);
                break;
            case DhtNodeProtocol.Replied replied:
                _machine.HandleReply(new AnnounceTicket((int)replied.Tag), replied.Reply, Now);
                break;
            case DhtNodeProtocol.RequestFailed failed:
                _machine.HandleFailure(new AnnounceTicket((int)failed.Tag), Now);
                break;
            case ListenerProtocol.NodeChanged changed:
                _machine.HandleOnline(changed.IsOnline, Now);
                _machine.HandleOpenAddress(changed.OpenAddress, Now);
                break;
            case ListenerProtocol.NetworkChanged:
                _machine.Refresh(Now);
                break;
            case ListenerProtocol.Suspend:
                _node.Tell(new DhtNodeProtocol.CancelQuery(_walks));
                _machine.Suspend();
                break;
            case ListenerProtocol.Resume:
                _machine.Resume();
                break;
            case ListenerProtocol.Stop:
                _node.Tell(new DhtNodeProtocol.CancelQuery(_walks));
                _machine.Stop();
                break;
            case DeadlineTimer.Due:
                _timer.Arrived();
                _machine.HandleTimeout(Now);
                break;
            default:
                Unhandled(message);
                break;
        }

        Drain();
        _timer.Follow(_machine.NextDeadline);
    }

    private void Drain()
    {
        while (_machine.TryTake(out AnnouncerEffect? effect))
        {
            switch (effect)
            {
                case AnnouncerEffect.Walk walk:
                    _node.Tell(new DhtNodeProtocol.StartQuery(++_walks, walk.Definition) { EndOnly = true });
                    break;
                case AnnouncerEffect.Send send:
                    _node.Tell(new DhtNodeProtocol.SendRequest(send.Ticket.Number, send.Request));
                    break;
                case AnnouncerEffect.Announced announced:
                    Record($"server {_key.ToShort()} at {announced.Relays.Count} relays");
                    Context.Parent.Tell(new ListenerProtocol.Announced([.. announced.Relays], [.. announced.Addresses]));
                    break;
                case AnnouncerEffect.Suspended:
                    Context.Parent.Tell(new ListenerProtocol.Suspended());
                    break;
                case AnnouncerEffect.Stopped:
                    Context.Stop(Self);
                    break;
            }
        }
    }

    private void Record(string text)
        => _runtime.Events.Record(new EventEntry(EventKind.DhtAnnounce)
        {
            Text = text,
            Correlations = [new Correlation("key", _key.ToHex())],
        });
}

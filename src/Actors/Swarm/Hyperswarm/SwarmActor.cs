using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Scheduling;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.Hyperswarm;

namespace Hyper.Actors.Swarm.Hyperswarm;

/// <summary>A swarm on a DHT node of its own.</summary>
public sealed class SwarmActor : UntypedActor
{
    private readonly PeerRuntime _runtime;
    private readonly SwarmOptions _options;
    private readonly IActorRef _owner;
    private readonly IActorRef _dht;
    private readonly SwarmMachine _machine;
    private readonly SwarmSessions _sessions;
    private readonly SwarmServer _server;
    private readonly SwarmLinks _links = new();
    private readonly SwarmEffects _effects;
    private readonly DeadlineTimer _timer;
    private readonly SwarmNode _node;

    public SwarmActor(PeerRuntime runtime, SwarmOptions options, IActorRef owner)
    {
        (_runtime, _options, _owner) = (runtime, options, owner);
        _dht = Context.Watch(Context.ActorOf(HyperDhtActor.Props(runtime.For("dht"), options.Dht), "dht"));
        SwarmIdentity identity = new(options.KeyPair.PublicKey, options.Refuses);
        _machine = new SwarmMachine(options.Swarm, identity, runtime.For("swarm").Entropy);
        _sessions = new SwarmSessions(_machine);
        _node = new SwarmNode(options, _machine, owner);
        _server = new SwarmServer(options, _dht, Self);
        _effects = new SwarmEffects(Context, options, _dht, _server, _links, owner);
        _timer = new DeadlineTimer(Context, runtime.Clock);
    }

    /// <param name="runtime">The seams of this peer alone.</param>
    /// <param name="options">Whose swarm it is and how it behaves.</param>
    /// <param name="owner">Hears the events of <see cref="SwarmProtocol"/>.</param>
    public static Props Props(PeerRuntime runtime, SwarmOptions options, IActorRef owner)
        => ActorProps.Of(() => new SwarmActor(runtime, options, owner));

    private TimeSpan Now => _runtime.Clock.Now;

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PostStop() => _timer.Cancel();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SwarmProtocol.GetState:
                Sender.Tell(new SwarmProtocol.State(_machine.Counts, [.. _machine.Topics], _machine.IsSuspended));
                break;
            case SwarmProtocol.ICommand command:
                if (!_node.TryDefer(command, Sender))
                    Handle(command, Sender);
                break;
            case HyperDhtProtocol.IEvent fact:
                Handle(fact);
                break;
            case ConnectionProtocol.IEvent fact when _links.TryGet(Sender, out SwarmConnectionId id):
                Handle(fact, id);
                break;
            case SwarmEffects.DialGivenUp given:
                _machine.HandleClosed(given.Connection, Now);
                break;
            case TopicWalkProtocol.Found found:
                foreach (PeerRecord peer in found.Peers)
                    _machine.HandleFound(found.Walk, peer, Now);
                break;
            case TopicWalkProtocol.Finished finished:
                _effects.Forget(finished.Walk);
                _machine.HandleWalkFinished(finished.Walk, finished.Succeeded, finished.Closest, Now);
                break;
            case SwarmServer.ClientRefused refused:
                _machine.Ban(refused.Remote);
                break;
            case DeadlineTimer.Due:
                _timer.Arrived();
                _machine.HandleTimeout(Now);
                break;
            case DhtNodeProtocol.IEvent fact:
                _node.Handle(fact);
                while (_node.TryTakeEarly(out SwarmProtocol.ICommand? early, out IActorRef sender))
                    Handle(early, sender);
                break;
            case Terminated:
                if (_machine.IsDestroyed)
                    _owner.Tell(new SwarmProtocol.Destroyed());
                Context.Stop(Self);
                break;
            case HyperDhtProtocol.ICommand or DhtNodeProtocol.ICommand or DhtNodeProtocol.IQuery:
                _dht.Forward(message);
                break;
        }

        Drain();
        _timer.Follow(_machine.NextDeadline);
    }

    private void Handle(ConnectionProtocol.IEvent fact, SwarmConnectionId id)
    {
        switch (fact)
        {
            case ConnectionProtocol.Opened:
                _machine.HandleOpened(id, Now);
                break;
            case ConnectionProtocol.Closed:
                _machine.HandleClosed(id, Now);
                Drain();
                _links.Remove(id);
                break;
        }
    }

    private void Handle(SwarmProtocol.ICommand command, IActorRef sender)
    {
        if (command is SwarmProtocol.Resume)
            _dht.Tell(new DhtNodeProtocol.Resume());
        if (command is SwarmProtocol.JoinTopic join && !_sessions.TryJoin(join.Session, join.Topic, join.Options))
            _owner.Tell(new SwarmProtocol.JoinRefused(join.Session, join.Topic));
        else if (command is SwarmProtocol.Flush flush)
            SwarmOrders.Flush(flush, _machine, _effects.AddFlush(sender));
        else
            SwarmOrders.Give(command, _machine, _sessions, Now);
    }

    private void Handle(HyperDhtProtocol.IEvent fact)
    {
        switch (fact)
        {
            case HyperDhtProtocol.Listening listening:
                _server.Relays = listening.Relays;
                _machine.HandleListening();
                break;
            case HyperDhtProtocol.ListeningStopped:
                _server.HandleStopped();
                _machine.HandleListeningStopped();
                break;
            case HyperDhtProtocol.Accepted accepted:
                SwarmConnectionId id = _machine.HandleAccepted(accepted.Session.RemotePublicKey);
                _links.Add(id, new SwarmLink(accepted.Connection, accepted.Session, accepted.Address));
                break;
            case HyperDhtProtocol.Connected connected when _effects.TryEndDial(connected.Tag):
                SwarmLink link = new(connected.Connection, connected.Session, connected.Address);
                _links.Add(new SwarmConnectionId(connected.Tag), link);
                break;
            case HyperDhtProtocol.ConnectFailed failed when _effects.TryEndDial(failed.Tag):
                _machine.HandleClosed(new SwarmConnectionId(failed.Tag), Now);
                break;
        }
    }

    private void Drain()
    {
        while (_machine.TryTake(out SwarmEffect? effect))
            _effects.Perform(effect);
    }
}

using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Networking.Rpc;
using Hyper.Actors.Runtime;
using Hyper.Actors.Storage.Cores;
using Hyper.Actors.Swarm.Replication;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Actors.Swarm.Peers;

/// <summary>One peer on the network: joins its DHT, listens under its key, and brings connections, RPC and replication together.</summary>
public sealed class PeerActor : UntypedActor
{
    private readonly PeerRuntime _runtime;
    private readonly PeerOptions _options;
    private readonly IActorRef _owner;
    private readonly IActorRef _dht;
    private readonly IActorRef _rpcServer;
    private readonly IActorRef _replication;
    private readonly PeerConnections _connections;
    private readonly PeerCores _cores;
    private readonly PeerTopics _topics;
    private readonly PeerLeave _leave;
    private readonly ICancelable _joinLimit;
    private PeerAddress _address;
    private bool _isReady;

    public PeerActor(PeerRuntime runtime, PeerOptions options)
    {
        (_runtime, _options, _owner) = (runtime, options, Context.Parent);
        _dht = Context.Watch(Context.ActorOf(HyperDhtActor.Props(runtime.For("dht"), PeerSetup.DhtOf(options)), "dht"));
        _rpcServer = Context.ActorOf(RpcServerActor.Props(runtime.For("rpc"), PeerSetup.RpcOf(options, Self), Self), "rpc");
        _replication = Context.ActorOf(ReplicationActor.Props(runtime.For("replication")), "replication");
        PeerServices services = new(_dht, _rpcServer, _replication, _owner);
        _connections = new PeerConnections(Context, runtime, options, services);
        _cores = new PeerCores(Context, runtime, options, services);
        _topics = new PeerTopics(_dht, options.KeyPair, Context.System.Scheduler, Self);
        _leave = new PeerLeave(_dht, options.KeyPair, Context.System.Scheduler, Self);
        _joinLimit = Context.System.Scheduler.ScheduleTellOnceCancelable(options.JoinWithin, Self, JoinLimitReached.Instance, Self);
        _dht.Tell(new HyperDhtProtocol.Listen(options.KeyPair, Self) { Preamble = _connections.Preamble(Self) });
    }

    /// <summary>The parent is the owner: it gives the commands and hears the events of <see cref="PeerProtocol"/>.</summary>
    public static Props Props(PeerRuntime runtime, PeerOptions options)
        => ActorProps.Of(() => new PeerActor(runtime, options));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PostStop()
    {
        _joinLimit.Cancel();
        _topics.Stop();
        _leave.Stop();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case PeerProtocol.ICommand command:
                HandleCommand(command);
                break;
            case HyperDhtProtocol.IEvent fact when _leave.IsUnderWay:
                _leave.HandleDone(fact);
                break;
            case HyperDhtProtocol.IEvent fact:
                HandleDht(fact);
                break;
            case DhtNodeProtocol.NodeBound bound:
                _address = bound.Server;
                break;
            case DhtNodeProtocol.BindFailed failed:
                Fail("PORT_IN_USE", failed.Reason);
                break;
            case ConnectionProtocol.IEvent fact:
                _connections.Handle(fact, Sender);
                break;
            case RpcSessionProtocol.IEvent fact:
                _connections.Handle(fact, Sender);
                break;
            case CoreProtocol.Opened or CoreProtocol.OpenFailed:
                _cores.Handle((CoreProtocol.IEvent)message, Sender);
                break;
            case PeerLeave.LimitReached:
                _leave.StopNode();
                break;
            case PeerTopics.AnnounceDue due when !_leave.IsUnderWay:
                _topics.Announce(due.Topic);
                break;
            case JoinLimitReached when !_isReady:
                string tried = PeerSetup.BootstrapText(_options);
                Fail("OFFLINE", $"no node of the DHT answered within {_options.JoinWithin.TotalSeconds:0} s; tried {tried}");
                break;
            case Terminated { ActorRef: IActorRef stopped } when stopped.Equals(_dht):
                if (!_leave.IsOver)
                    _owner.Tell(new PeerProtocol.PeerFailed("DHT_STOPPED", "the DHT node has stopped"));
                Context.Stop(Self);
                break;
            case Terminated { ActorRef: IActorRef stopped }:
                _cores.HandleFailed(stopped, "CORE_STOPPED", "the core has stopped");
                break;
            case DhtNodeProtocol.IEvent or RpcServerProtocol.IEvent or CoreProtocol.IEvent or JoinLimitReached or PeerTopics.AnnounceDue:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void HandleCommand(PeerProtocol.ICommand command)
    {
        switch (command)
        {
            case PeerProtocol.Leave:
                Leave();
                break;
            case PeerProtocol.INodeQuery query:
                _dht.Tell(query.ForNode, Sender);
                break;
            case PeerProtocol.AnnounceTopic announce:
                _topics.Announce(announce.Topic);
                break;
            case PeerProtocol.LookupTopic lookup:
                _topics.Lookup(lookup);
                break;
            case PeerProtocol.OpenOwnCore open:
                Answer(_cores.Open(open));
                break;
            case PeerProtocol.FollowCore follow:
                Answer(_cores.Follow(follow));
                break;
            case PeerProtocol.ReplicateCore replicate:
                _replication.Tell(new ReplicationProtocol.AddCore(
                    replicate.Key, replicate.Core, replicate.IsFollowed, replicate.IsSparse));
                break;
            default:
                _connections.Handle(command);
                break;
        }
    }

    private void HandleDht(HyperDhtProtocol.IEvent fact)
    {
        switch (fact)
        {
            case HyperDhtProtocol.Listening listening:
                _topics.HandleListening(listening.Relays);
                BecomeReady();
                break;
            case HyperDhtProtocol.Stored stored:
                Answer(_topics.HandleStored(stored));
                break;
            case HyperDhtProtocol.PeersFound found:
                Answer(_topics.HandleFound(found));
                break;
            default:
                _connections.Handle(fact);
                break;
        }
    }

    private void Leave()
    {
        if (_leave.IsUnderWay)
            return;
        if (_isReady)
            _leave.Begin(_topics.Announced, _options.LeaveWithin);
        else
            _leave.StopNode();
    }

    private void BecomeReady()
    {
        if (_isReady)
            return;
        _isReady = true;
        _joinLimit.Cancel();
        _owner.Tell(new PeerProtocol.PeerReady(_address, _options.KeyPair.PublicKey));
    }

    private void Answer(PeerProtocol.IEvent? fact)
    {
        if (fact is not null)
            _owner.Tell(fact);
    }

    private void Fail(string code, string reason)
    {
        _owner.Tell(new PeerProtocol.PeerFailed(code, reason));
        Context.Stop(Self);
    }

    private sealed record JoinLimitReached
    {
        public static JoinLimitReached Instance { get; } = new();
    }
}

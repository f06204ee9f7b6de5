using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Runtime;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.HypercoreReplication;

namespace Hyper.Actors.Swarm.Replication;

/// <summary>All sessions of one core: shares the missing blocks out among them.</summary>
internal sealed class CoreExchangeActor : ReceiveActor
{
    private readonly PeerRuntime _runtime;
    private readonly ReplicationActorOptions _options;
    private readonly BlockClaims _claims;
    private readonly Dictionary<IActorRef, IActorRef> _sessions = [];
    private readonly HashSet<ReplicationProtocol.AddConnection> _asking = [];
    private readonly Dictionary<long, Plan> _plans = [];
    private ReplicationProtocol.AddCore _core;
    private long _lastPlan;
    private long _lastSession;

    public CoreExchangeActor(PeerRuntime runtime, ReplicationProtocol.AddCore core, ReplicationActorOptions options)
    {
        _runtime = runtime;
        _core = core;
        _options = options;
        _claims = new BlockClaims(options.MaxClaims);
        Receive<ReplicationProtocol.AddConnection>(Open);
        Receive<ReplicationProtocol.AddCore>(Change);
        Receive<SessionOpen>(open => _asking.Remove(open.Connection));
        Receive<PlanBlocks>(StartPlan);
        Receive<ReleaseBlocks>(release => Release(_claims.Release(release.Blocks, Sender)));
        Receive<CoreProtocol.MissingBlocks>(FinishPlan);
        Receive<CoreProtocol.BlocksChanged>(Handle);
        Receive<CoreProtocol.Failed>(_ => Context.Stop(Self));
        Receive<CoreProtocol.IEvent>(_ => { });
        Receive<ReplicationProtocol.PushBlock>(TellSessions);
        Receive<Terminated>(terminated => Forget(terminated.ActorRef));
    }

    public static Props Props(PeerRuntime runtime, ReplicationProtocol.AddCore core, ReplicationActorOptions options)
        => ActorProps.Of(() => new CoreExchangeActor(runtime, core, options));

    protected override void PreStart() => _core.Core.Tell(new CoreProtocol.Subscribe(0));

    // The channels are free before anything else can be told to the connections: the core may be exchanged anew at once.
    protected override void PostStop()
    {
        foreach ((IActorRef connection, IActorRef session) in _sessions)
            connection.Tell(new ConnectionProtocol.CloseChannel(new ChannelKey(session)));
    }

    // The same core, to be exchanged otherwise from now on.
    private void Change(ReplicationProtocol.AddCore again)
    {
        _core = again;
        TellSessions(again);
    }

    // A remote that has ended a session and begins the next may be heard before its session has stopped.
    private void Open(ReplicationProtocol.AddConnection connection)
    {
        if (_sessions.TryGetValue(connection.Connection, out IActorRef? present))
        {
            _asking.Add(connection);
            present.Tell(connection);
            return;
        }

        Props props = ReplicationSessionActor.Props(_runtime.Clock, _core, connection, _options.Session);
        IActorRef session = Context.ActorOf(props, $"session-{++_lastSession}");
        Context.Watch(session);
        _sessions.Add(connection.Connection, session);
        if (_sessions.Count == 1)
            Context.Parent.Tell(new Busy(_core.Key.ToDiscoveryKey()));
    }

    private void StartPlan(PlanBlocks plan)
    {
        ILookup<ClaimResult, long> claims = plan.Blocks.ToLookup(block => _claims.Claim(block, Sender));
        List<long> claimed = [.. claims[ClaimResult.Granted]];
        _plans.Add(++_lastPlan, new Plan(Sender, claimed, [.. claims[ClaimResult.Elsewhere]], claims.Contains(ClaimResult.Postponed)));
        _core.Core.Tell(new CoreProtocol.GetMissing(_lastPlan, claimed));
    }

    private void FinishPlan(CoreProtocol.MissingBlocks missing)
    {
        if (!_plans.Remove(missing.Request, out Plan? plan))
            return;
        HashSet<long> stored = [.. plan.Claimed];
        stored.ExceptWith(missing.Blocks.Select(target => target.Index));
        _claims.Release(stored, plan.Session);
        PlannedBlock[] granted = [.. missing.Blocks.Select(target => new PlannedBlock(target.Index, target.Nodes))];
        plan.Session.Tell(new BlocksPlanned(new PlanAnswer(granted, plan.Refused, plan.IsPostponed)));
        if (plan.IsPostponed)
            _claims.Postpone(plan.Session);
        Readmit();
    }

    private void Handle(CoreProtocol.BlocksChanged changed)
    {
        _claims.End(new BlockRun(changed.Start, changed.Count));
        Readmit();
    }

    private void Release(IReadOnlyList<long> blocks)
    {
        if (blocks.Count > 0)
            TellSessions(new BlocksReleased(blocks));
        Readmit();
    }

    private void Readmit()
    {
        foreach (IActorRef session in _claims.TakeReadmitted())
            session.Tell(new BlocksReleased([]));
    }

    private void TellSessions(object message)
    {
        foreach (IActorRef session in _sessions.Values)
            session.Tell(message);
    }

    private void Forget(IActorRef session)
    {
        foreach ((IActorRef connection, IActorRef open) in _sessions)
        {
            if (!open.Equals(session))
                continue;
            _sessions.Remove(connection);
            break;
        }

        Release(_claims.ReleaseAll(session));
        Reopen();
        if (_sessions.Count == 0)
            Context.Parent.Tell(new Idle(_core.Key.ToDiscoveryKey()));
    }

    private void Reopen()
    {
        foreach (ReplicationProtocol.AddConnection connection in _asking.Where(asking => !_sessions.ContainsKey(asking.Connection)).ToArray())
        {
            _asking.Remove(connection);
            Open(connection);
        }
    }

    /// <summary>From a session that was told of its connection once more: it goes on.</summary>
    internal sealed record SessionOpen(ReplicationProtocol.AddConnection Connection);

    /// <summary>To the parent: a connection exchanges the core, the first at the moment.</summary>
    internal sealed record Busy(DiscoveryKey Key);

    /// <summary>To the parent: no connection exchanges the core at the moment.</summary>
    internal sealed record Idle(DiscoveryKey Key);

    /// <summary>From a session: which of these blocks shall it fetch?</summary>
    internal sealed record PlanBlocks(IReadOnlyList<long> Blocks);

    /// <summary>To a session: what it asked for is decided.</summary>
    internal sealed record BlocksPlanned(PlanAnswer Answer);

    /// <summary>From a session: these will not come from its peer.</summary>
    internal sealed record ReleaseBlocks(IReadOnlyList<long> Blocks);

    /// <summary>To all sessions: these may be fetched again; to those that were put off: there is room.</summary>
    internal sealed record BlocksReleased(IReadOnlyList<long> Blocks);

    private sealed record Plan(IActorRef Session, List<long> Claimed, IReadOnlyList<long> Refused, bool IsPostponed);
}

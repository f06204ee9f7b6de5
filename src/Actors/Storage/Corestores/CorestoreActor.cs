using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Scheduling;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Storage.Corestores;

/// <summary>Many cores below one folder, named by one secret: each is open once, for as long as somebody has a session of it.</summary>
public sealed class CorestoreActor : ReceiveActor, IWithUnboundedStash
{
    private readonly PeerRuntime _runtime;
    private readonly CorestoreOptions _options;
    private readonly OpenCores _cores;
    private readonly StorePeerSearches _searches;
    private readonly StoreWatchers _watchers = new();
    private readonly IdleCores _idle;
    private StoreFolder? _folder;

    public CorestoreActor(PeerRuntime runtime, CorestoreOptions options)
    {
        _runtime = runtime;
        _options = options;
        _searches = new StorePeerSearches(options.MaxPeerSearches, Self);
        _idle = new IdleCores(options.Linger, runtime.Clock, new DeadlineTimer(Context, runtime.Clock), core => Context.Stop(core.Actor));
        _cores = new OpenCores(new StoreHost(Self, options, Start, _searches.HandleSession));
        Receive<FileOutcome>(HandleStored);
        Receive<CorestoreProtocol.ICommand>(_ => Stash.Stash());
    }

    public IStash Stash { get; set; } = null!;

    public static Props Props(PeerRuntime runtime, CorestoreOptions options)
        => ActorProps.Of(() => new CorestoreActor(runtime, options));

    protected override void PreStart()
    {
        try
        {
            IActorRef self = Self;
            _folder = StoreFolder.Open(_runtime.Files, _options, _runtime.Entropy, outcome => self.Tell(outcome, ActorRefs.NoSender));
        }
        catch (Exception error) when (CoreFolder.ProblemOf(error) is { } problem)
        {
            Refuse(problem, error.Message);
        }
    }

    protected override void PostStop()
    {
        _idle.Cancel();
        _folder?.Dispose();
    }

    private void HandleStored(FileOutcome stored)
    {
        if (stored.Error is { } error)
            Refuse(CoreProblem.StorageFailed, error.Message);
        else
            Become(Ready);
        Stash.UnstashAll();
    }

    private void Refuse(CoreProblem problem, string reason)
        => Become(() => Receive<CorestoreProtocol.ICommand>(
            order => Sender.Tell(new CorestoreProtocol.Failed(order.Request, problem, reason))));

    private void Ready()
    {
        Receive<CorestoreProtocol.OpenNamed>(order => Open(order, _folder!.Resolve(order.Namespace, order.Name)));
        Receive<CorestoreProtocol.OpenCore>(order => Open(order, order.Identity));
        Receive<CorestoreProtocol.OpenStored>(order => Open(new Opening(Sender, order.Request, order.Key, null, order.Terms)));
        Receive<CorestoreProtocol.CloseSession>(Close);
        Receive<CorestoreProtocol.Watch>(Watch);
        Receive<CorestoreProtocol.Unwatch>(order => _watchers.Remove(order, Sender));
        Receive<CorestoreProtocol.ListCores>(order => Sender.Tell(new CorestoreProtocol.Cores(order.Request, [.. _folder!.List(order.Namespace)])));
        Receive<CorestoreProtocol.GetIdentity>(order => Sender.Tell(_folder!.Identify(order)));
        Receive<CorestoreProtocol.Purge>(Purge);
        Receive<CorestoreProtocol.BeginFindingPeers>(BeginFindingPeers);
        Receive<CorestoreProtocol.EndFindingPeers>(order => _searches.End(order, Sender));
        Receive<CoreProtocol.Opened>(HandleOpened);
        Receive<CoreProtocol.OpenFailed>(HandleFailed);
        Receive<CoreProtocol.IEvent>(answer => _cores.Find(Sender)?.Handle(answer));
        Receive<DeadlineTimer.Due>(_ => _idle.HandleDue());
        Receive<Terminated>(terminated => HandleTerminated(terminated.ActorRef));
    }

    private void Open(CorestoreProtocol.IOpen order, CoreIdentity identity)
        => Open(new Opening(Sender, order.Request, identity.Key.ToDiscoveryKey(), identity, order.Terms));

    private void Open(Opening opening)
    {
        bool makes = opening.Identity is not null && opening.Terms.CreateIfMissing;
        if (!makes && _cores.Find(opening.Key) is null && !_folder!.Holds(opening.Key))
        {
            opening.Fail(CoreProblem.NotFound, "the store does not hold this core");
            return;
        }

        Context.Watch(opening.Asker);
        if (_cores.Open(opening) is { Info: not null } core)
            Settle(core);
    }

    private IActorRef Start(Opening opening)
    {
        string name = ChildName.Free(Context, $"core-{opening.Key.ToHex()[..16]}");
        CoreOptions options = _options.ForCore(_folder!.PathOf(opening.Key), opening);
        return Context.Watch(Context.ActorOf(CoreActor.Props(_runtime.For(name), options), name));
    }

    private void HandleOpened(CoreProtocol.Opened opened)
    {
        if (_cores.Find(Sender) is not { } core)
            return;
        core.HandleOpened(opened.Core);
        core.ChangesSharing();
        _watchers.Tell(new CorestoreProtocol.CoreOpened(core.Actor, opened.Core, core.Sharing));
        Settle(core);
    }

    private void HandleFailed(CoreProtocol.OpenFailed failed)
    {
        if (_cores.Find(Sender) is not { } core)
            return;
        core.HandleFailed(failed.Problem, failed.Reason);
        Settle(core);
    }

    private void Close(CorestoreProtocol.CloseSession order)
    {
        if (_cores.Find(order.Key) is { } core)
        {
            core.EndSession(Sender, order.IsActive);
            Settle(core);
        }

        Sender.Tell(new CorestoreProtocol.SessionClosed(order.Request));
    }

    private void Purge(CorestoreProtocol.Purge order)
    {
        if (_cores.Find(order.Key) is { IsIdle: true } idle)
        {
            Stash.Stash();
            _idle.Close(idle);
            return;
        }

        CorestoreProtocol.Failed? refusal = _cores.Find(order.Key) is not null
            ? new(order.Request, CoreProblem.Locked, "the core is open")
            : _options.Storage.ReadOnly ? new(order.Request, CoreProblem.FolderReadOnly, "the store was opened for reading")
            : null;
        if (refusal is null)
            _folder!.Purge(order.Key);
        Sender.Tell(refusal ?? (CorestoreProtocol.IEvent)new CorestoreProtocol.Purged(order.Request));
    }

    private void Watch(CorestoreProtocol.Watch order)
    {
        Context.Watch(Sender);
        _watchers.Add(order, Sender, _cores.All);
    }

    private void BeginFindingPeers(CorestoreProtocol.BeginFindingPeers order)
    {
        Context.Watch(Sender);
        _searches.Begin(order, Sender, _cores.All);
    }

    // Whoever has sessions may have changed how the core is to be exchanged, or that it is to be open at all.
    private void Settle(StoredCore core)
    {
        if (!core.IsClosing)
            _idle.Settle(core);
        if (!core.IsClosing && core.Info is { } info && core.ChangesSharing())
            _watchers.Tell(new CorestoreProtocol.SharingChanged(core.Actor, info.Key, core.Sharing));
    }

    private void HandleTerminated(IActorRef stopped)
    {
        _searches.Forget(stopped);
        if (_cores.Find(stopped) is { } core)
        {
            _idle.Forget(core);
            foreach (Opening opening in _cores.Remove(core))
                Open(opening);
            Stash.UnstashAll();
            return;
        }

        _watchers.Forget(stopped);
        foreach (StoredCore open in _cores.All.ToArray())
        {
            open.Forget(stopped);
            if (open.Info is not null)
                Settle(open);
        }
    }
}

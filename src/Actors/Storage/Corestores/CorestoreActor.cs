using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Storage.Corestores;

/// <summary>Many cores below one folder, named by one secret: each is open once, for as long as somebody has a session of it.</summary>
public sealed class CorestoreActor : ReceiveActor, IWithUnboundedStash
{
    private readonly PeerRuntime _runtime;
    private readonly CorestoreOptions _options;
    private readonly Dictionary<DiscoveryKey, StoredCore> _open = [];
    private readonly Dictionary<IActorRef, StoredCore> _byActor = [];
    private readonly List<(StoredCore Previous, IActorRef Asker, CorestoreProtocol.ICommand Order)> _reopening = [];
    private readonly List<IActorRef> _watchers = [];
    private StoreFolder? _folder;

    public CorestoreActor(PeerRuntime runtime, CorestoreOptions options)
    {
        _runtime = runtime;
        _options = options;
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

    protected override void PostStop() => _folder?.Dispose();

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
        Receive<CorestoreProtocol.OpenStored>(OpenStored);
        Receive<CorestoreProtocol.CloseSession>(Close);
        Receive<CorestoreProtocol.Watch>(Watch);
        Receive<CorestoreProtocol.ListCores>(order => Sender.Tell(new CorestoreProtocol.Cores(order.Request, [.. _folder!.List()])));
        Receive<CorestoreProtocol.Purge>(Purge);
        Receive<CoreProtocol.Opened>(HandleOpened);
        Receive<CoreProtocol.OpenFailed>(HandleFailed);
        Receive<Terminated>(terminated => HandleTerminated(terminated.ActorRef));
    }

    private void OpenStored(CorestoreProtocol.OpenStored order)
    {
        if (_open.ContainsKey(order.Key) || _folder!.Holds(order.Key))
            Open(order, order.Key, null, Sender);
        else
            Sender.Tell(new CorestoreProtocol.Failed(order.Request, CoreProblem.NotFound, "the store does not hold this core"));
    }

    private void Open(CorestoreProtocol.ICommand order, CoreIdentity identity)
        => Open(order, identity.Key.ToDiscoveryKey(), identity, Sender);

    private void Open(CorestoreProtocol.ICommand order, DiscoveryKey key, CoreIdentity? identity, IActorRef asker)
    {
        if (_open.TryGetValue(key, out StoredCore? core) && core.IsClosing && _reopening.Count < _options.MaxOpenCores)
        {
            _reopening.Add((core, asker, order));
            return;
        }

        if (core is { IsClosing: true } || (core is null && _open.Count >= _options.MaxOpenCores))
        {
            string reason = $"{_options.MaxOpenCores} cores are open already";
            asker.Tell(new CorestoreProtocol.Failed(order.Request, CoreProblem.LimitReached, reason));
            return;
        }

        Context.Watch(asker);
        (core ?? Start(key, identity)).AddSession(asker, order.Request);
    }

    private StoredCore Start(DiscoveryKey key, CoreIdentity? identity)
    {
        string name = ChildName.Free(Context, $"core-{key.ToHex()[..16]}");
        CoreOptions options = new() { Folder = _folder!.PathOf(key), Identity = identity, Storage = _options.Storage };
        StoredCore core = new(key, Context.Watch(Context.ActorOf(CoreActor.Props(_runtime.For(name), options), name)));
        _open.Add(key, core);
        _byActor.Add(core.Actor, core);
        return core;
    }

    private void HandleOpened(CoreProtocol.Opened opened)
    {
        if (!_byActor.TryGetValue(Sender, out StoredCore? core))
            return;
        core.HandleOpened(opened.Core);
        foreach (IActorRef watcher in _watchers)
            watcher.Tell(new CorestoreProtocol.CoreOpened(core.Actor, opened.Core));
        StopIfIdle(core);
    }

    private void HandleFailed(CoreProtocol.OpenFailed failed)
    {
        if (!_byActor.TryGetValue(Sender, out StoredCore? core))
            return;
        core.HandleFailed(failed.Problem, failed.Reason);
        StopIfIdle(core);
    }

    private void Close(CorestoreProtocol.CloseSession order)
    {
        if (_open.TryGetValue(order.Key, out StoredCore? core))
        {
            core.EndSession(Sender);
            StopIfIdle(core);
        }

        Sender.Tell(new CorestoreProtocol.SessionClosed(order.Request));
    }

    private void Purge(CorestoreProtocol.Purge order)
    {
        if (_open.ContainsKey(order.Key))
        {
            Sender.Tell(new CorestoreProtocol.Failed(order.Request, CoreProblem.Locked, "the core is open"));
            return;
        }

        _folder!.Purge(order.Key);
        Sender.Tell(new CorestoreProtocol.Purged(order.Request));
    }

    private void Watch(CorestoreProtocol.Watch order)
    {
        Context.Watch(Sender);
        if (!_watchers.Contains(Sender))
            _watchers.Add(Sender);
        Sender.Tell(new CorestoreProtocol.Watching(order.Request));
        foreach (StoredCore core in _open.Values.Where(core => core is { Info: not null, IsClosing: false }))
            Sender.Tell(new CorestoreProtocol.CoreOpened(core.Actor, core.Info!));
    }

    private static void StopIfIdle(StoredCore core)
    {
        if (!core.IsIdle || core.IsClosing)
            return;
        core.IsClosing = true;
        Context.Stop(core.Actor);
    }

    private void HandleTerminated(IActorRef stopped)
    {
        if (_byActor.Remove(stopped, out StoredCore? core))
        {
            core.HandleFailed(CoreProblem.StorageFailed, "the core stopped");
            _open.Remove(core.Key);
            foreach ((_, IActorRef asker, CorestoreProtocol.ICommand order) in _reopening.Where(again => again.Previous == core).ToArray())
                Self.Tell(order, asker);
            _reopening.RemoveAll(again => again.Previous == core);
            return;
        }

        _watchers.Remove(stopped);
        foreach (StoredCore open in _open.Values.ToArray())
        {
            open.Forget(stopped);
            if (open.Info is not null)
                StopIfIdle(open);
        }
    }
}

using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Runtime;
using Hyper.Actors.Storage.Cores;
using Hyper.Actors.Storage.Corestores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Swarm.Replication;

/// <summary>Brings a peer's cores and connections together: opens followed cores everywhere, others when a remote asks.</summary>
public sealed class ReplicationActor : ReceiveActor
{
    internal const string ProtocolName = "hypercore/alpha";
    internal const string ProtocolAlias = "hypercore";

    private readonly PeerRuntime _runtime;
    private readonly ReplicationActorOptions _options;
    private readonly Dictionary<DiscoveryKey, SharedCore> _cores = [];
    private readonly Dictionary<IActorRef, ReplicationProtocol.AddConnection> _connections = [];
    private readonly EndingExchanges _endings = new();
    private readonly SharedStore _store;

    public ReplicationActor(PeerRuntime runtime, ReplicationActorOptions options)
    {
        _runtime = runtime;
        _options = options;
        _store = new SharedStore(options.MaxLookups);
        Receive<ReplicationProtocol.AddCore>(AddCore);
        Receive<ReplicationProtocol.RemoveCore>(remove => RemoveCore(remove.Key.ToDiscoveryKey()));
        Receive<ReplicationProtocol.AddStore>(_store.Begin);
        Receive<ReplicationProtocol.AddConnection>(AddConnection);
        Receive<ReplicationProtocol.PushBlock>(push => ExchangeOf(push.Key)?.Tell(push));
        Receive<CorestoreProtocol.CoreOpened>(opened => AddStored(opened.Info.Key, opened.Core, opened.Sharing));
        Receive<CorestoreProtocol.SharingChanged>(changed => AddStored(changed.Key, changed.Core, changed.Sharing));
        Receive<CorestoreProtocol.Opened>(HandleFound);
        Receive<CorestoreProtocol.Failed>(_store.HandleFailed);
        Receive<CorestoreProtocol.IEvent>(_ => { });
        Receive<CoreExchangeActor.Busy>(busy => HandleBusy(busy.Key));
        Receive<CoreExchangeActor.Idle>(idle => _store.HandleIdle(idle.Key));
        Receive<ConnectionProtocol.PairRequested>(Pair);
        Receive<Terminated>(terminated => Forget(terminated.ActorRef));
    }

    /// <param name="runtime">Of the peer.</param>
    /// <param name="options">The defaults when null.</param>
    public static Props Props(PeerRuntime runtime, ReplicationActorOptions? options = null)
        => ActorProps.Of(() => new ReplicationActor(runtime, options ?? new ReplicationActorOptions()));

    private void AddCore(ReplicationProtocol.AddCore add)
    {
        DiscoveryKey name = add.Key.ToDiscoveryKey();
        if (_cores.TryGetValue(name, out SharedCore? present) && !present.Added.Core.Equals(add.Core))
            RemoveCore(name);
        else if (present is not null)
            return;
        if (!_endings.TryPostpone(name, add))
            Begin(name, add);
    }

    private void Begin(DiscoveryKey name, ReplicationProtocol.AddCore add)
    {
        Context.Watch(add.Core);
        string child = ChildName.Free(Context, $"core-{name.ToHex()[..16]}");
        IActorRef exchange = Context.Watch(Context.ActorOf(CoreExchangeActor.Props(_runtime, add, _options), child));
        _cores.Add(name, new SharedCore(add, exchange));
        if (add.IsFollowed)
            OpenEverywhere(exchange);
    }

    private void RemoveCore(DiscoveryKey name)
    {
        _endings.Withdraw(name);
        if (!_cores.Remove(name, out SharedCore? core))
            return;
        Context.Unwatch(core.Added.Core);
        Context.Stop(core.Exchange);
        _endings.Add(name, core.Exchange);
    }

    private IActorRef? ExchangeOf(CoreKey key) => _cores.TryGetValue(key.ToDiscoveryKey(), out SharedCore? core) ? core.Exchange : null;

    private void AddConnection(ReplicationProtocol.AddConnection connection)
    {
        if (!_connections.TryAdd(connection.Connection, connection))
            return;
        Context.Watch(connection.Connection);
        foreach (SharedCore core in _cores.Values.Where(core => core.Added.IsFollowed))
            core.Exchange.Tell(connection);
    }

    private void Pair(ConnectionProtocol.PairRequested pair)
    {
        bool isShared = pair.Id.Length == Bytes32.Size
            && _connections.TryGetValue(Sender, out ReplicationProtocol.AddConnection? connection)
            && TryExchange(new DiscoveryKey(new Bytes32(pair.Id.Span)), connection);
        if (!isShared && !_store.TryFind(pair, Sender))
            Sender.Tell(new ConnectionProtocol.DeclineChannel(pair.Protocol, pair.Id));
    }

    private bool TryExchange(DiscoveryKey name, ReplicationProtocol.AddConnection connection)
    {
        if (!_cores.TryGetValue(name, out SharedCore? core))
            return _endings.TryPostpone(name, connection);
        core.Exchange.Tell(connection);
        return true;
    }

    private void AddStored(CoreKey key, IActorRef core, CoreSharing sharing)
    {
        DiscoveryKey name = key.ToDiscoveryKey();
        ReplicationProtocol.AddCore add = _store.Describe(key, core, sharing);
        if (!_cores.TryGetValue(name, out SharedCore? present) || !present.Added.Core.Equals(core))
            AddCore(add);
        else if (present.Added != add)
            Change(name, present, add);
    }

    private void Change(DiscoveryKey name, SharedCore present, ReplicationProtocol.AddCore add)
    {
        _cores[name] = present with { Added = add };
        present.Exchange.Tell(add);
        if (add.IsFollowed && !present.Added.IsFollowed)
            OpenEverywhere(present.Exchange);
    }

    private void OpenEverywhere(IActorRef exchange)
    {
        foreach (ReplicationProtocol.AddConnection connection in _connections.Values)
            exchange.Tell(connection);
    }

    private void HandleBusy(DiscoveryKey name)
    {
        if (_cores.TryGetValue(name, out SharedCore? core) && core.Added.IsOfStore)
            _store.HandleBusy(name);
    }

    // Nobody asks others for it until somebody has a session of it, which the store tells.
    private void HandleFound(CorestoreProtocol.Opened opened)
    {
        if (_store.HandleOpened(opened) is not { } connection)
            return;
        AddCore(_store.Describe(opened.Info.Key, opened.Core, default));
        if (!_connections.TryGetValue(connection, out ReplicationProtocol.AddConnection? added)
            || !TryExchange(opened.Info.DiscoveryKey, added))
            _store.CloseUnlessBusy(opened.Info.DiscoveryKey);
    }

    private void Forget(IActorRef stopped)
    {
        if (_connections.Remove(stopped))
            return;
        if (_endings.TryEnd(stopped) is { } ended)
        {
            BeginAgain(ended);
            return;
        }

        foreach ((DiscoveryKey name, SharedCore core) in _cores.ToArray())
        {
            if (core.Exchange.Equals(stopped))
                _cores.Remove(name);
            else if (core.Added.Core.Equals(stopped))
                RemoveCore(name);
        }
    }

    private void BeginAgain(EndingExchanges.Ending ended)
    {
        if (ended.Next is not { } next)
            return;
        DiscoveryKey name = next.Key.ToDiscoveryKey();
        Begin(name, next);
        foreach (ReplicationProtocol.AddConnection connection in ended.Asking.Where(asking => _connections.ContainsValue(asking)))
            TryExchange(name, connection);
    }

    private sealed record SharedCore(ReplicationProtocol.AddCore Added, IActorRef Exchange);
}

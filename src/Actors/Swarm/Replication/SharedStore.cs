using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Storage.Corestores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Swarm.Replication;

/// <summary>Looks up in a store what remotes ask for, and keeps a session of each core while it is served.</summary>
internal sealed class SharedStore(int maxLookups)
{
    private static readonly SessionTerms s_passive = new() { IsActive = false };

    private readonly Dictionary<long, Lookup> _lookups = [];
    private readonly HashSet<DiscoveryKey> _sessions = [];
    private readonly Dictionary<long, DiscoveryKey> _holds = [];
    private readonly HashSet<DiscoveryKey> _busy = [];
    private IActorRef? _store;
    private bool _isPassive;
    private long _lastRequest;

    /// <summary>Begins to serve a store; what it opens is told to the sender.</summary>
    public void Begin(ReplicationProtocol.AddStore add)
    {
        (_store, _isPassive) = (add.Store, add.IsPassive);
        _store.Tell(new CorestoreProtocol.Watch(0));
    }

    /// <summary>How a core of the store is replicated.</summary>
    public ReplicationProtocol.AddCore Describe(CoreKey key, IActorRef core, CoreSharing sharing)
        => new(key, core, IsFollowed: sharing.IsActive && !_isPassive, IsSparse: true)
        {
            AllowsPush = sharing.AllowsPush,
            IsPushOnly = sharing.IsPushOnly,
            IsOfStore = true,
        };

    /// <summary>Asks the store for the core that a remote opened; false when there is no store or too much is asked.</summary>
    public bool TryFind(ConnectionProtocol.PairRequested pair, IActorRef connection)
    {
        if (_store is null || pair.Id.Length != Bytes32.Size || _lookups.Count >= maxLookups)
            return false;
        _lookups.Add(++_lastRequest, new Lookup(pair, connection));
        _store.Tell(Ask(new DiscoveryKey(new Bytes32(pair.Id.Span))));
        return true;
    }

    /// <summary>The store has the core and gave a session of it; answers who asked.</summary>
    public IActorRef? HandleOpened(CorestoreProtocol.Opened opened)
    {
        bool isAwaited = _lookups.Remove(opened.Request, out Lookup? lookup) || _holds.Remove(opened.Request);
        if (!isAwaited || !_sessions.Add(opened.Info.DiscoveryKey))
            Close(opened.Info.DiscoveryKey);
        return lookup?.Connection;
    }

    /// <summary>The store has no such core: the remote's open is declined.</summary>
    public void HandleFailed(CorestoreProtocol.Failed failed)
    {
        _holds.Remove(failed.Request);
        if (_lookups.Remove(failed.Request, out Lookup? lookup))
            lookup.Connection.Tell(new ConnectionProtocol.DeclineChannel(lookup.Pair.Protocol, lookup.Pair.Id));
    }

    /// <summary>The core is exchanged: it stays open until that ends, although whoever opened it may close it before.</summary>
    public void HandleBusy(DiscoveryKey key)
    {
        if (_store is null || !_busy.Add(key) || _sessions.Contains(key))
            return;
        _holds.Add(++_lastRequest, key);
        _store.Tell(Ask(key));
    }

    /// <summary>Nobody exchanges the core any more.</summary>
    public void HandleIdle(DiscoveryKey key)
    {
        _busy.Remove(key);
        foreach (long request in _holds.Where(hold => hold.Value == key).Select(hold => hold.Key).ToArray())
            _holds.Remove(request);
        CloseUnlessBusy(key);
    }

    /// <summary>Ends the session of a core that was found for somebody who has left.</summary>
    public void CloseUnlessBusy(DiscoveryKey key)
    {
        if (!_busy.Contains(key) && _sessions.Remove(key))
            Close(key);
    }

    private CorestoreProtocol.OpenStored Ask(DiscoveryKey key) => new(_lastRequest, key) { Terms = s_passive };

    private void Close(DiscoveryKey key) => _store?.Tell(new CorestoreProtocol.CloseSession(++_lastRequest, key) { IsActive = false });

    private sealed record Lookup(ConnectionProtocol.PairRequested Pair, IActorRef Connection);
}

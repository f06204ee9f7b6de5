using Akka.Actor;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Storage.Corestores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Swarm.Replication;

/// <summary>Looks up in a store what remotes ask for, and keeps a session of each core while it is served.</summary>
internal sealed class SharedStore(int maxLookups)
{
    private readonly Dictionary<long, Lookup> _lookups = [];
    private readonly HashSet<DiscoveryKey> _sessions = [];
    private IActorRef? _store;
    private long _lastRequest;

    /// <summary>Begins to serve a store; what it opens is told to the sender.</summary>
    public void Begin(IActorRef store)
    {
        _store = store;
        store.Tell(new CorestoreProtocol.Watch(0));
    }

    /// <summary>Asks the store for the core that a remote opened; false when there is no store or too much is asked.</summary>
    public bool TryFind(ConnectionProtocol.PairRequested pair, IActorRef connection)
    {
        if (_store is null || pair.Id.Length != Bytes32.Size || _lookups.Count >= maxLookups)
            return false;
        _lookups.Add(++_lastRequest, new Lookup(pair, connection));
        _store.Tell(new CorestoreProtocol.OpenStored(_lastRequest, new DiscoveryKey(new Bytes32(pair.Id.Span))));
        return true;
    }

    /// <summary>The store has the core and gave a session of it; answers who asked.</summary>
    public IActorRef? HandleOpened(CorestoreProtocol.Opened opened)
    {
        if (!_lookups.Remove(opened.Request, out Lookup? lookup))
            return null;
        if (!_sessions.Add(opened.Info.DiscoveryKey))
            Close(opened.Info.DiscoveryKey);
        return lookup.Connection;
    }

    /// <summary>The store has no such core: the remote's open is declined.</summary>
    public void HandleFailed(CorestoreProtocol.Failed failed)
    {
        if (_lookups.Remove(failed.Request, out Lookup? lookup))
            lookup.Connection.Tell(new ConnectionProtocol.DeclineChannel(lookup.Pair.Protocol, lookup.Pair.Id));
    }

    /// <summary>Nobody exchanges the core any more.</summary>
    public void HandleIdle(DiscoveryKey key)
    {
        if (_sessions.Remove(key))
            Close(key);
    }

    private void Close(DiscoveryKey key) => _store?.Tell(new CorestoreProtocol.CloseSession(++_lastRequest, key));

    private sealed record Lookup(ConnectionProtocol.PairRequested Pair, IActorRef Connection);
}

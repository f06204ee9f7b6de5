using Akka.Actor;
using Hyper.Actors.Storage.Cores;

namespace Hyper.Actors.Storage.Corestores;

/// <summary>Who looks for peers of all the cores that it has open: each of these cores is told of each search.</summary>
internal sealed class StorePeerSearches(int limit, IActorRef store)
{
    private readonly List<Search> _searches = [];
    private long _lastNumber;

    public void Begin(CorestoreProtocol.BeginFindingPeers order, IActorRef asker, IEnumerable<StoredCore> cores)
    {
        if (_searches.Count >= limit)
        {
            asker.Tell(new CorestoreProtocol.Failed(order.Request, CoreProblem.LimitReached, $"{limit} searches for peers are under way already"));
            return;
        }

        // Counted downwards: the numbers above zero are those of other orders to the cores.
        Search search = new(asker, --_lastNumber);
        _searches.Add(search);
        foreach (StoredCore core in cores.Where(core => core.IsOpenFor(asker)))
            Tell(search, core.Actor);
        asker.Tell(new CorestoreProtocol.FindingPeers(order.Request));
    }

    /// <summary>Somebody has a session of a core, perhaps not the first.</summary>
    public void HandleSession(StoredCore core, IActorRef asker)
    {
        foreach (Search search in _searches.Where(search => search.Asker.Equals(asker)))
            Tell(search, core.Actor);
    }

    /// <summary>Ends the asker's oldest search, if it has one.</summary>
    public void End(CorestoreProtocol.EndFindingPeers order, IActorRef asker)
    {
        if (_searches.Find(search => search.Asker.Equals(asker)) is { } search)
            End(search);
        asker.Tell(new CorestoreProtocol.FindingPeersEnded(order.Request));
    }

    /// <summary>An asker or a core has stopped.</summary>
    public void Forget(IActorRef stopped)
    {
        foreach (Search search in _searches.ToArray())
        {
            search.Cores.Remove(stopped);
            if (search.Asker.Equals(stopped))
                End(search);
        }
    }

    private void End(Search search)
    {
        _searches.Remove(search);
        foreach (IActorRef core in search.Cores)
            core.Tell(new CorePeerProtocol.EndFindingPeers(search.Number), store);
    }

    private void Tell(Search search, IActorRef core)
    {
        if (search.Cores.Add(core))
            core.Tell(new CorePeerProtocol.BeginFindingPeers(search.Number), store);
    }

    private sealed record Search(IActorRef Asker, long Number)
    {
        public HashSet<IActorRef> Cores { get; } = [];
    }
}

using Akka.Actor;

namespace Hyper.Actors.Storage.Corestores;

/// <summary>Who hears of the cores of a store that are open.</summary>
internal sealed class StoreWatchers
{
    private readonly List<IActorRef> _watchers = [];

    /// <summary>Tells of those that are open already, too.</summary>
    public void Add(CorestoreProtocol.Watch order, IActorRef watcher, IEnumerable<StoredCore> cores)
    {
        if (!_watchers.Contains(watcher))
            _watchers.Add(watcher);
        watcher.Tell(new CorestoreProtocol.Watching(order.Request));
        foreach (StoredCore core in cores.Where(core => core is { Info: not null, IsClosing: false }))
            watcher.Tell(new CorestoreProtocol.CoreOpened(core.Actor, core.Info!, core.Sharing));
    }

    public void Remove(CorestoreProtocol.Unwatch order, IActorRef watcher)
    {
        Forget(watcher);
        watcher.Tell(new CorestoreProtocol.Unwatched(order.Request));
    }

    public void Forget(IActorRef stopped) => _watchers.Remove(stopped);

    public void Tell(CorestoreProtocol.IEvent news)
    {
        foreach (IActorRef watcher in _watchers)
            watcher.Tell(news);
    }
}

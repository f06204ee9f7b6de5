using Akka.Actor;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Storage.Corestores;

/// <summary>The cores of a store that are open, being closed, or waited for until they are closed.</summary>
internal sealed class OpenCores(StoreHost host)
{
    private readonly Dictionary<DiscoveryKey, StoredCore> _byKey = [];
    private readonly Dictionary<IActorRef, StoredCore> _byActor = [];
    private readonly List<(StoredCore Previous, Opening Opening)> _reopening = [];

    public IReadOnlyCollection<StoredCore> All => _byKey.Values;

    public StoredCore? Find(DiscoveryKey key) => _byKey.GetValueOrDefault(key);

    public StoredCore? Find(IActorRef actor) => _byActor.GetValueOrDefault(actor);

    /// <summary>Gives a session of a core, which is opened for it unless it is open; null when that has to wait or is refused.</summary>
    public StoredCore? Open(Opening opening)
    {
        StoredCore? core = Find(opening.Key);
        if (core is { IsClosing: true } && _reopening.Count < host.Options.MaxOpenCores)
        {
            _reopening.Add((core, opening));
            return null;
        }

        if (core is { IsClosing: true } || (core is null && _byKey.Count >= host.Options.MaxOpenCores))
        {
            opening.Fail(CoreProblem.LimitReached, $"{host.Options.MaxOpenCores} cores are open already");
            return null;
        }

        core ??= Start(opening);
        core.Add(opening);
        return core;
    }

    /// <summary>An actor of a core has stopped; who waited for that.</summary>
    public IReadOnlyList<Opening> Remove(StoredCore core)
    {
        core.HandleFailed(CoreProblem.StorageFailed, "the core stopped");
        _byActor.Remove(core.Actor);
        _byKey.Remove(core.Key);
        Opening[] next = [.. _reopening.Where(again => again.Previous == core).Select(again => again.Opening)];
        _reopening.RemoveAll(again => again.Previous == core);
        return next;
    }

    private StoredCore Start(Opening opening)
    {
        StoredCore core = new(opening.Key, host.Start(opening), host);
        _byKey.Add(core.Key, core);
        _byActor.Add(core.Actor, core);
        return core;
    }
}

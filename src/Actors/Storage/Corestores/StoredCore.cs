using Akka.Actor;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Storage.Corestores;

/// <summary>One open core of a store and who has sessions of it.</summary>
internal sealed class StoredCore(DiscoveryKey key, IActorRef actor)
{
    private readonly Dictionary<IActorRef, int> _sessions = [];
    private readonly List<(IActorRef Asker, long Request)> _waiting = [];

    public DiscoveryKey Key => key;

    public IActorRef Actor => actor;

    public CoreInfo? Info { get; private set; }

    /// <summary>Its actor has been told to stop; who asks now gets the next one.</summary>
    public bool IsClosing { get; set; }

    public bool IsIdle => _sessions.Count == 0 && _waiting.Count == 0;

    /// <summary>Counts a session; answered once the core is open.</summary>
    public void AddSession(IActorRef asker, long request)
    {
        if (Info is null)
            _waiting.Add((asker, request));
        else
            Answer(asker, request);
    }

    public void HandleOpened(CoreInfo info)
    {
        Info = info;
        foreach ((IActorRef asker, long request) in _waiting)
            Answer(asker, request);
        _waiting.Clear();
    }

    public void HandleFailed(CoreProblem problem, string reason)
    {
        foreach ((IActorRef asker, long request) in _waiting)
            asker.Tell(new CorestoreProtocol.Failed(request, problem, reason));
        _waiting.Clear();
    }

    public void EndSession(IActorRef asker)
    {
        if (_sessions.TryGetValue(asker, out int count) && count > 1)
            _sessions[asker] = count - 1;
        else
            _sessions.Remove(asker);
    }

    /// <summary>The asker is gone with all its sessions.</summary>
    public void Forget(IActorRef asker)
    {
        _sessions.Remove(asker);
        _waiting.RemoveAll(waiting => waiting.Asker.Equals(asker));
    }

    private void Answer(IActorRef asker, long request)
    {
        _sessions[asker] = _sessions.GetValueOrDefault(asker) + 1;
        asker.Tell(new CorestoreProtocol.Opened(request, actor, Info!));
    }
}

using Akka.Actor;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Storage.Corestores;

/// <summary>Who wants a session of which core; the identity is what the core may learn, if the asker knows it.</summary>
internal sealed record Opening(IActorRef Asker, long Request, DiscoveryKey Key, CoreIdentity? Identity, SessionTerms Terms)
{
    public void Fail(CoreProblem problem, string reason) => Asker.Tell(new CorestoreProtocol.Failed(Request, problem, reason));
}

/// <summary>What the cores of a store need of it.</summary>
/// <param name="Store">Its actor.</param>
/// <param name="Options">Its limits.</param>
/// <param name="Start">Makes the actor of a core.</param>
/// <param name="OnSession">Somebody gets a session of a core, and is told so next.</param>
internal sealed record StoreHost(
    IActorRef Store, CorestoreOptions Options, Func<Opening, IActorRef> Start, Action<StoredCore, IActorRef> OnSession);

/// <summary>One open core of a store and who has sessions of it.</summary>
/// <param name="key">Which.</param>
/// <param name="actor">The core's.</param>
/// <param name="host">The store that it is of.</param>
internal sealed class StoredCore(DiscoveryKey key, IActorRef actor, StoreHost host)
{
    private readonly Dictionary<IActorRef, List<SessionTerms>> _sessions = [];
    private readonly List<Opening> _waiting = [];
    private readonly Dictionary<long, Opening> _adopting = [];
    private long _lastAdoption;

    public DiscoveryKey Key => key;

    public IActorRef Actor => actor;

    public CoreInfo? Info { get; private set; }

    /// <summary>How it is exchanged.</summary>
    public CoreSharing Sharing { get; private set; }

    /// <summary>Its actor has been told to stop; who asks now gets the next one.</summary>
    public bool IsClosing { get; set; }

    public bool IsIdle => _sessions.Count == 0 && _waiting.Count == 0;

    public bool IsOpenFor(IActorRef asker) => _sessions.ContainsKey(asker);

    /// <summary>Gives a session as soon as the core is open and, if it is to be exclusive, nobody else has such a one.</summary>
    public void Add(Opening opening)
    {
        if (Info is not null && !MustWait(opening))
            Admit(opening);
        else if (_waiting.Count < host.Options.MaxWaiting)
            _waiting.Add(opening);
        else
            opening.Fail(CoreProblem.LimitReached, $"{host.Options.MaxWaiting} wait for this core already");
    }

    public void HandleOpened(CoreInfo info)
    {
        Info = info;
        AdmitWaiting();
    }

    public void HandleFailed(CoreProblem problem, string reason)
    {
        foreach (Opening opening in _waiting.Concat(_adopting.Values))
            opening.Fail(problem, reason);
        _waiting.Clear();
        _adopting.Clear();
    }

    /// <summary>The core answers what it was told to learn.</summary>
    public void Handle(CoreProtocol.IEvent answer)
    {
        switch (answer)
        {
            case CoreProtocol.Done done:
                actor.Tell(new CoreProtocol.GetInfo(done.Request), host.Store);
                break;
            case CoreProtocol.Failed failed:
                actor.Tell(new CoreProtocol.GetInfo(failed.Request), host.Store);
                break;
            case CoreProtocol.Info info when _adopting.Remove(info.Request, out Opening? opening):
                Info = info.Core;
                Answer(opening);
                break;
        }
    }

    /// <summary>Ends the asker's newest session of that kind.</summary>
    public void EndSession(IActorRef asker, bool isActive)
    {
        if (!_sessions.TryGetValue(asker, out List<SessionTerms>? sessions))
            return;
        int at = sessions.FindLastIndex(terms => terms.IsActive == isActive);
        if (at >= 0)
            sessions.RemoveAt(at);
        if (sessions.Count == 0)
            _sessions.Remove(asker);
        AdmitWaiting();
    }

    /// <summary>The asker is gone with all its sessions.</summary>
    public void Forget(IActorRef asker)
    {
        _sessions.Remove(asker);
        _waiting.RemoveAll(waiting => waiting.Asker.Equals(asker));
        AdmitWaiting();
    }

    /// <summary>Whether the sessions want the core to be exchanged otherwise than it is.</summary>
    public bool ChangesSharing()
    {
        CoreSharing before = Sharing;
        SessionTerms[] all = [.. _sessions.Values.SelectMany(terms => terms)];
        Sharing = new CoreSharing(
            Array.Exists(all, terms => terms.IsActive),
            Array.Exists(all, terms => terms.AllowsPush),
            Array.Exists(all, terms => terms.IsPushOnly));
        return Sharing != before;
    }

    private bool MustWait(Opening opening)
        => opening.Terms.IsExclusive && _sessions.Any(
            session => !session.Key.Equals(opening.Asker) && session.Value.Exists(terms => terms.IsExclusive));

    private void AdmitWaiting()
    {
        if (Info is null)
            return;
        foreach (Opening opening in _waiting.ToArray())
        {
            if (MustWait(opening))
                continue;
            _waiting.Remove(opening);
            Admit(opening);
        }
    }

    private void Admit(Opening opening)
    {
        if (!_sessions.TryGetValue(opening.Asker, out List<SessionTerms>? sessions))
            _sessions.Add(opening.Asker, sessions = []);
        sessions.Add(opening.Terms);
        host.OnSession(this, opening.Asker);
        if (!TeachesSomething(opening.Identity))
        {
            Answer(opening);
            return;
        }

        _adopting.Add(++_lastAdoption, opening);
        actor.Tell(new CoreProtocol.Adopt(_lastAdoption, opening.Identity!), host.Store);
    }

    private bool TeachesSomething(CoreIdentity? identity)
        => Info is { ReadOnlyReason: null }
            && ((identity?.Manifest is not null && Info.Manifest is null) || (identity?.KeyPair is not null && !Info.Writable));

    private void Answer(Opening opening) => opening.Asker.Tell(new CorestoreProtocol.Opened(opening.Request, actor, Info!));
}

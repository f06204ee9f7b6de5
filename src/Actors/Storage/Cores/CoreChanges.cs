using Akka.Actor;
using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Storage.Cores;

/// <summary>Those who wait until a core stands differently than they know it.</summary>
internal sealed class CoreChanges(HypercoreMachine core, CoreLimits limits)
{
    private readonly List<(IActorRef Asker, CoreProtocol.AwaitChange Query)> _waiting = [];

    public void Begin(CoreProtocol.AwaitChange query, IActorRef asker)
    {
        if (Differs(query))
            asker.Tell(new CoreProtocol.Info(query.Request, CoreInfo.Of(core)));
        else if (_waiting.Count >= limits.MaxAwaitedChanges)
            asker.Tell(new CoreProtocol.Failed(query.Request, CoreProblem.LimitReached, $"{limits.MaxAwaitedChanges} wait for the same already"));
        else
            _waiting.Add((asker, query));
    }

    public void Cancel(IActorRef asker, long request)
        => _waiting.RemoveAll(waiting => waiting.Query.Request == request && waiting.Asker.Equals(asker));

    public void Handle(CoreEffect effect)
    {
        if (_waiting.Count > 0 && effect is (Appended or Truncated or BlocksAvailable or BlocksDropped or ConflictFound))
            Tell();
    }

    /// <summary>Answers those for whom the core stands differently by now.</summary>
    public void Tell()
    {
        foreach ((IActorRef asker, CoreProtocol.AwaitChange query) in _waiting.Where(waiting => Differs(waiting.Query)))
            asker.Tell(new CoreProtocol.Info(query.Request, CoreInfo.Of(core)));
        _waiting.RemoveAll(waiting => Differs(waiting.Query));
    }

    /// <summary>Tells everybody who waits that no answer will come.</summary>
    public void Close()
    {
        foreach ((IActorRef asker, CoreProtocol.AwaitChange query) in _waiting)
            asker.Tell(PendingOrders.Closed(query.Request));
        _waiting.Clear();
    }

    private bool Differs(CoreProtocol.AwaitChange query)
        => (query.Known.Fork, query.Known.Length, query.Known.ContiguousLength, query.Known.ReadOnlyReason)
            != (core.Tree.Fork, core.Tree.Length, core.ContiguousLength, core.ReadOnlyReason);
}

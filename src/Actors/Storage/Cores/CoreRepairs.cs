using Akka.Actor;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Damage;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Actors.Storage.Cores;

/// <summary>Looks for damage of one core, one at a time and step by step; what peers are asked for, and another look when they have answered.</summary>
internal sealed class CoreRepairs(IActorRef self, HypercoreMachine core, CoreEvents events, CoreLimits limits)
{
    private readonly HashSet<WantedNode> _wanted = [];
    private readonly List<(IActorRef Asker, long Request)> _waiting = [];

    // Whoever asks during a look gets one of their own, as it would not find what is behind it.
    private readonly List<(IActorRef Asker, long Request)> _next = [];
    private Look? _look;
    private bool _again;

    /// <summary>Nodes that peers are asked for, those that come later too.</summary>
    public IEnumerable<NodeSearch> Open => _wanted.Select(node => new NodeSearch(node));

    /// <summary>Whether the message was about a repair, which is answered when what was mended is on disk.</summary>
    public bool Handle(object message, IActorRef asker)
    {
        switch (message)
        {
            case CoreProtocol.Repair repair:
                Add(_next, asker, repair.Request);
                Begin();
                return true;
            case CoreProtocol.AwaitNodes wait:
                Add(_waiting, asker, wait.Request);
                Settle();
                return true;
            case GoOn:
                Continue();
                return true;
            default:
                return false;
        }
    }

    public bool Handle(CoreEffect effect)
    {
        switch (effect)
        {
            case OrderCompleted done when _look is { } look && look.Order == done.Order:
                Want(look);
                if (look.Repair.IsDone)
                    End(look, request => new CoreProtocol.Repaired(request, look.Repair.Report));
                else
                    self.Tell(GoOn.Instance, ActorRefs.NoSender);
                return true;
            case OrderFailed failed when _look is { } look && look.Order == failed.Order:
                End(look, request => new CoreProtocol.Failed(request, CoreProblems.Of(failed.Failure), failed.Reason));
                return true;
            case RootsRestored restored:
                _look = new Look(restored.Repair, []);
                Continue();
                return true;
            case Truncated cut:
                Forget(cut.Ancestors);
                return false;
            case Appended:
                Settle();
                return false;
            default:
                return false;
        }
    }

    /// <summary>Nodes have come: when they were the last that were wanted, there may be more damage below them.</summary>
    public void Handle(MerkleProof proof)
    {
        if (_wanted.Count == 0 || proof.Hash is not { } hash)
            return;
        _wanted.RemoveWhere(node => hash.Index / 2 >= node.FirstBlock && hash.Index / 2 < node.EndBlock);
        _again |= _wanted.Count == 0;
        Begin();
    }

    /// <summary>The sender no longer waits for nodes.</summary>
    public void Cancel(IActorRef asker, long request) => _waiting.RemoveAll(one => one.Asker.Equals(asker) && one.Request == request);

    /// <summary>Tells everybody who waits that no answer will come.</summary>
    public void Close()
    {
        foreach ((IActorRef asker, long request) in (IEnumerable<(IActorRef, long)>)[.. _look?.Askers ?? [], .. _next, .. _waiting])
            asker.Tell(PendingOrders.Closed(request));
        _look = null;
        _next.Clear();
        _waiting.Clear();
    }

    private void Add(List<(IActorRef Asker, long Request)> list, IActorRef asker, long request)
    {
        if (list.Count >= limits.MaxAwaitedRepairs)
            asker.Tell(new CoreProtocol.Failed(request, CoreProblem.LimitReached, $"{limits.MaxAwaitedRepairs} wait for the same already"));
        else
            list.Add((asker, request));
    }

    private void Begin()
    {
        if (_look is not null || (_next.Count == 0 && !_again))
            return;
        _look = new Look(core.BeginRepair(), [.. _next]);
        _next.Clear();
        _again = false;
        Continue();
    }

    private void Continue()
    {
        if (_look is not null)
            _look.Order = core.Continue(_look.Repair);
    }

    private void End(Look look, Func<long, CoreProtocol.IEvent> answer)
    {
        foreach ((IActorRef asker, long request) in look.Askers)
            asker.Tell(answer(request));
        _look = null;
        Begin();
        Settle();
    }

    private void Settle()
    {
        if (_wanted.Count > 0 || core.LostLength is not null || _look is not null)
            return;
        foreach ((IActorRef asker, long request) in _waiting)
            asker.Tell(new CoreProtocol.NodesComplete(request));
        _waiting.Clear();
    }

    private void Want(Look look)
    {
        for (; look.Told < look.Repair.Wanted.Count; look.Told++)
        {
            WantedNode node = look.Repair.Wanted[look.Told];
            if (_wanted.Add(node))
                events.Tell(new CoreProtocol.NodesNeeded(new NodeSearch(node)));
        }
    }

    /// <summary>Of blocks that were cut off nobody has nodes.</summary>
    private void Forget(long length)
    {
        foreach (WantedNode node in _wanted.Where(node => node.EndBlock > length).ToArray())
        {
            _wanted.Remove(node);
            events.Tell(new CoreProtocol.NodesUnneeded(new NodeSearch(node)));
        }

        Settle();
    }

    private sealed class Look(CoreRepair repair, IReadOnlyList<(IActorRef Asker, long Request)> askers)
    {
        public CoreRepair Repair => repair;

        public IReadOnlyList<(IActorRef Asker, long Request)> Askers => askers;

        /// <summary>Of the step that is under way to the disk.</summary>
        public CoreOrder Order { get; set; }

        /// <summary>How many of the nodes that it wants peers have been asked for.</summary>
        public int Told { get; set; }
    }

    /// <summary>From the actor to itself, behind what others have asked meanwhile.</summary>
    private sealed record GoOn
    {
        public static GoOn Instance { get; } = new();
    }
}

using Akka.Actor;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Damage;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Actors.Storage.Cores;

/// <summary>Repairs of one core: what peers are asked for, and another look when they have answered.</summary>
internal sealed class CoreRepairs(HypercoreMachine core, CoreEvents events, CoreLimits limits)
{
    private readonly Dictionary<CoreOrder, (IActorRef Asker, CoreProtocol.Repaired Answer)> _writing = [];
    private readonly HashSet<WantedNode> _wanted = [];
    private readonly List<(IActorRef Asker, long Request)> _waiting = [];

    /// <summary>Nodes that peers are asked for, those that come later too.</summary>
    public IEnumerable<NodeSearch> Open => _wanted.Select(node => new NodeSearch(node));

    /// <summary>Whether the message was an order to repair, which is answered when what was mended is on disk.</summary>
    public bool Handle(object message, IActorRef asker)
    {
        if (message is CoreProtocol.AwaitNodes wait)
        {
            Await(wait, asker);
            return true;
        }

        if (message is not CoreProtocol.Repair repair)
            return false;
        if (Look() is { } report)
            _writing.Add(report.Order, (asker, new CoreProtocol.Repaired(repair.Request, report)));
        else
            asker.Tell(new CoreProtocol.Failed(repair.Request, CoreProblem.NotWritable, core.ReadOnlyReason!));
        return true;
    }

    public bool Handle(CoreEffect effect)
    {
        switch (effect)
        {
            case OrderCompleted done when _writing.Remove(done.Order, out (IActorRef Asker, CoreProtocol.Repaired Answer) waiting):
                waiting.Asker.Tell(waiting.Answer);
                return true;
            case RootsRestored restored:
                Want(restored.Report);
                return true;
            case Appended:
                Settle();
                return false;
            case OrderFailed failed when _writing.Remove(failed.Order, out (IActorRef Asker, CoreProtocol.Repaired Answer) waiting):
                waiting.Asker.Tell(new CoreProtocol.Failed(waiting.Answer.Request, CoreProblems.Of(failed.Failure), failed.Reason));
                return true;
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
        if (_wanted.Count == 0)
            Look();
        Settle();
    }

    /// <summary>The sender no longer waits for nodes.</summary>
    public void Cancel(IActorRef asker, long request) => _waiting.RemoveAll(one => one.Asker.Equals(asker) && one.Request == request);

    /// <summary>Tells everybody who waits that no answer will come.</summary>
    public void Close()
    {
        foreach ((IActorRef asker, CoreProtocol.Repaired answer) in _writing.Values)
            asker.Tell(PendingOrders.Closed(answer.Request));
        foreach ((IActorRef asker, long request) in _waiting)
            asker.Tell(PendingOrders.Closed(request));
        _writing.Clear();
        _waiting.Clear();
    }

    private void Await(CoreProtocol.AwaitNodes wait, IActorRef asker)
    {
        if (_waiting.Count >= limits.MaxAwaitedRepairs)
            asker.Tell(new CoreProtocol.Failed(wait.Request, CoreProblem.LimitReached, $"{limits.MaxAwaitedRepairs} wait for the same already"));
        else
            _waiting.Add((asker, wait.Request));
        Settle();
    }

    private void Settle()
    {
        if (_wanted.Count > 0 || core.LostLength is not null)
            return;
        foreach ((IActorRef asker, long request) in _waiting)
            asker.Tell(new CoreProtocol.NodesComplete(request));
        _waiting.Clear();
    }

    private RepairReport? Look()
    {
        RepairReport? report = core.Repair();
        if (report is not null)
            Want(report);
        return report;
    }

    private void Want(RepairReport report)
    {
        foreach (WantedNode node in report.Wanted)
        {
            if (_wanted.Add(node))
                events.Tell(new CoreProtocol.NodesNeeded(new NodeSearch(node)));
        }
    }
}

using Akka.Actor;
using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Storage.Cores;

/// <summary>Who waits for which order of the core.</summary>
internal sealed class PendingOrders(int limit)
{
    private readonly Dictionary<CoreOrder, Asker> _askers = [];

    internal void Add(CoreOrder order, IActorRef asker, long request, int appended = 0)
        => _askers.Add(order, new Asker(asker, request, appended));

    /// <summary>Whether the message is an order for which there is no room; its asker is told so.</summary>
    internal bool Refuses(object message, IActorRef asker)
    {
        if (_askers.Count < limit || message is not (CoreProtocol.Append or CoreProtocol.Truncate or CoreProtocol.Clear
            or CoreProtocol.SetUserData or CoreProtocol.Adopt or CoreProtocol.GetBlock { Wait: true }
            or DraftProtocol.Flush or DraftProtocol.DropPending))
            return false;
        long request = message is CoreProtocol.ICommand command ? command.Request : ((CoreProtocol.IQuery)message).Request;
        asker.Tell(new CoreProtocol.Failed(request, CoreProblem.LimitReached, $"{limit} orders are under way already"));
        return true;
    }

    /// <summary>Forgets a read; null when it has been answered already.</summary>
    internal CoreOrder? Remove(IActorRef asker, long request)
    {
        foreach ((CoreOrder order, Asker waiting) in _askers)
        {
            if (waiting.Request != request || !waiting.Actor.Equals(asker))
                continue;
            _askers.Remove(order);
            return order;
        }

        return null;
    }

    /// <summary>Tells the asker how its order ended; false for effects that answer no order.</summary>
    internal bool Answer(CoreEffect effect)
    {
        switch (effect)
        {
            case OrderCompleted done when _askers.Remove(done.Order, out Asker? asker):
                asker.Actor.Tell(new CoreProtocol.Done(asker.Request, done.Tree.Length - asker.Appended, done.Tree));
                return true;
            case OrderFailed failed when _askers.Remove(failed.Order, out Asker? asker):
                asker.Actor.Tell(new CoreProtocol.Failed(asker.Request, CoreProblems.Of(failed.Failure), failed.Reason));
                return true;
            case BlockRead read when _askers.Remove(read.Order, out Asker? asker):
                asker.Actor.Tell(new CoreProtocol.Block(asker.Request, read.Index, read.Block));
                return true;
            default:
                return effect is OrderCompleted or OrderFailed or BlockRead;
        }
    }

    /// <summary>Tells everybody who waits that no answer will come.</summary>
    internal void Close()
    {
        foreach (Asker asker in _askers.Values)
            asker.Actor.Tell(Closed(asker.Request));
        _askers.Clear();
    }

    internal static CoreProtocol.Failed Closed(long request) => new(request, CoreProblem.Closed, "the core was closed");

    private sealed record Asker(IActorRef Actor, long Request, int Appended);
}

using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Protocol.DhtRpc.Queries;

namespace Hyper.Actors.Networking.Dht.Queries;

/// <summary>The walks of a node: one actor each, found again by who asked for it.</summary>
internal sealed class RunningQueries(int limit)
{
    private readonly Dictionary<IActorRef, (IActorRef Asker, long Tag)> _orders = [];
    private long _started;

    /// <summary>Starts a walk for an asker; beyond the limit it is over at once.</summary>
    public void Start(IActorContext context, PeerRuntime runtime, DhtNodeProtocol.StartQuery order, QueryOrigin origin, IActorRef asker)
    {
        if (_orders.Count >= limit)
        {
            asker.Tell(new DhtNodeProtocol.QueryFinished(order.Tag, new QueryResult(QueryStatus.Cancelled, [], 0, 0, [])));
            return;
        }

        IActorRef query = context.ActorOf(QueryActor.Props(runtime, order, origin, asker), "query-" + ++_started);
        _orders.Add(context.Watch(query), (asker, order.Tag));
    }

    public void Cancel(IActorRef asker, long tag)
    {
        foreach (IActorRef query in _orders.Where(order => order.Value == (asker, tag)).Select(order => order.Key))
            query.Tell(new QueryProtocol.Cancel());
    }

    public void Remove(IActorRef query) => _orders.Remove(query);
}

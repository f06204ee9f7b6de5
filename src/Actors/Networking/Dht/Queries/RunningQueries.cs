using Akka.Actor;
using Hyper.Actors.Networking.Dht.Routing;
using Hyper.Actors.Runtime;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Routing;

namespace Hyper.Actors.Networking.Dht.Queries;

/// <summary>The walks of a node: one actor each, found again by who asked for it.</summary>
internal sealed class RunningQueries(PeerRuntime runtime, DhtNodeActorOptions options, IActorRef table)
{
    private readonly Dictionary<IActorRef, (IActorRef Asker, long Tag)> _orders = [];
    private long _started;

    /// <summary>Where walks begin.</summary>
    public RoutingSnapshot Routing { get; set; } = new([.. options.Node.Nodes.Select(RoutingNode.At)]);

    /// <summary>Starts a walk for an asker; beyond the limit it is over at once.</summary>
    public void Start(IActorContext context, DhtNodeProtocol.StartQuery order, NodeId own, IActorRef asker)
    {
        table.Tell(new RoutingTableProtocol.NoteQueryStarted());
        if (_orders.Count >= options.MaxQueries)
        {
            asker.Tell(new DhtNodeProtocol.QueryFinished(order.Tag, new QueryResult(QueryStatus.Cancelled, [], 0, 0, [])));
            return;
        }

        QueryOrigin origin = new(own, Routing, options.Node.BootstrapNodes, options.Node.AdmitsNode);
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

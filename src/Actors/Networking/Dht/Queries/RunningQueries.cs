using Akka.Actor;
using Hyper.Actors.Networking.Dht.Routing;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Routing;

namespace Hyper.Actors.Networking.Dht.Queries;

/// <summary>The walks of a node, found again by who asked for them.</summary>
internal sealed class RunningQueries(DhtNodeActorOptions options, IActorRef table, RequestOrders requests, IEventRecorder events)
{
    private readonly List<Walk> _walks = [];
    private long _started;

    public DhtNodeProtocol.QueryCounts Counts => new(_started, _walks.Count);

    /// <summary>Where walks begin.</summary>
    public IKnownNodes Known { get; set; } = new RoutingSnapshot(options.Node.Nodes.Select(RoutingNode.At));

    /// <summary>Starts a walk for an asker; beyond the limit it is over at once.</summary>
    public void Start(DhtNodeProtocol.StartQuery order, NodeId own, IActorRef asker)
    {
        table.Tell(new RoutingTableProtocol.NoteQueryStarted());
        if (_walks.Count >= options.MaxQueries)
        {
            asker.Tell(new DhtNodeProtocol.QueryFinished(order.Tag, new QueryResult(QueryStatus.Cancelled, [], 0, 0, [])));
            return;
        }

        QueryOrigin origin = new(own, Known, options.Node.BootstrapNodes, options.Node.AdmitsNode);
        Walk walk = new(order, origin, asker, requests, events) { Ended = walk => _walks.Remove(walk) };
        _walks.Add(walk);
        _started++;
        walk.Start();
    }

    public void Cancel(IActorRef asker, long tag)
    {
        foreach (Walk walk in _walks.FindAll(walk => walk.IsOf(asker, tag)))
            walk.Cancel();
    }

    /// <summary>Whoever waits for a walk hears of its end.</summary>
    public void CancelAll()
    {
        while (_walks is [.., Walk last])
            last.Cancel();
    }
}

using Akka.Actor;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Routing;

namespace Hyper.Actors.Networking.Dht.Queries;

/// <summary>The walks of a node, found again by who asked for them.</summary>
internal sealed class RunningQueries(DhtNodeActorOptions options, RoutingMachine routing, RequestOrders requests, IEventRecorder events)
{
    private readonly List<Walk> _walks = [];

    /// <summary>Starts a walk for an asker; beyond the limit it is over at once.</summary>
    public void Start(DhtNodeProtocol.StartQuery order, NodeId own, IActorRef asker)
    {
        routing.HandleQueryStarted();
        if (_walks.Count >= options.MaxQueries)
        {
            asker.Tell(new DhtNodeProtocol.QueryFinished(order.Tag, new QueryResult(QueryStatus.Cancelled, [], 0, 0, [])));
            return;
        }

        QueryOrigin origin = new(own, routing, options.Node.BootstrapNodes, options.Node.AdmitsNode);
        Walk walk = new(order, origin, asker, requests, events) { Ended = walk => _walks.Remove(walk) };
        _walks.Add(walk);
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

using Akka.Actor;
using Hyper.Actors.Networking.Dht.Routing;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Routing;

namespace Hyper.Actors.Networking.Dht.Queries;

/// <summary>The walks of a node, found again by who asked for them.</summary>
internal sealed class RunningQueries
{
    private readonly DhtNodeActorOptions _options;
    private readonly IActorRef _table;
    private readonly RequestOrders _requests;
    private readonly BootstrapSearch _bootstrap;
    private readonly IEventRecorder _events;
    private readonly List<Walk> _walks = [];
    private readonly List<(DhtNodeProtocol.StartQuery Order, NodeId Own, IActorRef Asker)> _waiting = [];
    private long _started;

    public RunningQueries(DhtNodeActorOptions options, IActorRef table, RequestOrders requests, BootstrapSearch bootstrap, IEventRecorder events)
    {
        (_options, _table, _requests, _bootstrap, _events) = (options, table, requests, bootstrap, events);
        Known = new RoutingSnapshot(options.Node.Nodes.Select(RoutingNode.At));
        bootstrap.Ended = BeginWaiting;
    }

    public DhtNodeProtocol.QueryCounts Counts => new(_started, _walks.Count + _waiting.Count);

    /// <summary>Where walks begin.</summary>
    public IKnownNodes Known { get; set; }

    /// <summary>Starts a walk for an asker; beyond the limit it is over at once.</summary>
    public void Start(DhtNodeProtocol.StartQuery order, NodeId own, IActorRef asker)
    {
        _table.Tell(new RoutingTableProtocol.NoteQueryStarted());
        if (_walks.Count + _waiting.Count >= _options.MaxQueries)
        {
            TellCancelled(order, asker);
            return;
        }

        _started++;
        BeginOrWait(order, own, asker);
    }

    /// <summary>When to call <see cref="HandleTimeout"/>, or something else is due.</summary>
    public TimeSpan? DeadlineBefore(TimeSpan? other) => _bootstrap.NextDeadline is { } own && !(other <= own) ? own : other;

    public void HandleTimeout() => _bootstrap.HandleTimeout();

    public void HandleHost(HostFound found) => _bootstrap.HandleHost(found);

    /// <summary>The node has sockets, maybe again: what has waited for them may begin, unless it waits for a name as well.</summary>
    public void HandleBound()
    {
        if (_bootstrap.IsRunning)
            return;
        _bootstrap.HandleResumed();
        BeginWaiting();
    }

    public void Cancel(IActorRef asker, long tag)
    {
        foreach (Walk walk in _walks.FindAll(walk => walk.IsOf(asker, tag)))
            walk.Cancel();
        CancelWaiting(walk => walk.Tag == tag, asker);
    }

    /// <summary>Whoever waits for a walk hears of its end.</summary>
    public void CancelAll()
    {
        while (_walks is [.., Walk last])
            last.Cancel();
        CancelWaiting(_ => true, null);
    }

    // Whoever knows nobody waits for the bootstrap nodes, and for the end of a rest.
    private void BeginOrWait(DhtNodeProtocol.StartQuery order, NodeId own, IActorRef asker)
    {
        QueryDefinition walk = order.Definition;
        bool usesTable = !walk.OnlyStartNodes && walk.StartNodes.Length < RoutingSnapshot.ClosestCount, isResting = _requests.IsSuspended;
        if (usesTable && !isResting && _bootstrap.MayBegin && Known.Closest(walk.Target).Length < RoutingSnapshot.ClosestCount)
            _bootstrap.Begin();
        if ((_bootstrap.IsRunning || isResting) && walk.StartNodes.IsEmpty && Known.Closest(walk.Target, 1).Length == 0)
            _waiting.Add((order, own, asker));
        else
            Begin(order, own, asker);
    }

    private void Begin(DhtNodeProtocol.StartQuery order, NodeId own, IActorRef asker)
    {
        QueryOrigin origin = new(own, Known, _bootstrap.Addresses, _options.Node.AdmitsNode);
        Walk walk = new(order, origin, asker, _requests, _events) { Ended = walk => _walks.Remove(walk) };
        _walks.Add(walk);
        walk.Start();
    }

    private void BeginWaiting()
    {
        (DhtNodeProtocol.StartQuery Order, NodeId Own, IActorRef Asker)[] waiting = [.. _waiting];
        _waiting.Clear();
        foreach ((DhtNodeProtocol.StartQuery order, NodeId own, IActorRef asker) in waiting)
            BeginOrWait(order, own, asker);
    }

    private void CancelWaiting(Predicate<DhtNodeProtocol.StartQuery> which, IActorRef? of)
    {
        foreach ((DhtNodeProtocol.StartQuery order, _, IActorRef asker) in _waiting.FindAll(walk => which(walk.Order) && (of ?? walk.Asker).Equals(walk.Asker)))
        {
            _waiting.RemoveAll(walk => ReferenceEquals(walk.Order, order));
            TellCancelled(order, asker);
        }
    }

    private static void TellCancelled(DhtNodeProtocol.StartQuery order, IActorRef asker)
        => asker.Tell(new DhtNodeProtocol.QueryFinished(order.Tag, new QueryResult(QueryStatus.Cancelled, [], 0, 0, [])));
}

using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.DhtRpc.Queries;

namespace Hyper.Actors.Networking.Dht.Queries;

/// <summary>Runs one walk: sends through the node above, streams results to the asker and stops at the end.</summary>
public sealed class QueryActor : UntypedActor
{
    private readonly IEventRecorder _events;
    private readonly Query _query;
    private readonly IActorRef _asker;
    private readonly DhtNodeProtocol.StartQuery _order;
    private bool _isFinished;

    public QueryActor(PeerRuntime runtime, DhtNodeProtocol.StartQuery order, QueryOrigin origin, IActorRef asker)
    {
        _events = runtime.Events;
        _order = order;
        _query = new Query(order.Definition, origin);
        _asker = asker;
    }

    public static Props Props(PeerRuntime runtime, DhtNodeProtocol.StartQuery order, QueryOrigin origin, IActorRef asker)
        => ActorProps.Of(() => new QueryActor(runtime, order, origin, asker)).WithDispatcher(runtime.NetworkDispatcher);

    protected override void PreStart()
    {
        Record(EventKind.DhtLookupStart, $"{_order.Definition.Command} towards {Subject}");
        _query.Start();
        Drain();
    }

    /// <summary>Whatever ends this actor, the asker hears of the end of the walk.</summary>
    protected override void PostStop()
    {
        if (!_isFinished)
            _asker.Tell(new DhtNodeProtocol.QueryFinished(_order.Tag, new QueryResult(QueryStatus.Cancelled, [], 0, 0, [])));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case DhtNodeProtocol.Replied replied:
                _query.HandleReply(Ticket(replied.Tag), replied.Reply);
                break;
            case DhtNodeProtocol.RequestSlow slow:
                _query.HandleSlow(Ticket(slow.Tag));
                break;
            case DhtNodeProtocol.RequestFailed failed:
                _query.HandleFailure(Ticket(failed.Tag), failed.Reason);
                break;
            case QueryProtocol.Cancel:
                _query.Cancel();
                break;
            default:
                Unhandled(message);
                break;
        }

        Drain();
    }

    private string Subject => _order.Definition.Target.ToHex()[..16];

    private static QueryTicket Ticket(long tag) => new((int)tag);

    private void Drain()
    {
        while (_query.TryTake(out QueryEffect? effect))
            Perform(effect);
    }

    private void Perform(QueryEffect effect)
    {
        switch (effect)
        {
            case QueryEffect.Send send:
                Context.Parent.Tell(new DhtNodeProtocol.SendRequest(send.Ticket.Number, send.Request) { ReportsSlow = true });
                break;
            case QueryEffect.Withdraw withdraw:
                Context.Parent.Tell(new DhtNodeProtocol.CancelRequest(withdraw.Ticket.Number));
                break;
            case QueryEffect.HintDown hint:
                Context.Parent.Tell(new DhtNodeProtocol.HintDown(hint.To, hint.Down));
                break;
            case QueryEffect.Found found:
                Record(EventKind.DhtLookupStep, $"{found.Reply.From} answered");
                if (!_order.EndOnly)
                    _asker.Tell(new DhtNodeProtocol.QueryFound(_order.Tag, found.Reply));
                break;
            case QueryEffect.Finished finished:
                Finish(finished.Result);
                break;
        }
    }

    private void Finish(QueryResult result)
    {
        _isFinished = true;
        int accepted = result.Accepted.Length;
        Record(EventKind.DhtLookupEnd, $"{result.Status}: {result.Succeeded} answered, {result.Failed} failed, {accepted} accepted");
        _asker.Tell(new DhtNodeProtocol.QueryFinished(_order.Tag, result));
        Context.Stop(Self);
    }

    private void Record(EventKind kind, string text)
    {
        if (_events.Records(kind))
            _ = _events.Record(new EventEntry(kind) { Text = text, Correlations = [new Correlation("lookup", Subject)] });
    }
}

using Akka.Actor;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;

namespace Hyper.Actors.Networking.Dht.Queries;

/// <summary>One walk under way: sends through the node and streams results to whoever asked for it.</summary>
internal sealed class Walk(
    DhtNodeProtocol.StartQuery order, QueryOrigin origin, IActorRef asker, RequestOrders requests, IEventRecorder events) : IAsker
{
    private readonly Query _query = new(order.Definition, origin);

    /// <summary>Called at the end of the walk.</summary>
    public required Action<Walk> Ended { get; init; }

    private string Subject => order.Definition.Target.ToHex()[..16];

    public bool IsOf(IActorRef other, long tag) => order.Tag == tag && asker.Equals(other);

    public void Start()
    {
        if (events.Records(EventKind.DhtLookupStart))
            Record(EventKind.DhtLookupStart, $"{order.Definition.Command} towards {Subject}");
        _query.Start();
        Drain();
    }

    public void Cancel()
    {
        _query.Cancel();
        Drain();
    }

    public void HandleReply(long tag, ReceivedReply reply)
    {
        _query.HandleReply(Ticket(tag), reply);
        Drain();
    }

    public void HandleFailure(long tag, RequestFailure reason)
    {
        _query.HandleFailure(Ticket(tag), reason);
        Drain();
    }

    public void HandleSlow(long tag)
    {
        _query.HandleSlow(Ticket(tag));
        Drain();
    }

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
                requests.Send(send.Request, this, send.Ticket.Number);
                break;
            case QueryEffect.Withdraw withdraw:
                requests.Withdraw(this, withdraw.Ticket.Number);
                break;
            case QueryEffect.HintDown hint:
                requests.HintDown(hint.To, hint.Down);
                break;
            case QueryEffect.Found found:
                if (events.Records(EventKind.DhtLookupStep))
                    Record(EventKind.DhtLookupStep, $"{found.Reply.From} answered");
                if (!order.EndOnly)
                    asker.Tell(new DhtNodeProtocol.QueryFound(order.Tag, found.Reply));
                break;
            case QueryEffect.Finished finished:
                Finish(finished.Result);
                break;
        }
    }

    private void Finish(QueryResult result)
    {
        int accepted = result.Accepted.Length;
        if (events.Records(EventKind.DhtLookupEnd))
            Record(EventKind.DhtLookupEnd, $"{result.Status}: {result.Succeeded} answered, {result.Failed} failed, {accepted} accepted");
        Ended(this);
        asker.Tell(new DhtNodeProtocol.QueryFinished(order.Tag, result));
    }

    private void Record(EventKind kind, string text)
        => _ = events.Record(new EventEntry(kind) { Text = text, Correlations = [new Correlation("lookup", Subject)] });
}

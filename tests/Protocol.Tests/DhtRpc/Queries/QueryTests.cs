using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.DhtRpc.Routing;

namespace AuctionActors.Protocol.Tests.DhtRpc.Queries;

public sealed class QueryTests
{
    private static readonly Bytes32 Target = new SeededEntropy(3, "target").Next32();
    private static readonly NodeId Own = new(new SeededEntropy(3, "own").Next32());
    private static readonly DhtCommand Lookup = DhtCommand.External(3);

    [Fact]
    public void Ten_nodes_are_asked_at_once_and_one_more_for_each_slow_one()
    {
        Query query = Start(new QueryDefinition(Target, Lookup), known: 15);
        List<QueryEffect.Send> sent = Sends(query);
        Assert.Equal(10, sent.Count);
        query.HandleSlow(sent[0].Ticket);
        query.HandleSlow(sent[0].Ticket);
        query.HandleSlow(sent[1].Ticket);
        Assert.Equal(2, Sends(query).Count);
    }

    [Fact]
    public void A_walk_in_the_background_is_narrow_while_the_node_has_other_things_to_wait_for()
    {
        Query query = Start(QueryDefinition.Background(Target), known: 20);
        List<QueryEffect.Send> sent = Sends(query);
        Assert.Equal(2, sent.Count);
        query.HandleReply(sent[0].Ticket, Reply(sent[0]) with { Outstanding = 3 });
        Assert.Single(Sends(query));
        query.HandleReply(sent[1].Ticket, Reply(sent[1]) with { Outstanding = 2 });
        Assert.Equal(3, Sends(query).Count);
    }

    [Fact]
    public void A_walk_without_anybody_to_ask_ends_at_once()
        => Assert.Equal(QueryStatus.Completed, Result(Start(new QueryDefinition(Target, Lookup), known: 0)).Status);

    [Fact]
    public void A_commit_without_anybody_to_commit_to_fails()
        => Assert.Equal(QueryStatus.TooFewNodes, Result(Start(Announce(), known: 0)).Status);

    [Fact]
    public void A_commit_succeeds_when_one_node_accepts_and_fails_when_none_does()
    {
        Query query = Commit(out List<QueryEffect.Send> commits);
        Assert.Equal(3, commits.Count);
        Assert.All(commits, commit => Assert.Equal(Bytes32.Zero, commit.Request.Token));
        query.HandleFailure(commits[0].Ticket, RequestFailure.TimedOut);
        query.HandleReply(commits[1].Ticket, Reply(commits[1]) with { Error = DhtError.InvalidToken });
        query.HandleReply(commits[2].Ticket, Reply(commits[2]));
        QueryResult result = Result(query);
        Assert.Equal(QueryStatus.Completed, result.Status);
        Assert.Equal(commits[2].Request.To, Assert.Single(result.Accepted));

        Query refused = Commit(out commits);
        foreach (QueryEffect.Send commit in commits)
            refused.HandleFailure(commit.Ticket, RequestFailure.Refused);
        Assert.Equal(QueryStatus.CommitRefused, Result(refused).Status);
    }

    [Fact]
    public void Dropped_and_cancelled_requests_settle_the_walk()
    {
        Query query = Start(new QueryDefinition(Target, Lookup), known: 4);
        foreach (QueryEffect.Send send in Sends(query))
            query.HandleFailure(send.Ticket, RequestFailure.Cancelled);
        Assert.Equal(4, Result(query).Failed);
    }

    [Fact]
    public void Cancelling_withdraws_what_is_outstanding_and_ignores_what_comes_later()
    {
        Query query = Start(new QueryDefinition(Target, Lookup), known: 4);
        List<QueryEffect.Send> sent = Sends(query);
        query.Cancel();
        List<QueryEffect> effects = Drain(query);
        Assert.Equal(4, effects.Count(effect => effect is QueryEffect.Withdraw));
        Assert.Equal(QueryStatus.Cancelled, effects.OfType<QueryEffect.Finished>().Single().Result.Status);
        query.HandleReply(sent[0].Ticket, Reply(sent[0]));
        query.Cancel();
        Assert.Empty(Drain(query));
    }

    [Fact]
    public void A_node_that_is_down_is_hinted_to_everybody_who_named_it()
    {
        PeerAddress down = new(99, 99);
        Query query = Start(new QueryDefinition(Target, Lookup), known: 3);
        List<QueryEffect.Send> sent = Sends(query);
        query.HandleReply(sent[0].Ticket, Reply(sent[0]) with { CloserNodes = [down] });
        QueryEffect.Send visit = Assert.Single(Sends(query));
        query.HandleReply(sent[1].Ticket, Reply(sent[1]) with { CloserNodes = [down] });
        query.HandleFailure(visit.Ticket, RequestFailure.TimedOut);
        Assert.Equal([sent[0].Request.To, sent[1].Request.To], Hints(query, down));
        query.HandleReply(sent[2].Ticket, Reply(sent[2]) with { CloserNodes = [down] });
        Assert.Equal([sent[2].Request.To], Hints(query, down));
    }

    [Fact]
    public void Error_replies_count_and_are_followed_but_are_no_result()
    {
        Query query = Start(new QueryDefinition(Target, Lookup), known: 1);
        QueryEffect.Send sent = Assert.Single(Sends(query));
        query.HandleReply(sent.Ticket, Reply(sent) with { Error = DhtError.UnknownCommand, CloserNodes = [new PeerAddress(5, 5)] });
        QueryEffect.Send next = Assert.Single(Sends(query));
        query.HandleReply(next.Ticket, Reply(next));
        QueryResult result = Result(query);
        Assert.Equal((1, 1), (result.Succeeded, result.Failed));
        Assert.Equal(next.Request.To, Assert.Single(result.Closest).From);
    }

    [Fact]
    public void Replies_without_a_verified_id_never_become_closest()
    {
        Query query = Start(Announce(), known: 1);
        QueryEffect.Send sent = Assert.Single(Sends(query));
        query.HandleReply(sent.Ticket, Reply(sent) with { Id = null });
        Assert.Equal(QueryStatus.TooFewNodes, Result(query).Status);
    }

    [Fact]
    public void Invented_nodes_cannot_keep_a_walk_alive_beyond_its_limit()
    {
        Query query = Start(new QueryDefinition(Target, Lookup) { MaxVisited = 200 }, known: 5);
        Queue<QueryEffect.Send> open = new(Sends(query));
        uint invented = 1000;
        int asked = 0;
        while (open.TryDequeue(out QueryEffect.Send? send))
        {
            asked++;
            PeerAddress[] closer = [.. Enumerable.Range(0, 20).Select(_ => new PeerAddress(++invented, 1))];
            query.HandleReply(send.Ticket, Reply(send) with { Id = null, CloserNodes = [.. closer] });
            foreach (QueryEffect.Send next in Drain(query).OfType<QueryEffect.Send>())
                open.Enqueue(next);
        }

        Assert.Equal(200, asked);
        Assert.True(query.IsFinished);
    }

    [Fact]
    public void Enough_start_nodes_are_tried_carefully_before_the_table()
    {
        QueryDefinition definition = new(Target, Lookup)
        {
            StartNodes = [.. Enumerable.Range(100, 20).Select(host => new PeerAddress((uint)host, 1))],
        };
        Query query = Start(definition, known: 10);
        List<QueryEffect.Send> sent = Sends(query);
        Assert.Equal(3, sent.Count);
        int fromTable = 0;
        Queue<QueryEffect.Send> open = new(sent);
        while (open.TryDequeue(out QueryEffect.Send? send))
        {
            fromTable += send.Request.To.Host < 100 ? 1 : 0;
            query.HandleFailure(send.Ticket, RequestFailure.TimedOut);
            foreach (QueryEffect.Send next in Drain(query).OfType<QueryEffect.Send>())
                open.Enqueue(next);
        }

        Assert.Equal(10, fromTable);
        Assert.True(query.IsFinished);
    }

    private static QueryDefinition Announce()
    {
        QueryDefinition definition = new(Target, Lookup);
        return definition with { Commit = definition.CommitSame(DhtCommand.External(4), null) };
    }

    private static Query Commit(out List<QueryEffect.Send> commits)
    {
        Query query = Start(Announce(), known: 3);
        foreach (QueryEffect.Send send in Sends(query))
            query.HandleReply(send.Ticket, Reply(send) with { Token = Bytes32.Zero });
        commits = Sends(query);
        return query;
    }

    private static Query Start(QueryDefinition definition, int known)
    {
        RoutingSnapshot routing = new([.. Enumerable.Range(1, known).Select(host => RoutingNode.At(new PeerAddress((uint)host, 1)))]);
        Query query = new(definition, new QueryOrigin(Own, routing, []));
        query.Start();
        return query;
    }

    private static ReceivedReply Reply(QueryEffect.Send send) => new(send.Request.To, NodeId.Of(send.Request.To), new PeerAddress(1, 2));

    private static List<QueryEffect> Drain(Query query)
    {
        List<QueryEffect> effects = [];
        while (query.TryTake(out QueryEffect? effect))
            effects.Add(effect);
        return effects;
    }

    private static List<QueryEffect.Send> Sends(Query query) => [.. Drain(query).OfType<QueryEffect.Send>()];

    private static IEnumerable<PeerAddress> Hints(Query query, PeerAddress down)
        => Drain(query).OfType<QueryEffect.HintDown>().Where(hint => hint.Down == down).Select(hint => hint.To);

    private static QueryResult Result(Query query) => Drain(query).OfType<QueryEffect.Finished>().Single().Result;
}

using System.Collections.Immutable;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Requests;

namespace Hyper.Protocol.DhtRpc.Queries;

/// <summary>Names one request of a query.</summary>
public readonly record struct QueryTicket(int Number);

/// <summary>What a query asks of its owner.</summary>
public abstract record QueryEffect
{
    private QueryEffect()
    {
    }

    /// <summary>Send a request and report its reply or failure under the ticket.</summary>
    public sealed record Send(QueryTicket Ticket, OutgoingRequest Request) : QueryEffect;

    /// <summary>The outcome of a request is not wanted any more.</summary>
    public sealed record Withdraw(QueryTicket Ticket) : QueryEffect;

    /// <summary>Tell a node that another one, which it had named, is down.</summary>
    public sealed record HintDown(PeerAddress To, PeerAddress Down) : QueryEffect;

    /// <summary>A node answered without error.</summary>
    public sealed record Found(ReceivedReply Reply) : QueryEffect;

    /// <summary>The query is over; nothing follows.</summary>
    public sealed record Finished(QueryResult Result) : QueryEffect;
}

/// <summary>How a query ended.</summary>
public enum QueryStatus
{
    /// <summary>The walk ended and, if there was a commit, at least one node accepted it.</summary>
    Completed,

    /// <summary>There was nobody to commit to.</summary>
    TooFewNodes,

    /// <summary>No node accepted the commit.</summary>
    CommitRefused,

    /// <summary>The owner gave it up.</summary>
    Cancelled,
}

/// <summary>The end of a query.</summary>
/// <param name="Closest">Up to 20 replies with verified ids, nearest first.</param>
/// <param name="Succeeded">Nodes that answered without error.</param>
/// <param name="Failed">Nodes that answered with an error or not at all.</param>
/// <param name="Accepted">The nodes that accepted the commit.</param>
public sealed record QueryResult(
    QueryStatus Status,
    ImmutableArray<ReceivedReply> Closest,
    int Succeeded,
    int Failed,
    ImmutableArray<PeerAddress> Accepted);

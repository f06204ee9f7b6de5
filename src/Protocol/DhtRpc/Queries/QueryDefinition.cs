using System.Collections.Immutable;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.DhtRpc.Routing;

namespace Hyper.Protocol.DhtRpc.Queries;

/// <summary>A walk towards a target that puts the same request to ever closer nodes.</summary>
public sealed record QueryDefinition(Bytes32 Target, DhtCommand Command)
{
    /// <summary>Sent with every step.</summary>
    public ReadOnlyMemory<byte>? Value { get; init; }

    /// <summary>Nodes to begin with, for example the closest of an earlier walk.</summary>
    public ImmutableArray<PeerAddress> StartNodes { get; init; } = [];

    /// <summary>Requests in flight at once, not counting slow ones.</summary>
    public int Concurrency { get; init; } = 10;

    /// <summary>Requests in flight at once while the node has hardly anything else to wait for; absent means no difference.</summary>
    public int? IdleConcurrency { get; init; }

    /// <summary>Resends of each step.</summary>
    public int Retries { get; init; } = OutgoingRequest.QueryRetries;

    /// <summary>Steps go past the congestion window and are sent once.</summary>
    public bool IsForced { get; init; }

    /// <summary>Ask the start nodes only; follow nobody's closer nodes.</summary>
    public bool OnlyStartNodes { get; init; }

    /// <summary>
    /// What to send to each of the closest nodes at the end, made from that node's reply; absent means nothing.
    /// Must be a pure function. A null result counts as a refusal of that node.
    /// </summary>
    public Func<ReceivedReply, OutgoingRequest?>? Commit { get; init; }

    /// <summary>Nodes visited at most, so that invented ever closer nodes cannot keep a walk alive.</summary>
    public int MaxVisited { get; init; } = 1000;

    /// <summary>A walk that only meets the nodes near a target.</summary>
    public static QueryDefinition FindNode(Bytes32 target) => new(target, DhtCommand.FindNode);

    /// <summary>The upkeep form of <see cref="FindNode"/>, which yields to other traffic.</summary>
    public static QueryDefinition Background(Bytes32 target) => FindNode(target) with { Concurrency = 2, IdleConcurrency = 4 };

    /// <summary>A commit that repeats the query's command and value with the node's token.</summary>
    public Func<ReceivedReply, OutgoingRequest?> CommitSame(DhtCommand command, ReadOnlyMemory<byte>? value)
        => reply => reply.Token is { } token
            ? new OutgoingRequest(reply.From, command) { Target = Target, Token = token, Value = value }
            : null;
}

/// <summary>Where a walk can begin, and who must not be visited.</summary>
/// <param name="Own">Our own id.</param>
/// <param name="Routing">The nodes that are known.</param>
/// <param name="BootstrapNodes">Used when the table has less than one reply's worth of nodes.</param>
/// <param name="Admits">Who may be visited when somebody names it; everybody when absent.</param>
public sealed record QueryOrigin(
    NodeId Own, IKnownNodes Routing, ImmutableArray<PeerAddress> BootstrapNodes, Func<PeerAddress, bool>? Admits = null);

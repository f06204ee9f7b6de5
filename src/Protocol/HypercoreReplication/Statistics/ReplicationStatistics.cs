namespace Hyper.Protocol.HypercoreReplication.Statistics;

/// <summary>Messages of one type that went out and came in.</summary>
public readonly record struct MessageCount(long Sent, long Received)
{
    public static MessageCount operator +(MessageCount one, MessageCount other) => new(one.Sent + other.Sent, one.Received + other.Received);
}

/// <summary>What has passed between us and one peer, or several, about a core; as upstream counts it where it does.</summary>
public sealed record ReplicationStatistics
{
    public static ReplicationStatistics None { get; } = new();

    public MessageCount Sync { get; init; }

    public MessageCount Requests { get; init; }

    public MessageCount Cancels { get; init; }

    public MessageCount Data { get; init; }

    /// <summary>Requests that were answered with nothing.</summary>
    public MessageCount NoData { get; init; }

    public MessageCount Wants { get; init; }

    public MessageCount Unwants { get; init; }

    public MessageCount Bitfields { get; init; }

    public MessageCount Ranges { get; init; }

    public MessageCount Extensions { get; init; }

    /// <summary>Blocks inside data messages, wrong ones included.</summary>
    public MessageCount Blocks { get; init; }

    /// <summary>Bytes of these blocks.</summary>
    public MessageCount BlockBytes { get; init; }

    /// <summary>Proofs of the peer that do not fit together or are not signed by the writer.</summary>
    public long InvalidData { get; init; }

    /// <summary>Requests of the peer for which there is no proof, whatever we have.</summary>
    public long InvalidRequests { get; init; }

    /// <summary>Requests of ours that were taken back without an answer, to be made elsewhere: upstream swaps slow ones earlier.</summary>
    public long Timeouts { get; init; }

    public static ReplicationStatistics operator +(ReplicationStatistics one, ReplicationStatistics other) => new()
    {
        Sync = one.Sync + other.Sync,
        Requests = one.Requests + other.Requests,
        Cancels = one.Cancels + other.Cancels,
        Data = one.Data + other.Data,
        NoData = one.NoData + other.NoData,
        Wants = one.Wants + other.Wants,
        Unwants = one.Unwants + other.Unwants,
        Bitfields = one.Bitfields + other.Bitfields,
        Ranges = one.Ranges + other.Ranges,
        Extensions = one.Extensions + other.Extensions,
        Blocks = one.Blocks + other.Blocks,
        BlockBytes = one.BlockBytes + other.BlockBytes,
        InvalidData = one.InvalidData + other.InvalidData,
        InvalidRequests = one.InvalidRequests + other.InvalidRequests,
        Timeouts = one.Timeouts + other.Timeouts,
    };
}

namespace Hyper.Protocol.DhtRpc;

/// <summary>What a node has counted since it started.</summary>
public sealed class DhtNodeCounters
{
    /// <summary>Datagrams that are no dht-rpc message, or come from port 0.</summary>
    public long Malformed { get; internal set; }

    public long RequestsReceived { get; internal set; }

    /// <summary>Requests whose arguments make no sense, dropped as upstream drops them.</summary>
    public long RequestsIgnored { get; internal set; }

    /// <summary>Requests with a token that we did not issue.</summary>
    public long InvalidTokens { get; internal set; }

    /// <summary>Messages whose id is not the hash of the address they came from.</summary>
    public long ForeignIds { get; internal set; }

    /// <summary>Delayed pings beyond the limit.</summary>
    public long DelayedRepliesDropped { get; internal set; }

    public long RequestsMade { get; internal set; }

    public long RepliesReceived { get; internal set; }

    /// <summary>Replies to nothing that we asked, or that came too late.</summary>
    public long UnmatchedReplies { get; internal set; }

    /// <summary>Replies from another address than the one asked.</summary>
    public long SpoofedReplies { get; internal set; }

    public long Retries { get; internal set; }

    public long Timeouts { get; internal set; }

    /// <summary>The requests made and received and the replies received, for each command.</summary>
    public CommandCounters Commands { get; } = new();
}

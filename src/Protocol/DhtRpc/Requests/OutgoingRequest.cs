using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Messages;

namespace Hyper.Protocol.DhtRpc.Requests;

/// <summary>A request to be sent, and how hard to try.</summary>
public sealed record OutgoingRequest(PeerAddress To, DhtCommand Command)
{
    /// <summary>Resends of a plain request: sent 4 times in all.</summary>
    public const int PlainRetries = 3;

    /// <summary>Resends of a query step: sent 6 times in all.</summary>
    public const int QueryRetries = 5;

    public Bytes32? Target { get; init; }

    public Bytes32? Token { get; init; }

    public ReadOnlyMemory<byte>? Value { get; init; }

    /// <summary>How often the same bytes are sent again.</summary>
    public int Retries { get; init; } = PlainRetries;

    /// <summary>Time after each send; absent means the book's flat time.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Goes past the congestion window.</summary>
    public bool IsForced { get; init; }

    /// <summary>Steps of a query: silence takes the destination out of the routing table.</summary>
    public bool EvictsOnTimeout { get; init; }

    /// <summary>The socket to send from; absent means the one the node asks from.</summary>
    public LocalSocket? Socket { get; init; }

    /// <summary>IP time to live; 0 means the system's.</summary>
    public int TimeToLive { get; init; }
}

/// <summary>Names one outgoing request on its node; never reused.</summary>
public readonly record struct RequestId(long Number);

/// <summary>Why a request got no reply.</summary>
public enum RequestFailure
{
    /// <summary>Every send went unanswered.</summary>
    TimedOut,

    /// <summary>The caller withdrew it, or the node stopped.</summary>
    Cancelled,

    /// <summary>The node was suspended.</summary>
    Suspended,

    /// <summary>Too many requests were outstanding.</summary>
    Refused,
}

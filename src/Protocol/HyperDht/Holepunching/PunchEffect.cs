using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Requests;

namespace Hyper.Protocol.HyperDht.Holepunching;

/// <summary>Names one request of a holepunch.</summary>
public readonly record struct PunchTicket(int Number);

/// <summary>What a holepunch asks of its owner.</summary>
public abstract record PunchEffect
{
    private PunchEffect()
    {
    }

    /// <summary>Open a socket on any port; what follows may use it at once.</summary>
    public sealed record OpenSocket(LocalSocket Socket) : PunchEffect;

    /// <summary>The socket is not needed any more.</summary>
    public sealed record CloseSocket(LocalSocket Socket) : PunchEffect;

    /// <summary>Send one byte.</summary>
    /// <param name="TimeToLive">IP time to live; 0 means the system's.</param>
    public sealed record Probe(LocalSocket Socket, PeerAddress To, int TimeToLive) : PunchEffect;

    /// <summary>Send a request and report its reply or failure under the ticket.</summary>
    public sealed record Send(PunchTicket Ticket, OutgoingRequest Request) : PunchEffect;

    /// <summary>Punching has begun; nothing needs to be done about it.</summary>
    /// <param name="IsSearch">For a port that nobody knows.</param>
    public sealed record Begun(bool IsSearch) : PunchEffect;

    /// <summary>Ask for leave to search for a random port; a yes is given back with <see cref="ReleaseRandomPunch"/>.</summary>
    public sealed record ReserveRandomPunch : PunchEffect;

    /// <summary>The search is over, or has not begun.</summary>
    public sealed record ReleaseRandomPunch(bool WasUsed) : PunchEffect;
}

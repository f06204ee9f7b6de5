using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Messages;

namespace Hyper.Protocol.HyperDht.Announcing;

/// <summary>Names one request of an announcer.</summary>
public readonly record struct AnnounceTicket(int Number);

/// <summary>What an announcer asks of its owner.</summary>
public abstract record AnnouncerEffect
{
    private AnnouncerEffect()
    {
    }

    /// <summary>Begin this walk and report its end.</summary>
    public sealed record Walk(QueryDefinition Definition) : AnnouncerEffect;

    /// <summary>Send a request and report its reply or failure under the ticket.</summary>
    public sealed record Send(AnnounceTicket Ticket, OutgoingRequest Request) : AnnouncerEffect;

    /// <summary>A cycle has ended; the server can be found through these relays.</summary>
    /// <param name="Relays">The nodes that accepted, each with our address as it sees it.</param>
    /// <param name="Addresses">What clients may keep to find the server again.</param>
    public sealed record Announced(IReadOnlyList<HolepunchRelay> Relays, IReadOnlyList<PeerAddress> Addresses) : AnnouncerEffect;

    /// <summary>The relays have been told to forget the server; nothing follows until it is resumed.</summary>
    public sealed record Suspended : AnnouncerEffect;

    /// <summary>The relays have been told to forget the server; nothing follows.</summary>
    public sealed record Stopped : AnnouncerEffect;
}

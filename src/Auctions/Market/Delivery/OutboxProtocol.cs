using AuctionActors.Auctions.Rules.Envelopes;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Market.Delivery;

/// <summary>What the outbox is told and what it tells its participant.</summary>
public static class OutboxProtocol
{
    /// <summary>An order to the outbox.</summary>
    public interface ICommand;

    /// <summary>A fact the outbox tells its participant.</summary>
    public interface IEvent;

    /// <summary>Bring an envelope of an auction to somebody until it is settled.</summary>
    public sealed record Send(OutgoingEnvelope Envelope, Bytes32 Auction) : ICommand;

    public sealed record Settle(Bytes32 Envelope) : ICommand;

    /// <summary>A connection to the peer is open.</summary>
    public sealed record Reachable(PublicKey Peer) : ICommand;

    /// <summary>The answer to an envelope, itself an envelope.</summary>
    public sealed record Answered(Envelope Answer) : IEvent;

    /// <summary>The receiver will never take the envelope.</summary>
    public sealed record Refused(Bytes32 Envelope, Bytes32 Auction, string Reason) : IEvent;
}

using AuctionActors.Auctions.Rules.Envelopes;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Auctions.Market.Trading;

/// <summary>What one auction's actor is told, and what it tells its participant.</summary>
public static class AuctionProtocol
{
    /// <summary>An order to the auction.</summary>
    public interface ICommand;

    /// <summary>A fact the auction tells its participant.</summary>
    public interface IEvent;

    /// <summary>Envelopes heard of, in the order they came.</summary>
    public sealed record Take(IReadOnlyList<Envelope> Envelopes) : ICommand;

    public sealed record Open(Asker Asker, Envelope Opening) : ICommand;

    /// <summary>A remote bid for this participant as the seller.</summary>
    public sealed record RuleOn(Asker Asker, Envelope Bid) : ICommand;

    public sealed record Place(Asker Asker, string Amount, string Code) : ICommand;

    public sealed record Close(Asker Asker) : ICommand;

    public sealed record Cancel(Asker Asker, string Reason) : ICommand;

    /// <summary>The seller refuses an own bid for good.</summary>
    public sealed record GiveUpBid(Bytes32 Bid, string Reason) : ICommand;

    /// <summary>Something for the participant to pass on.</summary>
    public sealed record Wants(Bytes32 Auction, AuctionEffect Effect) : IEvent;
}

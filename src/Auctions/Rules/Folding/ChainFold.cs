using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Terms;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Auctions.Rules.Folding;

/// <summary>What each envelope of the seller's gapless chain does to the auction.</summary>
internal static class ChainFold
{
    public static AuctionState Begin(AuctionState state, Envelope opening, AuctionTerms terms) => state with
    {
        Terms = terms,
        Seller = opening.Author,
        Chain = [opening],
        Phase = opening.Content.At >= terms.StartsAt ? AuctionStatus.Open : AuctionStatus.Scheduled,
        EndsAt = terms.EndsAt,
    };

    public static AuctionState BeginUnsupported(AuctionState state, Envelope opening, string reason) => state with
    {
        Unsupported = reason,
        Seller = opening.Author,
        Chain = [opening],
    };

    /// <summary>Takes the next envelope of the chain; a wrong one is chained and flagged, and has no other effect.</summary>
    public static AuctionState Extend(AuctionState state, Envelope envelope)
    {
        AuctionState chained = state with { Chain = state.Chain.Add(envelope) };
        if (state.Terms is null)
            return chained;
        if (state.HasEnded)
            return Flag(chained, FaultKind.Term, envelope);
        if (envelope.Content.At < state.Chain[^1].Content.At)
            return Dispute(chained, FaultKind.Term, envelope);
        AuctionState after = envelope.Message switch
        {
            Message.Decision decision => Rule(chained, state, envelope, decision),
            Message.Close close => Close(chained, state, envelope, close),
            Message.Cancel => state.Accepts == 0
                ? Raise(chained with { HasEnded = true }, AuctionStatus.Cancelled)
                : Dispute(chained, FaultKind.Term, envelope),
            Message.Bid => Flag(chained, FaultKind.SelfBid, envelope),
            _ => chained,
        };
        return PassTime(after, envelope.Content.At);
    }

    /// <summary>Remembers a bid seen outside the chain, to notice a bidder that signs two for one place.</summary>
    public static AuctionState NoteBid(AuctionState state, Envelope bid)
    {
        var place = (bid.Author, bid.Sequence);
        if (!state.BidHashes.TryGetValue(place, out Bytes32 known))
            return state with { BidHashes = state.BidHashes.Add(place, bid.Hash) };
        return known == bid.Hash
            ? state
            : state with { BidderFaults = state.BidderFaults.Add(new FaultKey(FaultKind.Equivocation, bid.Author, bid.Sequence)) };
    }

    private static AuctionState Rule(AuctionState chained, AuctionState before, Envelope envelope, Message.Decision decision)
    {
        long at = envelope.Content.At;
        if (decision.Subject is not { Message: Message.Bid offer } bid
            || bid.Auction != before.Id || bid.Content.Network != before.Network
            || before.Rulings.ContainsKey(bid.Hash) || decision.DecidedAt != at)
            return Dispute(chained, FaultKind.BadDecision, envelope);
        Verdict verdict = BidRule.Judge(before, bid, offer, at);
        long endsAt = BidRule.EndAfter(before, verdict, at);
        if (decision.Verdict != verdict || decision.EndAfter != endsAt)
            return Dispute(chained, FaultKind.BadDecision, envelope);
        AuctionState ruled = NoteBid(chained, bid) with
        {
            Rulings = before.Rulings.Add(bid.Hash, envelope.Sequence),
            Bidders = BidRule.ContinuesChain(before, bid)
                ? before.Bidders.SetItem(bid.Author, new BidderChain(bid.Sequence + 1, bid.Hash))
                : before.Bidders,
        };
        return verdict == Verdict.Accept
            ? ruled with
            {
                High = new HighBid(bid.Hash, bid.Author, offer.Units, envelope.Sequence),
                Accepts = ruled.Accepts + 1,
                EndsAt = endsAt,
            }
            : ruled with { Rejects = ruled.Rejects + 1 };
    }

    private static AuctionState Close(AuctionState chained, AuctionState before, Envelope envelope, Message.Close close)
    {
        AuctionState ended = chained with { HasEnded = true };
        if (CloseRule.IsEarly(before, envelope.Content.At))
            return Dispute(ended, FaultKind.Term, envelope);
        AuctionResult result = CloseRule.Result(before);
        if (before.Phase < AuctionStatus.Disputed)
            ended = ended with { Recomputed = result };
        return close == CloseRule.ToMessage(result)
            ? Raise(ended, AuctionStatus.Closed)
            : Dispute(ended, FaultKind.BadClose, envelope);
    }

    private static AuctionState PassTime(AuctionState state, long at)
    {
        AuctionState started = at >= state.Terms!.StartsAt ? Raise(state, AuctionStatus.Open) : state;
        return state.Terms.Close == ClosePolicy.Timed && at >= state.EndsAt ? Raise(started, AuctionStatus.Ending) : started;
    }

    private static AuctionState Raise(AuctionState state, AuctionStatus status)
        => state.Phase < status ? state with { Phase = status } : state;

    private static AuctionState Dispute(AuctionState state, FaultKind kind, Envelope envelope)
        => Raise(Flag(state, kind, envelope), AuctionStatus.Disputed);

    private static AuctionState Flag(AuctionState state, FaultKind kind, Envelope envelope)
        => state with { SellerFaults = state.SellerFaults.Add(new FaultKey(kind, envelope.Author, envelope.Sequence)) };
}

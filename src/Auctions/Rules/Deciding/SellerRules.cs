using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Folding;

namespace AuctionActors.Auctions.Rules.Deciding;

/// <summary>A seller's decisions: pure, with the stamp as an argument; nothing happens until the caller has written what they append.</summary>
public static class SellerRules
{
    /// <summary>Rules on a bid, once; the stamp is moved up to the chain's last.</summary>
    public static Ruling Decide(AuctionState state, Envelope request, Signer seller, long now)
    {
        if (request.Message is not Message.Bid offer || request.Auction != state.Id || request.Content.Network != state.Network)
            return Unchanged(state, new Answer.Refused("not a bid for this auction"));
        if (Obstacle(state, seller) is { } obstacle)
            return Unchanged(state, obstacle);
        if (state.RulingOn(request.Hash) is { } earlier)
            return Unchanged(state, new Answer.Decided(earlier, ((Message.Decision)earlier.Message).Verdict));
        if (state.HasEnded)
            return Unchanged(state, new Answer.Ended(state.Chain[^1]));
        if (request.Author == seller.Author)
            return Unchanged(state, new Answer.Refused("a seller cannot bid on its own auction"));
        ulong next = state.ChainOf(request.Author).NextSequence;
        if (request.Sequence > next)
            return Unchanged(state, new Answer.Waiting(next));
        long at = StampAfter(state, now);
        Verdict verdict = BidRule.Judge(state, request, offer, at);
        Envelope decision = Next(state, seller, at, new Message.Decision(request, verdict, at, BidRule.EndAfter(state, verdict, at)));
        return Appended(state, decision, new Answer.Decided(decision, verdict));
    }

    /// <summary>Ends the auction with the recomputed result; asked again, answers the same envelope.</summary>
    public static Ruling Close(AuctionState state, Signer seller, long now)
    {
        if (Obstacle(state, seller) is { } obstacle)
            return Unchanged(state, obstacle);
        if (state.HasEnded)
            return Unchanged(state, new Answer.Ended(state.Chain[^1]));
        long at = StampAfter(state, now);
        if (CloseRule.IsEarly(state, at))
            return Unchanged(state, new Answer.Refused("the auction's time is not over"));
        Envelope close = Next(state, seller, at, CloseRule.ToMessage(CloseRule.Result(state)));
        return Appended(state, close, new Answer.Done(close));
    }

    /// <summary>Withdraws an auction without accepted bids.</summary>
    public static Ruling Cancel(AuctionState state, Signer seller, string reason, long now)
    {
        if (Obstacle(state, seller) is { } obstacle)
            return Unchanged(state, obstacle);
        if (state.HasEnded)
            return Unchanged(state, new Answer.Ended(state.Chain[^1]));
        if (state.Accepts > 0)
            return Unchanged(state, new Answer.Refused("an auction with an accepted bid cannot be cancelled"));
        Envelope cancel = Next(state, seller, StampAfter(state, now), new Message.Cancel(reason));
        return Appended(state, cancel, new Answer.Done(cancel));
    }

    private static Answer.Refused? Obstacle(AuctionState state, Signer seller)
    {
        if (!state.IsKnown)
            return new Answer.Refused("the auction is not known here");
        if (state.Unsupported is { } reason)
            return new Answer.Refused(reason);
        if (state.Seller != seller.Author)
            return new Answer.Refused("only the seller decides");
        return state.ForkedAt is null ? null : new Answer.Refused("the auction is void");
    }

    private static Ruling Unchanged(AuctionState state, Answer answer) => new([], answer, state);

    private static Ruling Appended(AuctionState state, Envelope envelope, Answer answer)
        => new([envelope], answer, AuctionFold.Apply(state, envelope));

    private static Envelope Next(AuctionState state, Signer seller, long at, Message message)
        => seller.Seal(state.Id, (ulong)state.Chain.Count, state.Head.Hash, at, message);

    private static long StampAfter(AuctionState state, long now) => Math.Max(now, state.Chain[^1].Content.At);
}

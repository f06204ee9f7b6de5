using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Terms;

namespace AuctionActors.Auctions.Rules.Folding;

/// <summary>The one verdict a bid can get at a given time and state: sellers give it, everybody else checks it.</summary>
internal static class BidRule
{
    public static Verdict Judge(AuctionState state, Envelope bid, Message.Bid offer, long at)
    {
        AuctionTerms terms = state.Terms!;
        if (at < terms.StartsAt)
            return Verdict.Early;
        if (state.HasEnded || (terms.Close == ClosePolicy.Timed && at >= state.EndsAt))
            return Verdict.Late;
        if (bid.Author == state.Seller)
            return Verdict.Self;
        if (terms.Allowed.Length > 0 && !terms.Allowed.Contains(bid.Author))
            return Verdict.NotAllowed;
        if (!ContinuesChain(state, bid) || !state.Contains(offer.Saw))
            return Verdict.BadChain;
        if (offer.Code.Length > 0 && offer.Code != terms.Currency.Code)
            return Verdict.WrongCurrency;
        if (offer.Quantity > 1)
            return Verdict.Quantity;
        return offer.Units >= state.Need ? Verdict.Accept : Verdict.Low;
    }

    public static bool ContinuesChain(AuctionState state, Envelope bid)
    {
        BidderChain chain = state.ChainOf(bid.Author);
        return bid.Sequence == chain.NextSequence && bid.Content.Previous == chain.Last;
    }

    /// <summary>Where the end moves when a bid accepted at <paramref name="at"/> falls into the soft-close window.</summary>
    public static long EndAfter(AuctionState state, Verdict verdict, long at)
    {
        AuctionTerms terms = state.Terms!;
        if (verdict != Verdict.Accept || terms.Close != ClosePolicy.Timed || state.EndsAt - at >= terms.SoftCloseMilliseconds)
            return state.EndsAt;
        return Math.Min(Math.Max(state.EndsAt, at + terms.SoftCloseMilliseconds), terms.HardEndAt);
    }
}

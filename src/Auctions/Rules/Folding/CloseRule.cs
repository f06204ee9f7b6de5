using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Terms;

namespace AuctionActors.Auctions.Rules.Folding;

/// <summary>The result that follows from the rulings.</summary>
internal static class CloseRule
{
    public static AuctionResult Result(AuctionState state)
    {
        if (state.High is not { } high)
            return new AuctionResult(Outcome.NoBids, default, default, 0);
        return high.Units >= (state.Terms!.ReserveUnits ?? 0)
            ? new AuctionResult(Outcome.Sold, high.Bidder, high.Hash, high.Units)
            : new AuctionResult(Outcome.ReserveNotMet, default, default, 0);
    }

    public static bool IsEarly(AuctionState state, long at)
        => at < state.Terms!.StartsAt || (state.Terms.Close == ClosePolicy.Timed && at < state.EndsAt);

    public static Message.Close ToMessage(AuctionResult result)
        => new(result.Outcome, result.Winner, result.WinningBid, result.PriceUnits);
}

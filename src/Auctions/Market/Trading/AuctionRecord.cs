using System.Collections.Immutable;
using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Auctions.Rules.Envelopes;
using Hyper.Actors.Runtime.Events;

namespace AuctionActors.Auctions.Market.Trading;

/// <summary>Writes what happens in auctions into the event log, as sentences under the auction's id.</summary>
internal sealed class AuctionRecord(IEventRecorder recorder, AuctionDirectory directory)
{
    public void Write(ImmutableArray<ParticipantProtocol.IEvent> news)
    {
        foreach (ParticipantProtocol.IEvent one in news)
            Write(one);
    }

    private void Write(ParticipantProtocol.IEvent news)
    {
        switch (news)
        {
            case ParticipantProtocol.AuctionOpened { Auction: var auction }:
                Write(auction, auction.IsOwn ? EventKind.AuctionOpen : EventKind.AuctionFound,
                    $"{auction.SellerName}->{auction.Item} start {auction.Currency.Format(auction.StartUnits)} {auction.Currency}");
                break;
            case ParticipantProtocol.BidDecided { Auction: var auction } decided:
                bool accepted = decided.Verdict == Verdict.Accept;
                Write(auction, accepted ? EventKind.AuctionBidAccepted : EventKind.AuctionBidRejected,
                    $"{decided.Verdict.ToText()} {auction.Currency.Format(decided.Units)} {auction.Currency} "
                    + $"by {directory.NameOf(decided.Bidder)} seq {decided.Sequence}");
                break;
            case ParticipantProtocol.AuctionClosed { Auction: var auction }:
                Write(auction, EventKind.AuctionClose, $"{auction.Status} at seq {auction.Sequence}");
                if (auction.Result is { Outcome: Outcome.Sold } sold)
                    Write(auction, EventKind.AuctionWinner, $"{auction.WinnerName} {auction.Currency.Format(sold.PriceUnits)} {auction.Currency}");
                break;
            default:
                break;
        }
    }

    private void Write(AuctionSummary auction, EventKind kind, string text)
    {
        if (recorder.Records(kind))
            _ = recorder.Record(new EventEntry(kind) { Text = text, Correlations = CorrelationsOf(auction, kind) });
    }

    // The opening carries the item's name, so that a log can be asked for the auction by it.
    private static ImmutableArray<Correlation> CorrelationsOf(AuctionSummary auction, EventKind kind)
    {
        Correlation id = new("auction", auction.Id.ToHex());
        return kind is EventKind.AuctionOpen or EventKind.AuctionFound ? [id, new Correlation("alias", auction.Item)] : [id];
    }
}

using System.Collections.Immutable;
using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Folding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Market.Trading;

/// <summary>The events between two states of an auction: each chain event once and in order, then what follows from them.</summary>
internal static class AuctionNews
{
    public static ImmutableArray<ParticipantProtocol.IEvent> Between(
        AuctionState before, AuctionState after, AuctionDirectory directory, PublicKey self)
    {
        var news = ImmutableArray.CreateBuilder<ParticipantProtocol.IEvent>();
        AuctionSummary summary = directory.Summarize(after);
        foreach (Envelope envelope in after.Chain.Skip(before.Chain.Count))
        {
            if (envelope.Message is Message.Open)
                news.Add(new ParticipantProtocol.AuctionOpened(summary));
            else if (envelope.Message is Message.Decision { Subject: { Message: Message.Bid offer } bid } decision)
                news.Add(new ParticipantProtocol.BidDecided(
                    summary, bid.Author, decision.Verdict, offer.Units, after.Need, envelope.Sequence));
        }

        if (before.High is { } led && led.Bidder == self && after.High is { } leads && leads.Bidder != self && !after.HasEnded)
            news.Add(new ParticipantProtocol.Outbid(summary, leads.Bidder, leads.Units, after.Need));
        if (after.HasEnded && !before.HasEnded)
            news.Add(new ParticipantProtocol.AuctionClosed(summary));
        foreach (FaultKey fault in after.Faults.Except(before.Faults))
            news.Add(new ParticipantProtocol.FaultFound(summary, fault));
        if (!before.IsKnown || AuctionView.Of(before).Digest() != summary.Digest)
            news.Add(new ParticipantProtocol.DigestChanged(after.Id, after.Head.Sequence, summary.Digest));
        return news.ToImmutable();
    }
}

using System.Collections.Immutable;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Folding;
using AuctionActors.Auctions.Rules.Terms;
using CsCheck;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Auctions.Tests.Rules.Folding;

public sealed class AuctionFoldTests
{
    [Fact]
    public void The_order_of_delivery_does_not_matter()
    {
        AuctionStory story = AuctionStory.Hello();
        Envelope[] chain = [.. story.Chain];
        Gen.Shuffle(chain).Sample(shuffled =>
        {
            AuctionState folded = AuctionStory.Fold(shuffled, story.Opening.Hash);
            Assert.Equal(story.View.Digest(), AuctionView.Of(folded).Digest());
            Assert.Empty(folded.Pending);
        });
    }

    [Fact]
    public void Repeated_delivery_changes_nothing()
    {
        AuctionStory story = AuctionStory.Hello();
        AuctionState again = AuctionFold.ApplyAll(story.State, [.. story.Chain, .. story.Chain]);
        Assert.Same(story.State, again);
    }

    [Fact]
    public void A_digest_is_the_hash_of_the_published_layout()
    {
        AuctionView view = AuctionStory.Hello().View;
        AuctionResult result = view.Result!;
        byte[] expected = new CompactWriter().Fixed32(view.Id).UInt(6).UInt(4).Fixed32(view.Head.Hash).UInt(0).Fixed32(view.HighBid)
            .UInt(3).UInt(0).UInt(0).Fixed32(result.Winner.Value).UInt(80_000_000).UInt(0).ToArray();
        Assert.Equal(expected, view.Encode());
        Assert.Equal("84d5c0", view.Digest().ToHex()[..6]);
    }

    [Fact]
    public void Other_networks_and_auctions_are_ignored()
    {
        var story = new AuctionStory();
        AuctionStory other = AuctionStory.Hello();
        Assert.NotEqual(story.Opening.Hash, new AuctionStory(terms => terms with { Salt = AuctionStory.Seed(3) }).Opening.Hash);
        AuctionState elsewhere = AuctionState.Unknown(story.Opening.Hash, AuctionStory.Seed(1));
        Assert.Same(elsewhere, AuctionFold.Apply(elsewhere, story.Opening));
        var unrelated = new AuctionStory(terms => terms with { Salt = AuctionStory.Seed(3) });
        Assert.Same(unrelated.State, AuctionFold.Apply(unrelated.State, other.Chain[1]));
    }

    [Theory]
    [InlineData(Verdict.Accept, 74_000_000, 2)]
    [InlineData(Verdict.Low, 75_000_000, 2)]
    [InlineData(Verdict.Low, 75_000_000, 1)]
    public void A_wrong_verdict_is_a_fault_in_either_direction(Verdict verdict, long units, int bidder)
    {
        var story = new AuctionStory();
        Envelope bid = story.SignBid(bidder, story.Terms.Currency.Format(units));
        Envelope forged = story.Forge(new Message.Decision(bid, verdict, AuctionStory.Noon, 0));
        Assert.Equal(new FaultKey(FaultKind.BadDecision, AuctionStory.Seller.Author, forged.Sequence), Assert.Single(story.State.Faults));
        Assert.Equal(AuctionStatus.Disputed, story.State.Status);
        Assert.Null(story.State.High);
        story.Close();
        Assert.Null(story.State.Result);
    }

    [Fact]
    public void A_ruling_on_no_bid_or_on_a_bid_ruled_before_is_a_fault()
    {
        var story = new AuctionStory();
        story.Forge(new Message.Decision(null, Verdict.Low, AuctionStory.Noon, 0));
        Assert.Single(story.State.Faults);
        var twice = new AuctionStory();
        Envelope bid = twice.SignBid(2, "80");
        twice.Submit(bid);
        twice.Forge(new Message.Decision(bid, Verdict.Low, AuctionStory.Noon, 0));
        Assert.Single(twice.State.Faults);
    }

    [Fact]
    public void A_ruling_must_bear_its_own_time_and_the_recomputed_end()
    {
        var story = new AuctionStory();
        story.Forge(new Message.Decision(story.SignBid(2, "80"), Verdict.Accept, AuctionStory.Noon - 1, 0));
        Assert.Equal(AuctionStatus.Disputed, story.State.Status);
        var end = new AuctionStory();
        end.Forge(new Message.Decision(end.SignBid(2, "80"), Verdict.Accept, AuctionStory.Noon, 5));
        Assert.Equal(AuctionStatus.Disputed, end.State.Status);
    }

    [Fact]
    public void A_wrong_close_is_disputed_and_the_recomputed_winner_stands()
    {
        var story = new AuctionStory();
        story.Bid(2, "80");
        story.Bid(3, "70");
        story.Forge(new Message.Close(Outcome.Sold, AuctionStory.Person(3).Author, story.State.High!.Hash, 80_000_000));
        Assert.Equal(AuctionStatus.Disputed, story.State.Status);
        Assert.Equal(FaultKind.BadClose, Assert.Single(story.State.Faults).Kind);
        Assert.Equal(AuctionStory.Person(2).Author, story.State.Result!.Winner);
    }

    [Fact]
    public void An_early_close_asserts_no_winner()
    {
        var story = new AuctionStory(terms => terms with
        {
            Close = ClosePolicy.Timed,
            EndsAt = AuctionStory.Noon + 10,
            HardEndAt = AuctionStory.Noon + 20,
        });
        story.Forge(new Message.Close(Outcome.NoBids, default, default, 0));
        Assert.Equal(AuctionStatus.Disputed, story.State.Status);
        Assert.Null(story.State.Result);
    }

    [Fact]
    public void Whatever_follows_the_close_is_flagged_and_changes_no_result()
    {
        AuctionStory story = AuctionStory.Hello();
        story.Forge(new Message.Decision(story.SignBid(4, "90"), Verdict.Accept, AuctionStory.Noon, 0));
        story.Forge(new Message.Close(Outcome.NoBids, default, default, 0));
        Assert.Equal(AuctionStatus.Closed, story.State.Status);
        Assert.Equal(AuctionStory.Person(2).Author, story.State.Result!.Winner);
        Assert.Equal(2, story.State.Faults.Count);
    }

    [Fact]
    public void Backdated_and_unlawful_events_dispute_the_auction()
    {
        var backdated = new AuctionStory();
        backdated.Forge(new Message.Close(Outcome.NoBids, default, default, 0), AuctionStory.Noon - 1);
        Assert.Equal(AuctionStatus.Disputed, backdated.State.Status);
        var cancelled = new AuctionStory();
        cancelled.Bid(2, "80");
        cancelled.Forge(new Message.Cancel("no"));
        Assert.Equal(AuctionStatus.Disputed, cancelled.State.Status);
    }

    [Fact]
    public void A_seller_that_bids_in_its_own_chain_is_flagged()
    {
        var story = new AuctionStory();
        story.Forge(new Message.Bid(80_000_000, 0, story.State.Head, ""));
        Assert.Equal(FaultKind.SelfBid, Assert.Single(story.State.Faults).Kind);
        Assert.Equal(AuctionStatus.Open, story.State.Status);
    }

    [Fact]
    public void A_bidder_that_signs_two_bids_for_one_place_is_flagged_without_touching_the_result()
    {
        var story = new AuctionStory();
        Envelope one = story.SignBid(2, "80");
        Envelope other = story.SignBid(2, "81");
        story.Submit(one);
        story.State = AuctionFold.Apply(story.State, other);
        Assert.Equal(new FaultKey(FaultKind.Equivocation, AuctionStory.Person(2).Author, 0), Assert.Single(story.State.Faults));
        Assert.Equal(AuctionStatus.Open, story.State.Status);
        Assert.Equal(80_000_000, story.State.High!.Units);
    }

    [Fact]
    public void Pending_envelopes_are_bounded()
    {
        var story = new AuctionStory();
        for (int i = 0; i < AuctionState.MaxPending + 10; i++)
            story.Bid(2 + (i % 2), story.Terms.Currency.Format(80_000_000 + i));
        AuctionState state = AuctionStory.Fold(story.Chain.Skip(2), story.Opening.Hash);
        Assert.Equal(AuctionState.MaxPending, state.Pending.Count);
        AuctionState caughtUp = AuctionFold.ApplyAll(state, story.Chain);
        Assert.Equal(story.View.Digest(), AuctionView.Of(caughtUp).Digest());
    }

    [Fact]
    public void An_auction_beyond_this_version_is_carried_without_being_run()
    {
        Envelope opening = AuctionStory.Seller.Seal(default, 0, default, 0, new Message.Open(new AuctionStory().Terms));
        AuctionState state = AuctionFold.Apply(AuctionState.Unknown(opening.Hash, AuctionStory.Network), opening);
        AuctionState unsupported = state with { Terms = null, Unsupported = "witnesses are not supported" };
        Envelope next = AuctionStory.Seller.Seal(opening.Hash, 1, opening.Hash, 0, new Message.Cancel(""));
        Assert.Equal(2, AuctionFold.Apply(unsupported, next).Chain.Count);
    }
}

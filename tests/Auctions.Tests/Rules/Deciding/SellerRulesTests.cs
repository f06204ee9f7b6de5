using AuctionActors.Auctions.Rules.Deciding;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Folding;
using AuctionActors.Auctions.Rules.Terms;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Auctions.Tests.Rules.Deciding;

public sealed class SellerRulesTests
{
    [Fact]
    public void The_tutorial_story_sells_to_the_highest_bidder()
    {
        AuctionStory story = AuctionStory.Hello();
        Assert.Equal(AuctionStatus.Closed, story.State.Status);
        AuctionResult result = story.State.Result!;
        Assert.Equal((Outcome.Sold, AuctionStory.Person(2).Author, 80_000_000L), (result.Outcome, result.Winner, result.PriceUnits));
        Assert.Equal(5, story.Chain.Count);
    }

    [Theory]
    [InlineData("74.999999", Verdict.Low)]
    [InlineData("75", Verdict.Accept)]
    public void The_first_bid_may_equal_the_start_price_but_not_fall_below(string amount, Verdict verdict)
        => Assert.Equal(verdict, new AuctionStory().Bid(2, amount));

    [Theory]
    [InlineData("80", Verdict.Low)]
    [InlineData("79", Verdict.Low)]
    [InlineData("80.000001", Verdict.Accept)]
    public void A_later_bid_must_exceed_the_high_one(string amount, Verdict verdict)
    {
        var story = new AuctionStory();
        story.Bid(2, "80");
        Assert.Equal(verdict, story.Bid(3, amount));
    }

    [Fact]
    public void Each_breach_has_its_verdict()
    {
        var story = new AuctionStory(terms => terms with { Allowed = [AuctionStory.Person(2).Author, AuctionStory.Person(3).Author] });
        Assert.Equal(Verdict.NotAllowed, story.Bid(4, "80"));
        Assert.Equal(Verdict.WrongCurrency, story.Bid(2, "80", code: "BTC"));
        Assert.Equal(Verdict.Accept, story.Bid(2, "80", code: "USDt"));
        Assert.Equal(Verdict.Quantity, story.Bid(2, "90", quantity: 2));
        Assert.Equal(Verdict.BadChain, story.Bid(3, "90", saw: new ChainHead(1, AuctionStory.Seed(9))));
        Assert.Equal(Verdict.BadChain, story.Bid(3, "90", saw: new ChainHead(99, story.State.Head.Hash)));
        Assert.Equal(1u, story.State.Accepts);
        Assert.Equal(5u, story.State.Rejects);
        Assert.Empty(story.State.Faults);
    }

    [Fact]
    public void A_seller_does_not_rule_on_its_own_bids()
    {
        var story = new AuctionStory();
        Assert.IsType<Answer.Refused>(story.Submit(story.SignBid(1, "80")));
        Assert.Single(story.Chain);
    }

    [Fact]
    public void A_repeated_bid_gets_the_same_answer_and_no_second_ruling()
    {
        var story = new AuctionStory();
        Envelope bid = story.SignBid(2, "80");
        var first = Assert.IsType<Answer.Decided>(story.Submit(bid));
        story.Bid(3, "90");
        var second = Assert.IsType<Answer.Decided>(story.Submit(bid));
        Assert.Same(first.Decision, second.Decision);
        Assert.Equal(3, story.Chain.Count);
    }

    [Fact]
    public void A_bid_whose_predecessor_is_missing_waits()
    {
        var story = new AuctionStory();
        Envelope first = story.SignBid(2, "80");
        Envelope second = AuctionStory.Person(2).Bid(story.Opening.Hash, BidPlace.After(first), (Message.Bid)first.Message, AuctionStory.Noon);
        Assert.Equal(new Answer.Waiting(0), story.Submit(second));
        story.Submit(first);
        Assert.Equal(Verdict.Low, Assert.IsType<Answer.Decided>(story.Submit(second)).Verdict);
    }

    [Fact]
    public void Bids_after_the_close_hear_the_close_and_closing_twice_is_harmless()
    {
        AuctionStory story = AuctionStory.Hello();
        Envelope close = story.Chain[4];
        Assert.Equal(new Answer.Ended(close), story.Submit(story.SignBid(4, "90")));
        Assert.Equal(new Answer.Ended(close), story.Close());
        Assert.Equal(5, story.Chain.Count);
    }

    [Fact]
    public void Nobody_else_decides_and_nothing_foreign_is_decided()
    {
        var story = new AuctionStory();
        var other = new AuctionStory(terms => terms with { Salt = AuctionStory.Seed(99) });
        Assert.IsType<Answer.Refused>(SellerRules.Close(story.State, AuctionStory.Person(2), 0).Answer);
        Assert.IsType<Answer.Refused>(story.Submit(other.SignBid(2, "80")));
        Assert.IsType<Answer.Refused>(story.Submit(story.Opening));
        Assert.IsType<Answer.Refused>(SellerRules.Close(AuctionState.Unknown(default, AuctionStory.Network), AuctionStory.Seller, 0).Answer);
    }

    [Fact]
    public void An_auction_without_accepted_bids_can_be_cancelled_and_one_with_cannot()
    {
        var empty = new AuctionStory();
        Assert.IsType<Answer.Done>(empty.Cancel());
        Assert.Equal(AuctionStatus.Cancelled, empty.State.Status);
        var sold = new AuctionStory();
        sold.Bid(2, "80");
        Assert.IsType<Answer.Refused>(sold.Cancel());
    }

    [Fact]
    public void Outcomes_without_a_sale()
    {
        var none = new AuctionStory();
        none.Close();
        Assert.Equal(Outcome.NoBids, none.State.Result!.Outcome);
        var reserved = new AuctionStory(terms => terms with { ReserveUnits = 100_000_000 });
        reserved.Bid(2, "99.999999");
        reserved.Close();
        Assert.Equal(new AuctionResult(Outcome.ReserveNotMet, default, default, 0), reserved.State.Result);
        Assert.Empty(reserved.State.Faults);
    }

    [Fact]
    public void Stamps_never_go_back()
    {
        var story = new AuctionStory { Now = AuctionStory.Noon - 5_000 };
        story.Bid(2, "80");
        Assert.Equal(AuctionStory.Noon, story.Chain[1].Content.At);
        Assert.Empty(story.State.Faults);
    }

    [Fact]
    public void A_timed_auction_starts_extends_and_ends_by_its_stamps()
    {
        var story = new AuctionStory(terms => terms with
        {
            Close = ClosePolicy.Timed,
            StartsAt = AuctionStory.Noon + 1_000,
            EndsAt = AuctionStory.Noon + 60_000,
            SoftCloseMilliseconds = 30_000,
            HardEndAt = AuctionStory.Noon + 70_000,
        });
        Assert.Equal(AuctionStatus.Scheduled, story.State.Status);
        Assert.Equal(Verdict.Early, story.Bid(2, "75"));
        story.Now = AuctionStory.Noon + 1_000;
        Assert.Equal(Verdict.Accept, story.Bid(2, "75"));
        Assert.Equal(AuctionStory.Noon + 60_000, story.State.EndsAt);
        story.Now = AuctionStory.Noon + 31_000;
        Assert.Equal(Verdict.Accept, story.Bid(3, "76"));
        Assert.Equal(AuctionStory.Noon + 61_000, story.State.EndsAt);
        story.Now = AuctionStory.Noon + 60_500;
        Assert.Equal(Verdict.Accept, story.Bid(2, "77"));
        Assert.Equal(story.Terms.HardEndAt, story.State.EndsAt);
        Assert.IsType<Answer.Refused>(story.Close());
        story.Now = story.Terms.HardEndAt;
        Assert.Equal(Verdict.Late, story.Bid(3, "90"));
        Assert.Equal(AuctionStatus.Ending, story.State.Status);
        story.Close();
        Assert.Equal(77_000_000, story.State.Result!.PriceUnits);
        Assert.Empty(story.State.Faults);
    }
}

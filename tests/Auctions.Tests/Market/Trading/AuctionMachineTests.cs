using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Auctions.Market.Trading;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Folding;
using AuctionActors.Auctions.Tests.Rules;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Auctions.Tests.Market.Trading;

public sealed class AuctionMachineTests
{
    private static readonly AuctionStory Story = new();
    private static readonly Asker Local = new(1, false);
    private static readonly Asker Remote = new(2, true);

    [Fact]
    public void A_seller_answers_only_what_is_durable()
    {
        AuctionMachine seller = Seller();
        seller.HandleBid(Remote, Story.SignBid(2, "80"), AuctionStory.Noon);
        var append = Assert.IsType<AuctionEffect.Append>(Assert.Single(Drain(seller)));
        Assert.Equal(0u, seller.State.Accepts);
        seller.HandleAppended(append.Envelope, TimeSpan.Zero);
        Assert.Equal([typeof(AuctionEffect.Change), typeof(AuctionEffect.Answer)], Drain(seller).Select(effect => effect.GetType()));
        Assert.Equal(1u, seller.State.Accepts);
    }

    [Fact]
    public void Bids_that_arrive_during_a_flush_are_chained_one_after_the_other()
    {
        AuctionMachine seller = Seller();
        seller.HandleBid(Remote, Story.SignBid(2, "80"), AuctionStory.Noon);
        seller.HandleBid(Remote, Story.SignBid(3, "80"), AuctionStory.Noon);
        Envelope[] appended = [.. Drain(seller).OfType<AuctionEffect.Append>().Select(append => append.Envelope)];
        Assert.Equal([1ul, 2ul], appended.Select(envelope => envelope.Sequence));
        Assert.Equal(
            [Verdict.Accept, Verdict.Low], appended.Select(envelope => ((Message.Decision)envelope.Message).Verdict));
    }

    [Fact]
    public void A_bid_repeated_during_the_flush_waits_for_the_same_answer()
    {
        AuctionMachine seller = Seller();
        Envelope bid = Story.SignBid(2, "80");
        seller.HandleBid(Remote, bid, AuctionStory.Noon);
        seller.HandleBid(new Asker(3, true), bid, AuctionStory.Noon);
        var append = Assert.IsType<AuctionEffect.Append>(Assert.Single(Drain(seller)));
        seller.HandleAppended(append.Envelope, TimeSpan.Zero);
        Assert.Equal([2, 3], Drain(seller).OfType<AuctionEffect.Answer>().Select(answer => answer.Asker.Number));
        seller.HandleBid(new Asker(4, true), bid, AuctionStory.Noon);
        Assert.Equal(append.Envelope, Assert.IsType<AuctionEffect.Answer>(Assert.Single(Drain(seller))).Envelope);
    }

    [Fact]
    public void A_close_is_done_when_durable_and_done_again_when_repeated()
    {
        AuctionMachine seller = Seller();
        seller.HandleClose(Local, AuctionStory.Noon);
        var append = Assert.IsType<AuctionEffect.Append>(Assert.Single(Drain(seller)));
        seller.HandleAppended(append.Envelope, TimeSpan.Zero);
        Assert.Contains(new AuctionEffect.Done(Local), Drain(seller));
        seller.HandleClose(Local, AuctionStory.Noon);
        Assert.Equal(new AuctionEffect.Done(Local), Assert.Single(Drain(seller)));
    }

    [Fact]
    public void A_bidder_writes_its_bid_sends_it_and_hears_the_ruling_from_the_chain()
    {
        AuctionMachine bidder = Bidder();
        AuctionMachine seller = Seller();
        bidder.HandlePlace(Local, "80", "", AuctionStory.Noon, TimeSpan.Zero);
        Envelope bid = Assert.IsType<AuctionEffect.Append>(Assert.Single(Drain(bidder))).Envelope;
        bidder.HandleAppended(bid, TimeSpan.Zero);
        Assert.Contains(new AuctionEffect.Submit(bid), Drain(bidder));
        seller.HandleBid(Remote, bid, AuctionStory.Noon);
        bidder.HandleEnvelope(Drain(seller).OfType<AuctionEffect.Append>().Single().Envelope, TimeSpan.Zero);
        List<AuctionEffect> effects = Drain(bidder);
        Assert.Contains(new AuctionEffect.Settle(bid.Hash), effects);
        Assert.Contains(new AuctionEffect.AnswerBid(Local, Verdict.Accept, 80_000_000, 1), effects);
        Assert.Null(bidder.NextDeadline);
    }

    [Theory]
    [InlineData("75.1234567", "", "USDt has 6 decimals")]
    [InlineData("many", "", "'many' is not an amount")]
    public void An_amount_that_is_none_is_declined_with_what_is_wrong(string amount, string code, string message)
    {
        AuctionMachine bidder = Bidder();
        bidder.HandlePlace(Local, amount, code, AuctionStory.Noon, TimeSpan.Zero);
        var declined = Assert.IsType<AuctionEffect.Decline>(Assert.Single(Drain(bidder)));
        Assert.Equal((RefusalCode.Usage, message), (declined.Code, declined.Message));
    }

    [Fact]
    public void What_no_seller_could_accept_is_answered_without_being_signed()
    {
        AuctionMachine seller = Seller();
        seller.HandlePlace(Local, "80", "", AuctionStory.Noon, TimeSpan.Zero);
        Assert.Equal(Verdict.Self, Assert.IsType<AuctionEffect.AnswerBid>(Assert.Single(Drain(seller))).Verdict);
        AuctionMachine bidder = Bidder();
        bidder.HandlePlace(Local, "80", "BTC", AuctionStory.Noon, TimeSpan.Zero);
        Assert.Equal(Verdict.WrongCurrency, Assert.IsType<AuctionEffect.AnswerBid>(Assert.Single(Drain(bidder))).Verdict);
        seller.HandleClose(Local, AuctionStory.Noon);
        bidder.HandleEnvelope(Drain(seller).OfType<AuctionEffect.Append>().Single().Envelope, TimeSpan.Zero);
        Drain(bidder);
        bidder.HandlePlace(Local, "80", "", AuctionStory.Noon, TimeSpan.Zero);
        Assert.Equal(Verdict.Late, Assert.IsType<AuctionEffect.AnswerBid>(Assert.Single(Drain(bidder))).Verdict);
    }

    [Fact]
    public void An_unanswered_bid_is_given_up_locally_and_still_settles_later()
    {
        AuctionMachine bidder = Bidder();
        bidder.HandlePlace(Local, "80", "", AuctionStory.Noon, TimeSpan.Zero);
        Envelope bid = Drain(bidder).OfType<AuctionEffect.Append>().Single().Envelope;
        bidder.HandleAppended(bid, TimeSpan.Zero);
        Drain(bidder);
        bidder.HandleTimeout(bidder.NextDeadline!.Value);
        Assert.Equal(RefusalCode.Offline, Assert.IsType<AuctionEffect.Decline>(Assert.Single(Drain(bidder))).Code);
        AuctionMachine seller = Seller();
        seller.HandleBid(Remote, bid, AuctionStory.Noon);
        bidder.HandleEnvelope(Drain(seller).OfType<AuctionEffect.Append>().Single().Envelope, TimeSpan.Zero);
        Assert.Contains(new AuctionEffect.Settle(bid.Hash), Drain(bidder));
    }

    [Fact]
    public void A_restarted_bidder_sends_what_was_undecided_and_continues_its_chain()
    {
        Envelope first = Story.SignBid(2, "80");
        var bidder = new AuctionMachine(Story.Opening.Hash, AuctionStory.Person(2), TimeSpan.FromSeconds(30));
        bidder.HandleEnvelope(first, TimeSpan.Zero);
        Assert.Empty(Drain(bidder).OfType<AuctionEffect.Submit>());
        bidder.HandleEnvelope(Story.Opening, TimeSpan.Zero);
        Assert.Equal(first, Drain(bidder).OfType<AuctionEffect.Submit>().Last().Bid);
        bidder.HandlePlace(Local, "90", "", AuctionStory.Noon, TimeSpan.Zero);
        Envelope second = Drain(bidder).OfType<AuctionEffect.Append>().Single().Envelope;
        Assert.Equal((1ul, first.Hash), (second.Sequence, second.Content.Previous));
    }

    [Fact]
    public void A_gap_that_replication_does_not_fill_soon_is_asked_of_the_seller_until_it_is_filled()
    {
        AuctionStory hello = AuctionStory.Hello();
        AuctionMachine bidder = Bidder();
        bidder.HandleEnvelope(hello.Chain[3], TimeSpan.Zero);
        Assert.Empty(Drain(bidder).OfType<AuctionEffect.CatchUp>());
        bidder.HandleTimeout(AuctionMachine.CatchUpAfter);
        Assert.Contains(new AuctionEffect.CatchUp(1), Drain(bidder));
        TimeSpan again = AuctionMachine.CatchUpAfter + AuctionMachine.CatchUpAgainAfter;
        Assert.Equal(again, bidder.NextDeadline);
        bidder.HandleEnvelope(hello.Chain[1], again);
        bidder.HandleTimeout(again);
        Assert.Contains(new AuctionEffect.CatchUp(2), Drain(bidder));
        bidder.HandleEnvelope(hello.Chain[2], again);
        Assert.Null(bidder.NextDeadline);
    }

    private static AuctionMachine Seller() => Machine(1);

    private static AuctionMachine Bidder() => Machine(2);

    private static AuctionMachine Machine(int person)
    {
        var machine = new AuctionMachine(Story.Opening.Hash, AuctionStory.Person(person), TimeSpan.FromSeconds(30));
        machine.HandleEnvelope(Story.Opening, TimeSpan.Zero);
        Drain(machine);
        return machine;
    }

    private static List<AuctionEffect> Drain(AuctionMachine machine)
    {
        var effects = new List<AuctionEffect>();
        while (machine.TryTake(out AuctionEffect effect))
            effects.Add(effect);
        return effects;
    }
}

using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Auctions.Market.Trading;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Folding;
using AuctionActors.Auctions.Tests.Rules;

namespace AuctionActors.Auctions.Tests.Market.Trading;

public sealed class AuctionDirectoryTests
{
    [Fact]
    public void Each_event_is_told_once_and_in_order()
    {
        AuctionStory story = AuctionStory.Hello();
        var directory = new AuctionDirectory(AuctionStory.Person(3).Author);
        var told = new List<string>();
        AuctionState state = AuctionState.Unknown(story.Opening.Hash, AuctionStory.Network);
        foreach (Envelope envelope in story.Chain)
        {
            state = AuctionFold.Apply(state, envelope);
            told.AddRange(directory.Update(state).Select(news => news.GetType().Name));
        }

        Assert.Equal(
            "AuctionOpened DigestChanged BidDecided DigestChanged BidDecided DigestChanged BidDecided Outbid DigestChanged AuctionClosed DigestChanged",
            string.Join(' ', told));
        Assert.Empty(directory.Update(state));
    }

    [Fact]
    public void A_peer_that_catches_up_hears_every_ruling_and_one_close()
    {
        AuctionStory story = AuctionStory.Hello();
        var directory = new AuctionDirectory(AuctionStory.Person(4).Author);
        string[] told = [.. directory.Update(story.State).Select(news => news.GetType().Name)];
        Assert.Equal(["AuctionOpened", "BidDecided", "BidDecided", "BidDecided", "AuctionClosed", "DigestChanged"], told);
    }

    [Fact]
    public void Names_are_shown_and_told_apart()
    {
        AuctionStory story = AuctionStory.Hello();
        var directory = new AuctionDirectory(AuctionStory.Person(4).Author);
        directory.Update(story.State);
        Assert.Equal(AuctionStory.Person(2).Author.ToShort(), directory.Summaries[0].WinnerName);
        directory.Name(AuctionStory.Person(2).Author, "Client#2");
        Assert.Equal("Client#2", directory.Summaries[0].WinnerName);
        directory.Name(AuctionStory.Person(9).Author, "Client#2");
        Assert.Equal($"Client#2·{AuctionStory.Person(2).Author.ToShort()}", directory.Summaries[0].WinnerName);
    }

    [Fact]
    public void A_summary_says_what_a_next_bid_needs()
    {
        AuctionStory story = AuctionStory.Hello();
        var directory = new AuctionDirectory(AuctionStory.Seller.Author);
        directory.Update(story.State);
        AuctionSummary summary = Assert.Single(directory.Summaries);
        Assert.Equal((80_000_001, 80_000_000, 4ul, true), (summary.NeedUnits, summary.HighUnits, summary.Sequence, summary.IsOwn));
        Assert.Equal(story.View.Digest(), Assert.Single(directory.Digests).Digest);
    }
}

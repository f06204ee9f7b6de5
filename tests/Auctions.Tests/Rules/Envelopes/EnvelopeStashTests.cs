using AuctionActors.Auctions.Rules.Envelopes;

namespace AuctionActors.Auctions.Tests.Rules.Envelopes;

public sealed class EnvelopeStashTests
{
    private static readonly AuctionStory Story = AuctionStory.Hello();

    [Fact]
    public void It_gives_back_what_waits_for_an_auction_once()
    {
        var stash = new EnvelopeStash(new EnvelopeStashOptions());
        Assert.All(Story.Chain, envelope => Assert.True(stash.TryAdd(envelope)));
        Assert.False(stash.TryAdd(Story.Chain[1]));
        Assert.Equal(Story.Chain, stash.Take(Story.Opening.Hash));
        Assert.Empty(stash.Take(Story.Opening.Hash));
        Assert.Equal(0, stash.Bytes);
    }

    [Fact]
    public void It_is_bounded_per_auction_and_altogether()
    {
        var few = new EnvelopeStash(new EnvelopeStashOptions { MaxPerAuction = 2 });
        Assert.Equal(2, Story.Chain.Count(few.TryAdd));
        var small = new EnvelopeStash(new EnvelopeStashOptions { MaxBytes = 600 });
        _ = Story.Chain.Count(small.TryAdd);
        Assert.InRange(small.Bytes, 1, 600);
        Assert.True(small.Dropped > 0);
    }
}

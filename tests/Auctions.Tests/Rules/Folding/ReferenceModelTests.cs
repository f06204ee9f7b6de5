using AuctionActors.Auctions.Rules.Auditing;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Folding;
using CsCheck;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Tests.Rules.Folding;

/// <summary>The rules beside a reference that shares no code with them: the winner by a plain sort of what was offered.</summary>
public sealed class ReferenceModelTests
{
    private static readonly Gen<(int Bidder, int Cents)> Offer = Gen.Select(Gen.Int[1, 6], Gen.Int[40, 120]);

    [Fact]
    public void Random_bids_have_the_winner_that_a_sort_finds()
        => Gen.Select(Offer.Array[0, 40], Gen.Int[0, 110], Gen.Int[1, 5]).Sample((offers, reserve, increment) =>
        {
            var story = new AuctionStory(terms => terms with
            {
                StartUnits = 50_000_000,
                ReserveUnits = reserve * 1_000_000L,
                Increments = [new Auctions.Rules.Terms.IncrementStep(0, increment * 1_000_000L)],
            });
            foreach ((int bidder, int cents) in offers.Where(offer => offer.Bidder != 1))
                story.Bid(bidder, $"{cents}");
            story.Close();
            (Outcome outcome, int winner, decimal price) = Expected([.. offers.Where(offer => offer.Bidder != 1)], reserve, increment);
            AuctionResult result = story.State.Result!;
            Assert.Equal(outcome, result.Outcome);
            Assert.Equal(winner == 0 ? default : AuctionStory.Person(winner).Author, result.Winner);
            Assert.Equal(price * 1_000_000m, result.PriceUnits);
            Assert.Equal(AuditVerdict.Ok, Audit.Envelopes([.. story.Chain]).Verdict);
            Assert.Equal(story.View.Digest(), AuctionView.Of(AuctionStory.Fold(story.Chain.Reverse(), story.Opening.Hash)).Digest());
        }, iter: 40);

    /// <summary>Bids below the start, or less than the increment above anything standing, never stand; the greatest of the rest wins.</summary>
    private static (Outcome Outcome, int Winner, decimal Price) Expected((int Bidder, int Amount)[] offers, int reserve, int increment)
    {
        var standing = new List<(int Bidder, int Amount)>();
        foreach ((int Bidder, int Amount) offer in offers)
        {
            if (offer.Amount >= 50 && standing.All(other => offer.Amount - other.Amount >= increment))
                standing.Add(offer);
        }

        if (standing.Count == 0)
            return (Outcome.NoBids, 0, 0);
        (int bidder, int amount) = standing.OrderByDescending(offer => offer.Amount).First();
        return amount >= reserve ? (Outcome.Sold, bidder, amount) : (Outcome.ReserveNotMet, 0, 0);
    }
}

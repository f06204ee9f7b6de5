using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Folding;
using CsCheck;

namespace AuctionActors.Auctions.Tests.Rules.Folding;

public sealed class ForkTests
{
    [Fact]
    public void Two_closes_for_one_place_make_the_auction_void_in_any_order()
    {
        AuctionStory story = Fork(out Envelope[] branch);
        Envelope[] all = [.. story.Chain, .. branch];
        Gen.Shuffle(all).Sample(shuffled =>
        {
            AuctionState state = AuctionStory.Fold(shuffled, story.Opening.Hash);
            Assert.Equal(AuctionStatus.Void, state.Status);
            Assert.Null(state.Result);
            Assert.Equal(new FaultKey(FaultKind.Equivocation, AuctionStory.Seller.Author, 3), Assert.Single(state.Faults));
            Assert.Equal(2ul, state.Head.Sequence);
            Assert.Equal(2u, state.Accepts);
            Assert.Equal(2, state.ForkEvidence.Length);
        });
    }

    [Fact]
    public void Peers_that_saw_different_branches_agree_once_each_has_one_of_the_other()
    {
        AuctionStory story = Fork(out Envelope[] branch);
        AuctionState one = AuctionFold.Apply(story.State, branch[0]);
        AuctionState other = AuctionStory.Fold([.. story.Chain.Take(3), .. branch], story.Opening.Hash);
        other = AuctionFold.Apply(other, story.Chain[3]);
        Assert.Equal(AuctionView.Of(one).Digest(), AuctionView.Of(other).Digest());
    }

    [Fact]
    public void A_lower_fork_found_later_lowers_the_prefix_and_never_lifts_the_verdict()
    {
        AuctionStory story = Fork(out Envelope[] branch);
        AuctionState voided = AuctionFold.Apply(story.State, branch[0]);
        Envelope lower = AuctionStory.Seller.Seal(
            story.Opening.Hash, 1, story.Opening.Hash, AuctionStory.Noon, new Message.Cancel("never mind"));
        AuctionState lowered = AuctionFold.Apply(voided, lower);
        Assert.Equal(0ul, lowered.Head.Sequence);
        Assert.Equal(1ul, Assert.Single(lowered.Faults).Sequence);
        Assert.Same(lowered, AuctionFold.ApplyAll(lowered, [.. story.Chain, .. branch]));
    }

    [Fact]
    public void A_proof_that_arrives_as_a_fault_or_a_head_note_counts_like_the_envelopes()
    {
        AuctionStory story = Fork(out Envelope[] branch);
        Envelope fault = AuctionStory.Person(4).Seal(
            story.Opening.Hash, 0, default, 0, new Message.Fault(FaultKind.Equivocation, [story.Chain[3], branch[0]]));
        AuctionState byFault = AuctionFold.Apply(AuctionStory.Fold(story.Chain.Take(3), story.Opening.Hash), fault);
        Envelope note = AuctionStory.Person(4).HeadNote(
            story.Opening.Hash, new Message.HeadNote(AuctionStory.Seller.Author, branch[0].Head, branch[0], 0, 0), 0);
        AuctionState byNote = AuctionFold.Apply(story.State, note);
        Assert.Equal(AuctionStatus.Void, byFault.Status);
        Assert.Equal(AuctionView.Of(byFault).Digest(), AuctionView.Of(byNote).Digest());
    }

    [Fact]
    public void An_honest_seller_is_never_convicted_by_its_own_chain()
    {
        AuctionStory story = AuctionStory.Hello();
        Gen.Shuffle(story.Chain.ToArray()).Sample(shuffled => Assert.Empty(AuctionStory.Fold(shuffled, story.Opening.Hash).Faults));
    }

    /// <summary>A seller that sold to 2 tells others that it sold to 3.</summary>
    private static AuctionStory Fork(out Envelope[] branch)
    {
        var story = new AuctionStory();
        story.Bid(3, "75.5");
        story.Bid(2, "80");
        AuctionState common = story.State;
        story.Close();
        var lie = new Message.Close(Outcome.Sold, AuctionStory.Person(3).Author, ((Message.Decision)common.Chain[1].Message).Subject!.Hash, 75_500_000);
        Envelope other = AuctionStory.Seller.Seal(story.Opening.Hash, 3, common.Head.Hash, AuctionStory.Noon, lie);
        branch = [other, AuctionStory.Seller.Seal(story.Opening.Hash, 4, other.Hash, AuctionStory.Noon, new Message.Cancel("done"))];
        return story;
    }
}

using AuctionActors.Auctions.Rules.Auditing;
using AuctionActors.Auctions.Rules.Envelopes;
using CsCheck;

namespace AuctionActors.Auctions.Tests.Rules.Auditing;

public sealed class AuditTests
{
    private static readonly AuctionStory Story = AuctionStory.Hello();

    [Fact]
    public void An_honest_bundle_is_ok_and_has_the_live_digest()
    {
        AuditReport report = Audit.Bundle(EnvelopeList.Encode(Story.Chain));
        Assert.Equal(AuditVerdict.Ok, report.Verdict);
        Assert.Equal(Story.View.Digest(), report.Digest);
        Assert.Equal((5, 3, 8), (report.Events, report.Bids, report.Signatures));
    }

    [Fact]
    public void A_missing_event_is_named()
    {
        AuditReport report = Audit.Envelopes([.. Story.Chain.RemoveAt(2)]);
        Assert.Equal(AuditVerdict.Incomplete, report.Verdict);
        Assert.Equal(2ul, Assert.Single(report.Missing));
    }

    [Fact]
    public void A_head_beyond_the_bundle_makes_it_incomplete()
    {
        Envelope note = AuctionStory.Person(4).HeadNote(
            Story.Opening.Hash, new Message.HeadNote(AuctionStory.Seller.Author, Story.State.Head, null, 0, 0), 0);
        AuditReport report = Audit.Envelopes([.. Story.Chain.Take(4), note]);
        Assert.Equal(AuditVerdict.Incomplete, report.Verdict);
        Assert.Equal(4ul, Assert.Single(report.Missing));
    }

    [Theory]
    [InlineData(0x01)]
    [InlineData(0x10)]
    public void A_changed_byte_is_never_ok(byte change)
    {
        byte[] bundle = EnvelopeList.Encode(Story.Chain);
        for (int index = 0; index < bundle.Length; index++)
        {
            bundle[index] ^= change;
            Assert.True(AuditVerdict.Ok != Audit.Bundle(bundle).Verdict, $"byte {index}");
            bundle[index] ^= change;
        }
    }

    [Fact]
    public void Random_bytes_are_incomplete()
        => Gen.Byte.Array[0, 200].Sample(bytes => Assert.NotEqual(AuditVerdict.Ok, Audit.Bundle(bytes).Verdict));

    [Fact]
    public void Faults_are_found()
    {
        var story = new AuctionStory();
        story.Forge(new Message.Decision(story.SignBid(2, "10"), Verdict.Accept, AuctionStory.Noon, 0));
        Assert.Equal(AuditVerdict.Fault, Audit.Envelopes([.. story.Chain]).Verdict);
    }
}

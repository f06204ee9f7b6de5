using AuctionActors.Auctions.Market.Delivery;
using AuctionActors.Auctions.Tests.Rules;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Tests.Market.Delivery;

public sealed class OutboxMachineTests
{
    private static readonly PublicKey Seller = AuctionStory.Seller.Author;

    [Fact]
    public void An_envelope_goes_out_at_once_and_only_once_while_it_is_under_way()
    {
        OutboxMachine outbox = Outbox();
        Assert.True(outbox.TryAdd(Envelope(1), TimeSpan.Zero));
        Assert.True(outbox.TryAdd(Envelope(1), TimeSpan.Zero));
        Assert.Equal(1, Drain(outbox));
        outbox.HandleReachable(Seller, TimeSpan.FromSeconds(1));
        Assert.Equal(0, Drain(outbox));
    }

    [Fact]
    public void A_failure_is_followed_by_the_same_envelope_after_a_growing_jittered_wait()
    {
        OutboxMachine outbox = Outbox();
        outbox.TryAdd(Envelope(1), TimeSpan.Zero);
        TimeSpan now = TimeSpan.Zero;
        var waits = new List<double>();
        for (int i = 0; i < 8; i++)
        {
            Drain(outbox);
            outbox.HandleFailed(Envelope(1).Key, now);
            waits.Add((outbox.NextDeadline!.Value - now).TotalSeconds);
            now = outbox.NextDeadline.Value;
            outbox.HandleTimeout(now);
        }

        double[] expected = [0.25, 0.5, 1, 2, 4, 8, 8, 8];
        Assert.All(waits.Zip(expected), pair => Assert.InRange(pair.First, pair.Second * 0.8, pair.Second * 1.2));
    }

    [Fact]
    public void A_silent_attempt_is_repeated_after_its_budget()
    {
        OutboxMachine outbox = Outbox();
        outbox.TryAdd(Envelope(1), TimeSpan.Zero);
        Drain(outbox);
        Assert.InRange(outbox.NextDeadline!.Value.TotalSeconds, 2.2, 2.3);
        outbox.HandleTimeout(TimeSpan.FromSeconds(2.3));
        Assert.Equal(1, Drain(outbox));
    }

    [Fact]
    public void A_settled_envelope_is_forgotten()
    {
        OutboxMachine outbox = Outbox();
        outbox.TryAdd(Envelope(1), TimeSpan.Zero);
        outbox.Settle(Envelope(1).Key);
        Assert.Equal(0, outbox.Count);
        Assert.Null(outbox.NextDeadline);
        outbox.HandleFailed(Envelope(1).Key, TimeSpan.Zero);
        Assert.Null(outbox.NextDeadline);
    }

    [Fact]
    public void A_peer_that_returns_gets_what_waits_for_it_at_once()
    {
        OutboxMachine outbox = Outbox();
        outbox.TryAdd(Envelope(1), TimeSpan.Zero);
        Drain(outbox);
        outbox.HandleFailed(Envelope(1).Key, TimeSpan.Zero);
        outbox.HandleReachable(Seller, TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, Drain(outbox));
    }

    [Fact]
    public void It_is_bounded()
    {
        var outbox = new OutboxMachine(new OutboxOptions { Capacity = 1 }, new SeededEntropy(1, "outbox"));
        Assert.True(outbox.TryAdd(Envelope(1), TimeSpan.Zero));
        Assert.False(outbox.TryAdd(Envelope(2), TimeSpan.Zero));
    }

    private static OutboxMachine Outbox() => new(new OutboxOptions(), new SeededEntropy(1, "outbox"));

    private static OutgoingEnvelope Envelope(byte number) => new(new Bytes32([.. Enumerable.Repeat(number, 32)]), Seller, "auction/bid", default);

    private static int Drain(OutboxMachine outbox)
    {
        int count = 0;
        while (outbox.TryTake(out _))
            count++;
        return count;
    }
}

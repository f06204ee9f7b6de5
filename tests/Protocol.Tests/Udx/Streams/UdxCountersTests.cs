namespace AuctionActors.Protocol.Tests.Udx.Streams;

public sealed class UdxCountersTests
{
    [Fact]
    public void What_one_end_has_sent_the_other_has_received()
    {
        var pair = new StreamPair();
        pair.Left.Stream.Write(UdxStreamTests.Pattern(100_000), pair.Now);
        Assert.True(pair.RunUntil(() => pair.Right.ReceivedCount == 100_000 && pair.Left.Stream.QueuedBytes == 0));

        var (sent, received) = (pair.Left.Stream.Counters, pair.Right.Stream.Counters);
        Assert.Equal(pair.SentBy(pair.Left).Count(), sent.SentPackets);
        Assert.Equal(pair.SentBy(pair.Left).Sum(packet => packet.Bytes.Length), sent.SentBytes);
        Assert.Equal((sent.SentPackets, sent.SentBytes), (received.ReceivedPackets, received.ReceivedBytes));
        Assert.Equal((received.SentPackets, received.SentBytes), (sent.ReceivedPackets, sent.ReceivedBytes));
        Assert.Equal((0, 0, 0), (sent.Retransmissions, sent.LossCount, received.DuplicatePackets));
        Assert.Equal(2 * pair.Latency, pair.Left.Stream.RoundTripTime);
    }

    [Fact]
    public void A_lost_packet_is_counted_as_lost_repeated_and_recovered_once()
    {
        bool isLost = false;
        var pair = new StreamPair();
        pair.Drop = packet => !isLost && packet.From == pair.Left.Name && packet.Header.Sequence == 5 && (isLost = true);
        pair.Left.Stream.Write(UdxStreamTests.Pattern(100_000), pair.Now);
        Assert.True(pair.RunUntil(() => pair.Right.ReceivedCount == 100_000));

        var counters = pair.Left.Stream.Counters;
        Assert.Equal((1, 1, 1, 0), (counters.LossCount, counters.Retransmissions, counters.FastRecoveries, counters.RetransmissionTimeouts));
    }
}

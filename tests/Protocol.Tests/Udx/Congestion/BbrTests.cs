using AuctionActors.Protocol.Tests.Udx.Streams;
using Hyper.Protocol.Udx.Congestion;

namespace AuctionActors.Protocol.Tests.Udx.Congestion;

public sealed class BbrTests
{
    private const int Megabytes = 1_000_000;

    [Fact]
    public void A_lossy_path_is_used_far_better_than_by_additive_increase()
    {
        double bbr = Seconds(new BbrController(16384), loss: 0.01, packetsPerSecond: 5000);
        double reno = Seconds(new RenoController(16384), loss: 0.01, packetsPerSecond: 5000);

        Assert.True(bbr < 1.5, $"bbr took {bbr} s");
        Assert.True(reno > 1.5 * bbr, $"reno took {reno} s, bbr {bbr} s");
    }

    [Theory]
    [InlineData(500, 0)]
    [InlineData(2000, 0)]
    [InlineData(20_000, 0.001)]
    public void The_bottleneck_is_found_and_kept_busy(int packetsPerSecond, double loss)
    {
        double seconds = Seconds(new BbrController(16384), loss, packetsPerSecond);
        double ideal = 4.0 * Megabytes / 1400 / packetsPerSecond;
        Assert.True(seconds < (1.5 * ideal) + 0.5, $"took {seconds} s, ideal {ideal} s");
    }

    [Theory]
    [InlineData(20_000, 0.01, 1)]
    [InlineData(50_000, 0.01, 2)]
    [InlineData(70_000, 0.01, 3)]
    [InlineData(70_000, 0.02, 4)]
    public void Loss_costs_little_of_a_fast_path_of_forty_milliseconds(int packetsPerSecond, double loss, int seed)
    {
        const int PacketBytes = 1452;
        var pair = new StreamPair(seed: seed)
        {
            Latency = TimeSpan.FromMilliseconds(20),
            Loss = loss,
            PacketsPerSecond = packetsPerSecond,
            QueuePackets = packetsPerSecond / 25,
            KeepsLog = false,
        };
        int secondOfTraffic = packetsPerSecond * PacketBytes;
        pair.Left.Stream.Write(new byte[(int)(2.5 * secondOfTraffic)], pair.Now);
        Assert.True(pair.RunUntil(() => pair.Right.ReceivedCount > secondOfTraffic));
        (long bytes, TimeSpan start) = (pair.Right.ReceivedCount, pair.Now);
        Assert.True(pair.RunUntil(() => pair.Right.ReceivedCount > 2 * secondOfTraffic));

        double share = (pair.Right.ReceivedCount - bytes) / (pair.Now - start).TotalSeconds / secondOfTraffic;
        Assert.True(share > 0.85, $"{share:P0} of the path");
        Assert.Equal(0, pair.Left.Stream.Counters.RetransmissionTimeouts);
    }

    [Fact]
    public void A_long_transfer_survives_the_probes_for_the_shortest_round_trip()
    {
        double seconds = Seconds(new BbrController(16384), 0, packetsPerSecond: 500, 12 * Megabytes);
        Assert.InRange(seconds, 15, 24);
    }

    [Fact]
    public void A_probe_for_the_shortest_round_trip_does_not_make_the_path_look_narrower()
    {
        const int PacketsPerSecond = 5000;
        var bbr = new BbrController(16384);
        var pair = new StreamPair(congestion: bbr)
        {
            Latency = TimeSpan.FromMilliseconds(3),
            Jitter = TimeSpan.FromMilliseconds(2),
            PacketsPerSecond = PacketsPerSecond,
            QueuePackets = 200,
            KeepsLog = false,
        };
        Assert.True(Supply(pair, () => pair.Now > TimeSpan.FromSeconds(1) && bbr.WindowPackets == 4));
        TimeSpan begun = pair.Now;
        Assert.True(Supply(pair, () => bbr.WindowPackets > 4));
        Assert.InRange((pair.Now - begun).TotalSeconds, 0.2, 0.3);
        Assert.InRange(bbr.PacingRate, 0.8 * PacketsPerSecond, 1.3 * PacketsPerSecond);
    }

    [Fact]
    public void Once_the_path_is_found_it_is_cruised_for_four_round_trips_before_more_is_looked_for()
    {
        const int PacketsPerSecond = 2000;
        var bbr = new BbrController(16384);
        var pair = new StreamPair(congestion: bbr)
        {
            Latency = TimeSpan.FromMilliseconds(20),
            PacketsPerSecond = PacketsPerSecond,
            QueuePackets = 80,
            KeepsLog = false,
        };
        Assert.True(Supply(pair, () => double.IsFinite(bbr.PacingRate) && bbr.PacingRate > 2 * PacketsPerSecond));
        Assert.True(Supply(pair, () => bbr.PacingRate < PacketsPerSecond / 2));
        Assert.True(Supply(pair, () => bbr.PacingRate > PacketsPerSecond / 2));
        TimeSpan begun = pair.Now;
        Assert.True(Supply(pair, () => bbr.PacingRate > PacketsPerSecond));
        Assert.InRange((pair.Now - begun).TotalMilliseconds, 4 * 40, 6 * 40);
    }

    private static bool Supply(StreamPair pair, Func<bool> condition)
    {
        TimeSpan end = pair.Now + TimeSpan.FromSeconds(30);
        while (pair.Now < end && !condition())
        {
            if (pair.Left.Stream.QueuedBytes < Megabytes)
                pair.Left.Stream.Write(new byte[Megabytes], pair.Now);
            if (!pair.RunUntil(condition, TimeSpan.FromMilliseconds(5)))
                pair.RunFor(TimeSpan.FromMilliseconds(1));
        }

        return condition();
    }

    private static double Seconds(ICongestionController congestion, double loss, int packetsPerSecond, int bytes = 4 * Megabytes)
    {
        var pair = new StreamPair(congestion: congestion)
        {
            Latency = TimeSpan.FromMilliseconds(20),
            Loss = loss,
            PacketsPerSecond = packetsPerSecond,
            QueuePackets = Math.Max(100, packetsPerSecond / 10),
        };
        byte[] sent = UdxStreamTests.Pattern(bytes);
        pair.Left.Stream.Write(sent, pair.Now);
        Assert.True(pair.RunUntil(() => pair.Right.ReceivedCount == sent.Length));
        Assert.Equal(sent, pair.Right.Received);
        return pair.Now.TotalSeconds;
    }
}

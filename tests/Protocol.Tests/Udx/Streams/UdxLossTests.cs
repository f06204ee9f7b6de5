using Hyper.Protocol.Udx.Packets;
using Hyper.Protocol.Udx.Streams;

namespace AuctionActors.Protocol.Tests.Udx.Streams;

public sealed class UdxLossTests
{
    [Theory]
    [InlineData(1, 0.05, 0)]
    [InlineData(2, 0.05, 20)]
    [InlineData(3, 0.2, 5)]
    [InlineData(4, 0.0, 40)]
    [InlineData(5, 0.25, 0)]
    [InlineData(6, 0.0, 1000)]
    public void Everything_arrives_over_a_bad_link(int seed, double loss, int jitterMilliseconds)
    {
        var pair = new StreamPair(seed: seed) { Loss = loss, Jitter = TimeSpan.FromMilliseconds(jitterMilliseconds) };
        byte[] sent = UdxStreamTests.Pattern(300_000);
        pair.Left.Stream.Write(sent, pair.Now);
        pair.Left.Stream.WriteEnd(pair.Now);
        pair.Right.Stream.Write(sent, pair.Now);

        Assert.True(pair.RunUntil(() => pair.Right.SawEnd && pair.Left.ReceivedCount == sent.Length), $"seed {seed}, at {pair.Now}");
        Assert.Equal(sent, pair.Right.Received);
        Assert.Equal(sent, pair.Left.Received);
    }

    [Fact]
    public void Five_percent_loss_is_repaired_without_waiting_for_timeouts()
    {
        var pair = new StreamPair(seed: 7) { Loss = 0.05 };
        byte[] sent = UdxStreamTests.Pattern(300_000);
        pair.Left.Stream.Write(sent, pair.Now);

        Assert.True(pair.RunUntil(() => pair.Right.ReceivedCount == sent.Length));
        Assert.True(pair.Now < TimeSpan.FromSeconds(4), $"took {pair.Now}");
        Assert.True(pair.Left.Stream.Counters.LossCount > 0);
    }

    [Fact]
    public void Every_third_data_packet_dropped_once_still_arrives()
    {
        var seen = new HashSet<uint>();
        var pair = new StreamPair();
        pair.Drop = packet => packet.From == "left" && packet.Header.Sequence % 3 == 0 && seen.Add(packet.Header.Sequence);
        byte[] sent = UdxStreamTests.Pattern(200_000);
        pair.Left.Stream.Write(sent, pair.Now);

        Assert.True(pair.RunUntil(() => pair.Right.ReceivedCount == sent.Length));
        Assert.Equal(sent, pair.Right.Received);
    }

    [Fact]
    public void A_black_hole_is_probed_on_the_reference_timeline_and_then_times_out()
    {
        var pair = new StreamPair { Drop = _ => true };
        pair.Left.Stream.Write("x"u8, pair.Now);

        Assert.True(pair.RunUntil(() => pair.Left.CloseReason is not null));
        Assert.Equal([0, 1, 3, 5, 7, 9, 11], pair.Log.Select(packet => packet.SentAt.TotalSeconds));
        Assert.All(pair.Log, packet => Assert.Equal(pair.Log[0].Hex, packet.Hex));
        Assert.Equal(UdxCloseReason.TimedOut, pair.Left.CloseReason);
        Assert.Equal(13, pair.Now.TotalSeconds);
    }

    [Fact]
    public void With_a_known_round_trip_the_first_repeat_is_an_early_probe()
    {
        var pair = new StreamPair { Latency = TimeSpan.FromMilliseconds(1) };
        pair.Left.Stream.Write("x"u8, pair.Now);
        pair.RunFor(TimeSpan.FromMilliseconds(100));
        pair.Drop = _ => true;
        int before = pair.Log.Count;
        pair.Left.Stream.Write("y"u8, pair.Now);
        pair.RunFor(TimeSpan.FromSeconds(4));

        Assert.Equal([0, 6, 1006, 3006], pair.Log.Skip(before).Select(packet => packet.SentAt.TotalMilliseconds - 100));
    }

    [Fact]
    public void A_flight_lost_as_a_whole_recovers_after_one_timeout()
    {
        var pair = new StreamPair();
        pair.Drop = packet => packet.From == "left" && packet.SentAt == TimeSpan.Zero;
        byte[] sent = UdxStreamTests.Pattern(50_000);
        pair.Left.Stream.Write(sent, pair.Now);

        Assert.True(pair.RunUntil(() => pair.Right.ReceivedCount == sent.Length));
        Assert.True(pair.Now < TimeSpan.FromSeconds(1.5), $"took {pair.Now}");
        Assert.Equal(sent, pair.Right.Received);
    }

    [Fact]
    public void One_lost_packet_is_reported_and_repeated_as_captured()
    {
        var pair = new StreamPair { Latency = TimeSpan.Zero };
        pair.Left.Stream.Write("p0"u8, pair.Now);
        pair.RunFor(TimeSpan.FromMilliseconds(4));
        pair.Drop = packet => packet.Header.Sequence == 1;
        pair.Left.Stream.Write("p1"u8, pair.Now);
        pair.Drain();
        pair.Drop = _ => false;
        pair.Left.Stream.Write("p2"u8, pair.Now + TimeSpan.FromMilliseconds(2));
        pair.RunFor(TimeSpan.FromMilliseconds(50));

        string[] expected =
        [
            "ff010100222222220000400000000000000000007030", "ff01000011111111000040000000000001000000",
            "ff010100222222220000400001000000000000007031", "ff010100222222220000400002000000000000007032",
            "ff010400111111110000400000000000010000000200000003000000",
            "ff010100222222220000400001000000000000007031", "ff01000011111111000040000000000003000000",
        ];
        Assert.Equal(expected, pair.Log.Select(packet => packet.Hex));
    }

    [Fact]
    public void Retransmissions_carry_the_current_acknowledgement()
    {
        var pair = new StreamPair();
        pair.Drop = packet => packet.From == "left" && packet.Header.IsReliable && packet.SentAt < TimeSpan.FromMilliseconds(500);
        pair.Left.Stream.Write("x"u8, pair.Now);
        pair.Right.Stream.Write("y"u8, pair.Now);
        pair.RunFor(TimeSpan.FromSeconds(2));

        IEnumerable<LinkPacket> transmissions = pair.SentBy(pair.Left).Where(packet => packet.Header.IsReliable);
        Assert.Equal([0u, 1u], transmissions.Select(packet => packet.Header.Acknowledgement));
    }

    [Fact]
    public void Duplicates_are_acknowledged_again()
    {
        var pair = new StreamPair();
        pair.Left.Stream.Write("x"u8, pair.Now);
        pair.RunFor(TimeSpan.FromMilliseconds(100));
        pair.Right.Stream.HandleDatagram(pair.Log[0].Bytes, pair.Now);
        pair.Drain();

        const string acknowledgement = "ff01000011111111000040000000000001000000";
        Assert.Equal([acknowledgement, acknowledgement], pair.SentBy(pair.Right).Select(packet => packet.Hex));
        Assert.Equal("x"u8.ToArray(), pair.Right.Received);
    }

    [Fact]
    public void A_closed_window_is_probed_until_it_opens()
    {
        var right = new UdxStreamOptions { AnnounceReaderBacklog = true, ReceiveWindowBytes = 4000 };
        var pair = new StreamPair(right: right) { Latency = TimeSpan.Zero };
        pair.Left.Stream.Write(new byte[2000], pair.Now);
        pair.RunFor(TimeSpan.FromMilliseconds(10));
        pair.Left.Stream.Write(new byte[2000], pair.Now);
        pair.RunFor(TimeSpan.FromMilliseconds(10));
        int before = pair.Log.Count;
        TimeSpan start = pair.Now;
        pair.Left.Stream.Write(UdxStreamTests.Pattern(500), pair.Now);
        pair.RunFor(TimeSpan.FromSeconds(20));
        IEnumerable<LinkPacket> probes = pair.SentBy(pair.Left).Where(packet => packet.Index >= before);
        Assert.All(probes, packet => Assert.Equal(PacketFlags.Heartbeat, packet.Header.Flags));
        Assert.Equal([0, 1, 3, 5], probes.Take(4).Select(packet => (packet.SentAt - start).TotalSeconds));

        pair.Right.Stream.BytesRead(4000, pair.Now);
        Assert.True(pair.RunUntil(() => pair.Right.ReceivedCount == 4500));
    }

    [Fact]
    public void The_announced_window_grows_with_what_was_read_and_has_a_limit()
    {
        var options = new UdxStreamOptions { ReceiveWindowBytes = 10_000, MaximumReceiveWindowBytes = 30_000 };
        var pair = new StreamPair(left: options, right: options);
        List<uint> announced = [];
        for (int i = 0; i < 8; i++)
        {
            pair.Left.Stream.Write(new byte[10_000], pair.Now);
            pair.RunFor(TimeSpan.FromSeconds(1));
            pair.Right.Stream.BytesRead(10_000, pair.Now);
            pair.Right.Stream.SendMessage("x"u8, pair.Now);
            pair.Drain();
            announced.Add(pair.Log[^1].Header.ReceiveWindow);
        }

        Assert.Equal([20_000, 20_000, 30_000, 30_000, 30_000, 30_000, 30_000, 30_000], announced);
    }

    [Fact]
    public void A_gap_holds_up_the_reader_and_not_the_sender()
    {
        var pair = new StreamPair { Latency = TimeSpan.FromMilliseconds(20) };
        pair.Drop = packet => packet.From == "left" && packet.Header.IsReliable && packet.Header.Sequence == 100;
        pair.Left.Stream.Write(new byte[8_000_000], pair.Now);
        pair.RunFor(TimeSpan.FromSeconds(1));

        // What the window holds is 4 MiB; the packet that never arrives is older than all of it.
        Assert.True(pair.SentBy(pair.Left).Max(packet => packet.Header.Sequence) > 4000);
        Assert.InRange(pair.Left.Stream.QueuedBytes, 1, 2000);
        pair.Drop = _ => false;
        Assert.True(pair.RunUntil(() => pair.Right.ReceivedCount == 8_000_000));
    }

    [Fact]
    public void After_a_timeout_everything_overdue_is_repeated()
    {
        var pair = new StreamPair();
        pair.Left.Stream.Write(new byte[2000], pair.Now);
        pair.RunFor(TimeSpan.FromSeconds(1));
        int before = pair.Log.Count;
        TimeSpan start = pair.Now;
        pair.Drop = packet => packet.SentAt < start + TimeSpan.FromMilliseconds(500);
        pair.Left.Stream.Write(new byte[8000], pair.Now);

        Assert.True(pair.RunUntil(() => pair.Right.ReceivedCount == 10_000));
        Assert.True(pair.Now - start < TimeSpan.FromSeconds(1.5), $"took {pair.Now - start}");
        Assert.InRange(pair.Log.Count, before + 14, before + 40);
    }
}

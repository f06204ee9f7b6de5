using Hyper.Protocol.Udx.Packets;
using Hyper.Protocol.Udx.Streams;

namespace AuctionActors.Protocol.Tests.Udx.Streams;

public sealed class PacketSizeSearchTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void The_search_takes_the_steps_of_the_captured_one()
    {
        var pair = new StreamPair();
        WriteInTurns(pair, 16);

        using var document = Vectors.Load("transport.json");
        var expected = document.RootElement.GetProperty("udx").GetProperty("mtu_probe").GetProperty("packets").EnumerateArray()
            .Where(packet => packet.GetProperty("dir").GetString() == "A->B")
            .Select(packet => (packet.GetProperty("dataOffset").GetInt32(), packet.GetProperty("length").GetInt32()))
            .ToArray();
        Assert.Equal(expected, pair.SentBy(pair.Left).Select(packet => ((int)packet.Header.DataOffset, packet.Bytes.Length)).Take(expected.Length));
        Assert.Equal(1500, pair.Left.Stream.PacketBytes);
    }

    [Fact]
    public void Three_lost_probes_end_the_search_and_leave_the_congestion_window_alone()
    {
        var pair = new StreamPair { Drop = packet => packet.Bytes.Length > 1296 - 28 };
        WriteInTurns(pair, 30);

        Assert.Equal(1296, pair.Left.Stream.PacketBytes);
        Assert.Equal(3, pair.SentBy(pair.Left).Count(packet => packet.Bytes.Length > 1296 - 28));
        Assert.Equal(0, pair.Left.Stream.Counters.FastRecoveries);
        Assert.Equal(0, pair.Left.Stream.Counters.RetransmissionTimeouts);
    }

    [Fact]
    public void A_probe_that_was_lost_is_repeated_without_its_padding()
    {
        var pair = new StreamPair { Drop = packet => packet.Bytes.Length > 1200 - 28 };
        WriteInTurns(pair, 6);

        uint probe = pair.SentBy(pair.Left).First(packet => packet.Header.DataOffset == 32).Header.Sequence;
        LinkPacket[] transmissions = [.. pair.SentBy(pair.Left).Where(packet => packet.Header.IsReliable && packet.Header.Sequence == probe)];
        Assert.Equal([(32, 1204), (0, 1172)], transmissions.Select(packet => ((int)packet.Header.DataOffset, packet.Bytes.Length)));
    }

    [Fact]
    public void A_change_of_the_remote_starts_the_search_again()
    {
        var pair = new StreamPair();
        WriteInTurns(pair, 16);
        pair.Left.Stream.ChangeRemote(StreamPair.RightId, pair.Now);

        Assert.Equal(1200, pair.Left.Stream.PacketBytes);
        WriteInTurns(pair, 16);
        Assert.Equal(1500, pair.Left.Stream.PacketBytes);
    }

    [Fact]
    public void The_search_can_be_turned_off()
    {
        var pair = new StreamPair(new UdxStreamOptions { MaximumPacketBytes = 1200 });
        WriteInTurns(pair, 10);

        Assert.All(pair.SentBy(pair.Left), packet => Assert.Equal(0, packet.Header.DataOffset));
    }

    private static void WriteInTurns(StreamPair pair, int turns)
    {
        byte[] block = UdxStreamTests.Pattern(3000);
        long before = pair.Right.ReceivedCount;
        for (int i = 0; i < turns; i++)
        {
            pair.Left.Stream.Write(block, pair.Now);
            pair.RunFor(Pause);
        }

        Assert.Equal(before + (turns * block.Length), pair.Right.ReceivedCount);
    }
}

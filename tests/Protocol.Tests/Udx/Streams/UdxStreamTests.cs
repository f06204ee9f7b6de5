using Hyper.Protocol.Udx.Packets;
using Hyper.Protocol.Udx.Streams;

namespace AuctionActors.Protocol.Tests.Udx.Streams;

public sealed class UdxStreamTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Bytes_arrive_in_order_and_both_ends_close()
    {
        var pair = new StreamPair();
        byte[] request = Pattern(5000);
        byte[] reply = Pattern(100_000);
        pair.Left.Stream.Write(request, pair.Now);
        pair.Left.Stream.WriteEnd(pair.Now);
        pair.Right.Stream.Write(reply, pair.Now);
        pair.Right.Stream.WriteEnd(pair.Now);

        Assert.True(pair.RunUntil(() => pair.Left.CloseReason is not null && pair.Right.CloseReason is not null));
        Assert.Equal(request, pair.Right.Received);
        Assert.Equal(reply, pair.Left.Received);
        Assert.Equal((UdxCloseReason.Ended, UdxCloseReason.Ended), (pair.Left.CloseReason!.Value, pair.Right.CloseReason!.Value));
        Assert.Equal(0, pair.Left.Stream.QueuedBytes);
    }

    [Fact]
    public void Ten_packets_leave_before_the_first_acknowledgement()
    {
        var pair = new StreamPair();
        pair.Left.Stream.Write(Pattern(60_000), pair.Now);
        pair.Drain();

        Assert.Equal(10, pair.SentBy(pair.Left).Count());
        Assert.Equal(1132, pair.Log[0].PayloadLength);
        Assert.All(pair.Log.Skip(1), packet => Assert.Equal(1152, packet.PayloadLength));
    }

    [Fact]
    public void Small_writes_of_one_turn_share_a_packet_with_the_end()
    {
        var pair = new StreamPair();
        pair.Left.Stream.Write("da"u8, pair.Now);
        pair.Left.Stream.Write("ta"u8, pair.Now);
        pair.Left.Stream.WriteEnd(pair.Now);
        pair.Drain();

        Assert.Equal("ff0103002222222200004000000000000000000064617461", Assert.Single(pair.Log).Hex);
    }

    [Fact]
    public void The_exchange_is_the_reference_peers_byte_for_byte()
    {
        var pair = new StreamPair();
        pair.Left.Stream.Write("hello"u8, pair.Now);
        pair.RunFor(Second);
        pair.Right.Stream.Write("world"u8, pair.Now);
        pair.RunFor(Second);
        pair.Left.Stream.SendMessage("unordered!"u8, pair.Now);
        pair.RunFor(Second);
        pair.Left.Stream.WriteEnd(pair.Now);
        pair.RunFor(Second);
        pair.Right.Stream.WriteEnd(pair.Now);
        pair.RunFor(Second);

        Assert.Equal(VectorHex("data_ack_message_end"), pair.Log.Select(packet => packet.Hex));
        Assert.Equal(UdxCloseReason.Ended, pair.Left.CloseReason);
        Assert.Equal(UdxCloseReason.Ended, pair.Right.CloseReason);
        Assert.Equal("unordered!"u8.ToArray(), Assert.Single(pair.Right.Messages));
    }

    [Theory]
    [InlineData("destroy", 0u)]
    [InlineData("destroy_with_custom_seq", 1000u)]
    public void Destroying_sends_one_packet_and_resets_the_other_end(string vector, uint initialSequence)
    {
        var pair = new StreamPair(
            new UdxStreamOptions { InitialSequence = initialSequence }, new UdxStreamOptions { InitialRemoteSequence = initialSequence });
        pair.Left.Stream.Write("x"u8, pair.Now);
        pair.RunFor(Second);
        pair.Left.Stream.Destroy(pair.Now);
        pair.RunFor(Second);

        Assert.Equal(VectorHex(vector), pair.Log.Select(packet => packet.Hex));
        Assert.Equal(UdxCloseReason.Destroyed, pair.Left.CloseReason);
        Assert.Equal(UdxCloseReason.ConnectionReset, pair.Right.CloseReason);
    }

    [Fact]
    public void Data_before_connect_is_delivered_and_acknowledged_once_on_connect()
    {
        var pair = new StreamPair(connect: false);
        pair.Left.Stream.Connect(StreamPair.RightId, pair.Now);
        pair.Left.Stream.Write("early"u8, pair.Now);
        pair.RunFor(TimeSpan.FromMilliseconds(50));
        Assert.Equal("early"u8.ToArray(), pair.Right.Received);
        Assert.Single(pair.Log);

        pair.Right.Stream.Connect(StreamPair.LeftId, pair.Now);
        pair.RunFor(TimeSpan.FromMilliseconds(50));
        Assert.Equal(VectorHex("data_before_remote_connect").Take(2), pair.Log.Select(packet => packet.Hex));
    }

    [Fact]
    public void A_heartbeat_is_answered_whatever_else_it_says()
    {
        var pair = new StreamPair();
        byte[] heartbeat = new byte[PacketHeader.EncodedSize];
        new PacketHeader(PacketFlags.Heartbeat, 9, StreamPair.RightId, 0, 0xdeadbeef, 0xdeadbeef).Encode(heartbeat);
        pair.Right.Stream.HandleDatagram(heartbeat, pair.Now);
        pair.Drain();

        Assert.Equal("ff01000011111111000040000000000000000000", Assert.Single(pair.Log).Hex);
    }

    [Fact]
    public void An_idle_stream_sends_heartbeats_when_asked_to()
    {
        var pair = new StreamPair(new UdxStreamOptions { HeartbeatInterval = TimeSpan.FromMilliseconds(50) });
        pair.RunFor(TimeSpan.FromMilliseconds(210));

        Assert.Equal(VectorHex("keepalive").Take(8), pair.Log.Select(packet => packet.Hex));
    }

    [Fact]
    public void Sequence_numbers_wrap_around()
    {
        const uint start = 0xfffffffe;
        var left = new UdxStreamOptions { InitialSequence = start };
        var right = new UdxStreamOptions { InitialRemoteSequence = start };
        var pair = new StreamPair(left, right) { Loss = 0.05 };
        byte[] sent = Pattern(50_000);
        pair.Left.Stream.Write(sent, pair.Now);

        Assert.True(pair.RunUntil(() => pair.Right.ReceivedCount == sent.Length && pair.Left.Stream.QueuedBytes == 0));
        Assert.Equal(sent, pair.Right.Received);
        Assert.Equal([start, start + 1, 0u], pair.SentBy(pair.Left).Take(3).Select(packet => packet.Header.Sequence));
    }

    [Fact]
    public void Writing_past_the_threshold_asks_to_wait_until_drained()
    {
        var pair = new StreamPair();
        Assert.True(pair.Left.Stream.Write(Pattern(100_000), pair.Now));
        Assert.False(pair.Left.Stream.Write(Pattern(400_000), pair.Now));

        Assert.True(pair.RunUntil(() => pair.Left.Events.OfType<UdxStreamEffect.Drained>().Any()));
        Assert.True(pair.Left.Stream.QueuedBytes < pair.Left.Stream.WritableBytes);
    }

    [Fact]
    public void A_message_larger_than_a_packet_is_refused()
    {
        var pair = new StreamPair();
        Assert.True(pair.Left.Stream.SendMessage(Pattern(1152), pair.Now));
        Assert.False(pair.Left.Stream.SendMessage(Pattern(1153), pair.Now));
        Assert.True(pair.Left.Stream.SendMessage([], pair.Now));
        pair.RunFor(Second);
        Assert.Equal([1152, 0], pair.Right.Messages.Select(message => message.Length));
    }

    [Fact]
    public void Packets_in_flight_keep_the_path_they_were_sent_on()
    {
        var pair = new StreamPair { Drop = packet => packet.Header.IsReliable };
        pair.Left.Stream.Write("old"u8, pair.Now);
        pair.RunFor(TimeSpan.FromMilliseconds(20));
        Assert.Equal(1, pair.Left.Stream.ChangeRemote(9, pair.Now));
        pair.Left.Stream.Write("new"u8, pair.Now);
        pair.RunFor(TimeSpan.FromMilliseconds(1050));
        Assert.Equal([(0, StreamPair.RightId, 0u), (1, 9u, 1u), (0, StreamPair.RightId, 0u)], pair.Log
            .Take(3).Select(packet => (packet.Path, packet.Header.StreamId, packet.Header.Sequence)));
        Assert.Empty(pair.Left.Events);

        byte[] acknowledgement = new byte[PacketHeader.EncodedSize];
        new PacketHeader(PacketFlags.None, 0, StreamPair.LeftId, 1 << 22, 0, 2).Encode(acknowledgement);
        pair.Left.Stream.HandleDatagram(acknowledgement, pair.Now);
        pair.Drain();
        Assert.IsType<UdxStreamEffect.RemoteChanged>(Assert.Single(pair.Left.Events));
    }

    [Fact]
    public void A_packet_that_times_out_twice_on_an_old_path_takes_the_new_one()
    {
        var pair = new StreamPair { Drop = packet => packet.Header.IsReliable };
        pair.Left.Stream.Write("old"u8, pair.Now);
        pair.RunFor(TimeSpan.FromMilliseconds(20));
        pair.Left.Stream.ChangeRemote(9, pair.Now);
        pair.RunFor(TimeSpan.FromSeconds(4));
        Assert.Equal([(0, StreamPair.RightId), (0, StreamPair.RightId), (1, 9u)], pair.Log
            .Where(packet => packet.Header.IsReliable).Take(3).Select(packet => (packet.Path, packet.Header.StreamId)));
    }

    internal static byte[] Pattern(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static List<string> VectorHex(string scenario)
    {
        using var document = Vectors.Load("transport.json");
        return [.. document.RootElement.GetProperty("udx").GetProperty(scenario).GetProperty("packets").EnumerateArray()
            .Select(packet => packet.GetProperty("hex").GetString()!)];
    }
}

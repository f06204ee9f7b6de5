using Hyper.Protocol.Udx.Streams;

namespace AuctionActors.Protocol.Tests.Udx.Streams;

public sealed class UdxBeginningAndEndTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_end_without_a_byte_ends_both_sides(bool writesNothing)
    {
        var pair = new StreamPair();
        if (writesNothing)
            pair.Left.Stream.Write([], pair.Now);
        pair.Left.Stream.WriteEnd(pair.Now);
        Assert.True(pair.RunUntil(() => pair.Right.SawEnd));
        pair.Right.Stream.WriteEnd(pair.Now);

        Assert.True(pair.RunUntil(() => pair.Left.CloseReason is not null && pair.Right.CloseReason is not null));
        Assert.Equal((UdxCloseReason.Ended, UdxCloseReason.Ended), (pair.Left.CloseReason!.Value, pair.Right.CloseReason!.Value));
        Assert.True(pair.Left.SawEnd);
        Assert.Equal((0, 0), (pair.Left.ReceivedCount, pair.Right.ReceivedCount));
    }

    [Fact]
    public void Nothing_is_queued_any_more_when_the_remote_has_it_all()
    {
        var pair = new StreamPair { Loss = 0.1 };
        byte[] sent = UdxStreamTests.Pattern(30_000);
        pair.Left.Stream.Write(sent, pair.Now);
        Assert.Equal(sent.Length, pair.Left.Stream.QueuedBytes);

        Assert.True(pair.RunUntil(() => pair.Left.Stream.QueuedBytes == 0));
        Assert.Equal(sent, pair.Right.Received);
    }

    [Fact]
    public void What_is_written_before_connect_leaves_with_it()
    {
        var pair = new StreamPair(connect: false);
        pair.Left.Stream.Write("early"u8, pair.Now);
        pair.RunFor(Moment);
        Assert.Empty(pair.Log);

        pair.Left.Stream.Connect(StreamPair.RightId, pair.Now);
        pair.RunFor(Moment);
        Assert.Equal("early"u8.ToArray(), pair.Right.Received);
    }

    [Fact]
    public void A_stream_destroyed_before_it_is_connected_is_over_and_sends_nothing()
    {
        var pair = new StreamPair(connect: false);
        pair.Left.Stream.Write("early"u8, pair.Now);
        pair.Left.Stream.Destroy(pair.Now);
        pair.RunFor(Moment);

        Assert.Equal(UdxCloseReason.Destroyed, pair.Left.CloseReason);
        Assert.Empty(pair.Log);
    }

    [Fact]
    public void A_reset_that_comes_before_connect_is_the_end()
    {
        var pair = new StreamPair(connect: false);
        pair.Left.Stream.Connect(StreamPair.RightId, pair.Now);
        pair.Left.Stream.Destroy(pair.Now);
        pair.RunFor(Moment);
        Assert.Equal(UdxCloseReason.ConnectionReset, pair.Right.CloseReason);

        int before = pair.Log.Count;
        pair.Right.Stream.Connect(StreamPair.LeftId, pair.Now);
        pair.Right.Stream.Destroy(pair.Now);
        pair.RunFor(Moment);
        Assert.Equal(before, pair.Log.Count);
    }

    [Fact]
    public void A_stream_that_waits_for_a_lost_packet_can_be_destroyed()
    {
        var pair = new StreamPair { Drop = packet => packet.From == "left" && packet.Header.IsReliable && packet.Header.Sequence == 0 };
        pair.Left.Stream.Write(UdxStreamTests.Pattern(2200), pair.Now);
        Assert.True(pair.RunUntil(() => pair.Right.Stream.Counters.ReceivedPackets == 1));
        pair.Right.Stream.Destroy(pair.Now);
        pair.RunFor(Moment);

        Assert.Equal((UdxCloseReason.Destroyed, UdxCloseReason.ConnectionReset), (pair.Right.CloseReason!.Value, pair.Left.CloseReason!.Value));
        Assert.Equal((0, null), (pair.Right.ReceivedCount, pair.Right.Stream.NextDeadline));
    }

    [Fact]
    public void A_stream_destroyed_while_its_remote_changes_says_nothing_of_the_change()
    {
        var pair = new StreamPair();
        pair.Left.Stream.Write("in flight"u8, pair.Now);
        pair.Drain();
        pair.Left.Stream.ChangeRemote(StreamPair.RightId, pair.Now);
        pair.Left.Stream.Destroy(pair.Now);
        pair.RunFor(TimeSpan.FromSeconds(1));

        Assert.Equal(UdxCloseReason.Destroyed, Assert.IsType<UdxStreamEffect.Closed>(Assert.Single(pair.Left.Events)).Reason);
    }
}

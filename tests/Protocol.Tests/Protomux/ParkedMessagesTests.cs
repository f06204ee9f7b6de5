using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Protomux;

namespace AuctionActors.Protocol.Tests.Protomux;

/// <summary>What waits for a channel that this side has not opened yet.</summary>
public sealed class ParkedMessagesTests
{
    [Fact]
    public void Reading_should_pause_above_32768_bytes_of_waiting_messages_each_charged_512_more()
    {
        MuxPair pair = new();
        pair.B.Machine.Listen("p");
        for (int i = 1; i < 100; i++)
            pair.A.Open("p", $"{i:x2}", handshake: new string('h', 1000));
        int a = pair.A.Open("p", "");
        for (int i = 0; i < 63; i++)
            pair.A.Machine.Send(a, 0, new byte[8]);
        pair.Run();
        Assert.False(pair.B.Machine.ShouldPauseReading); // 63 * 520 = 32760, and opens cost nothing

        pair.A.Machine.Send(a, 0, default);
        pair.Run();
        Assert.True(pair.B.Machine.ShouldPauseReading);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Reading_may_go_on_once_the_channel_is_opened_or_declined(bool isOpened)
    {
        MuxPair pair = new();
        pair.B.Machine.Listen("p");
        int one = pair.A.Open("p", "01"), other = pair.A.Open("p", "02");
        pair.A.Machine.Send(one, 0, new byte[20_000]);
        pair.A.Machine.Send(other, 0, new byte[20_000]);
        pair.Run();
        Assert.True(pair.B.Machine.ShouldPauseReading);

        if (isOpened)
            pair.B.Open("p", "02");
        else
            pair.B.Machine.Decline("p", new byte[] { 2 });
        pair.Run();
        Assert.False(pair.B.Machine.ShouldPauseReading);
        Assert.Equal(isOpened ? 1 : 0, pair.B.Seen<ProtomuxEffect.MessageReceived>().Count());
    }

    [Fact]
    public void A_message_full_of_tiny_ones_waits_in_no_more_memory_than_it_came_in()
    {
        const int count = 300_000;
        MuxPair pair = new() { A = new MuxSide(new ProtomuxOptions { BatchBytes = 8 << 20 }) };
        pair.B.Machine.Listen("p");
        int a = pair.A.Open("p", "");
        pair.A.Machine.Cork();
        for (int i = 0; i < count; i++)
            pair.A.Machine.Send(a, i & 1, new CompactWriter().UInt((ulong)i).Written);
        pair.A.Machine.Uncork();
        pair.Run();
        Assert.Equal(2, pair.A.Wire.Count);
        Assert.Null(pair.B.Fault);

        pair.B.Open("p", "");
        pair.Run();
        Assert.Equal(Enumerable.Range(0, count), pair.B.Seen<ProtomuxEffect.MessageReceived>().Select(message =>
        {
            CompactReader reader = new(message.Payload.Span);
            Assert.True(reader.TryUInt(out ulong number) && message.Type == (int)(number & 1));
            return (int)number;
        }));
    }

    [Fact]
    public void What_waits_beyond_the_limit_ends_the_stream_of_an_owner_who_reads_on()
    {
        MuxPair pair = new() { B = new MuxSide(new ProtomuxOptions { MaxParkedBytes = 100_000 }) };
        pair.B.Machine.Listen("p");
        int a = pair.A.Open("p", "");
        pair.A.Machine.Send(a, 0, new byte[40_000]);
        pair.Run();
        Assert.Null(pair.B.Fault);
        pair.A.Machine.Send(a, 0, new byte[80_000]);
        pair.Run();
        Assert.NotNull(pair.B.Fault);
    }
}

using CsCheck;
using Hyper.Protocol.Protomux;

namespace AuctionActors.Protocol.Tests.Protomux;

public sealed class ProtomuxTests
{
    [Fact]
    public void Messages_written_before_the_remote_opens_are_delivered_after_it_opened()
    {
        MuxPair pair = new();
        pair.B.Machine.Listen("p");
        int a = pair.A.Open("p", "01", handshake: "hi");
        pair.A.Say(a, "early");
        pair.Run();
        Assert.Equal("01", Convert.ToHexString(Assert.Single(pair.B.Seen<ProtomuxEffect.PairRequested>()).Id.Span));
        pair.B.Open("p", "01");
        pair.Run();
        Assert.Equal("hi"u8.ToArray(), Assert.Single(pair.B.Seen<ProtomuxEffect.ChannelOpened>()).Handshake.ToArray());
        Assert.Equal(["early"], pair.B.Texts);
        Assert.Single(pair.A.Seen<ProtomuxEffect.ChannelOpened>());
    }

    [Fact]
    public void A_declined_open_closes_the_channel_as_rejected_and_frees_its_id()
    {
        MuxPair pair = new();
        pair.B.Machine.Listen("p", new byte[] { 1 });
        int a = pair.A.Open("p", "01");
        pair.A.Say(a, "dropped");
        pair.Run();
        pair.B.Machine.Decline("p", new byte[] { 1 });
        pair.Run();
        Assert.Equal(new ProtomuxEffect.ChannelClosed(a, IsRemote: true, IsRejected: true), Assert.Single(pair.A.Seen<ProtomuxEffect.ChannelClosed>()));
        Assert.True(pair.A.Machine.IsIdle);
        Assert.False(pair.B.Machine.ShouldPauseReading);
        Assert.Empty(pair.B.Texts);
    }

    [Fact]
    public void Listening_to_one_id_does_not_pair_another()
    {
        MuxPair pair = new();
        pair.B.Machine.Listen("p", new byte[] { 1 });
        pair.A.Open("p", "02");
        pair.Run();
        Assert.Empty(pair.B.Seen<ProtomuxEffect.PairRequested>());
        Assert.True(Assert.Single(pair.A.Seen<ProtomuxEffect.ChannelClosed>()).IsRejected);
    }

    [Fact]
    public void A_close_that_overtakes_the_answer_frees_both_sides()
    {
        MuxPair pair = new();
        pair.B.Machine.Listen("p");
        int a = pair.A.Open("p", "");
        pair.Run();
        pair.A.Machine.Close(a);
        pair.Run();
        Assert.True(pair.A.Machine.IsIdle);
        int again = pair.A.Open("p", "");
        pair.Run();
        Assert.Null(pair.B.Fault);
        pair.B.Open("p", "");
        pair.Run();
        Assert.Equal(again, Assert.Single(pair.A.Seen<ProtomuxEffect.ChannelOpened>()).Channel);
    }

    [Fact]
    public void Simultaneous_closes_and_a_reopen_leave_both_sides_consistent()
    {
        MuxPair pair = new();
        for (int round = 0; round < 3; round++)
        {
            int a = pair.A.Open("p", ""), b = pair.B.Open("p", "");
            pair.Run();
            pair.A.Machine.Close(a);
            pair.B.Machine.Close(b);
            pair.Run();
        }

        Assert.True(pair.A.Machine.IsIdle && pair.B.Machine.IsIdle);
        Assert.Null(pair.A.Fault ?? pair.B.Fault);
        Assert.Equal(3, pair.A.Seen<ProtomuxEffect.ChannelOpened>().Count());
    }

    [Fact]
    public void A_parked_open_is_found_under_an_alias()
    {
        MuxPair pair = new();
        pair.B.Machine.Listen("old");
        pair.A.Open("old", "", aliases: ["new"]);
        pair.Run();
        pair.B.Open("new", "", aliases: ["old"]);
        pair.Run();
        Assert.Single(pair.A.Seen<ProtomuxEffect.ChannelOpened>());
        Assert.Single(pair.B.Seen<ProtomuxEffect.ChannelOpened>());
    }

    [Fact]
    public void The_end_of_the_stream_closes_every_channel()
    {
        MuxPair pair = new();
        int first = pair.A.Open("p", ""), second = pair.A.Open("q", "");
        pair.A.Machine.HandleStreamClosed();
        pair.Run();
        Assert.Equal([first, second], pair.A.Seen<ProtomuxEffect.ChannelClosed>().Select(closed => closed.Channel));
        Assert.False(pair.A.Machine.Send(first, 0, []));
        Assert.Equal(0, pair.A.Open("p", ""));
    }

    [Fact]
    public void Batches_within_batches_are_unfolded_up_to_the_limit()
    {
        MuxPair pair = new();
        pair.A.Open("p", "");
        pair.B.Open("p", "");
        pair.Run();
        byte[] entry = [1, 3, 0, 1, (byte)'x'];
        byte[] nested = Nest(Nest([0, 0, .. entry]));
        pair.B.Machine.HandleMessage((byte[])[.. nested, 0, 1, 3, 0, 1, (byte)'y']);
        pair.Run();
        Assert.Equal(["x", "y"], pair.B.Texts);
        Assert.Null(pair.B.Fault);
        for (int i = 0; i < 20; i++)
            nested = [.. Nest(nested), 0, 1, 3, 0, 1, (byte)'y'];
        pair.B.Machine.HandleMessage(nested);
        pair.Run();
        Assert.NotNull(pair.B.Fault);
    }

    [Theory]
    [InlineData("0000")]
    [InlineData("0000010500")]
    [InlineData("000001fd")]
    [InlineData("00")]
    [InlineData("01")]
    [InlineData("0001")]
    [InlineData("000101ff")]
    [InlineData("0001010570")]
    public void A_truncated_message_ends_the_stream(string hex)
    {
        MuxPair pair = new();
        pair.Inject(hex);
        Assert.NotNull(pair.B.Fault);
        Assert.True(pair.B.Machine.IsClosed);
    }

    [Fact]
    public void An_empty_message_is_ignored()
    {
        MuxPair pair = new();
        pair.Inject("");
        Assert.Null(pair.B.Fault);
    }

    [Fact]
    public void Unanswered_opens_beyond_the_limit_are_rejected()
    {
        MuxPair pair = new() { B = new MuxSide(new ProtomuxOptions { MaxParkedOpens = 2 }) };
        pair.B.Machine.Listen("p");
        for (int i = 0; i < 3; i++)
            pair.A.Open("p", $"0{i}");
        pair.Run();
        Assert.Equal(2, pair.B.Seen<ProtomuxEffect.PairRequested>().Count());
        Assert.Equal(["000203"], pair.B.Wire);
    }

    [Fact]
    public void Remote_channels_beyond_the_limit_end_the_stream()
    {
        MuxPair pair = new() { B = new MuxSide(new ProtomuxOptions { MaxRemoteChannels = 2 }) };
        pair.B.Machine.Listen("p");
        for (int i = 0; i < 3; i++)
            pair.A.Open("p", $"0{i}");
        pair.Run();
        Assert.NotNull(pair.B.Fault);
    }

    [Fact]
    public void A_cork_too_large_for_one_message_leaves_in_several_in_order()
    {
        MuxPair pair = new() { A = new MuxSide(new ProtomuxOptions { BatchBytes = 1000 }) };
        int a = pair.A.Open("p", "");
        pair.B.Open("p", "");
        pair.Run();
        pair.A.Machine.Cork();
        string[] texts = [.. Enumerable.Range(0, 100).Select(i => $"message {i} {new string('.', 50)}")];
        foreach (string text in texts)
            pair.A.Say(a, text);
        pair.A.Machine.Uncork();
        pair.Run();
        Assert.Equal(texts, pair.B.Texts);
        Assert.InRange(pair.A.Wire.Count, 5, 20);
    }

    [Fact]
    public void Random_messages_never_throw()
        => Gen.Select(Gen.Byte[0, 6], Gen.Byte[0, 4], Gen.Byte.Array[0, 30]).Sample((first, second, rest) =>
        {
            MuxPair pair = new();
            pair.B.Open("p", "");
            pair.B.Machine.Listen("\u0001");
            pair.Inject(Convert.ToHexString([first, second, .. rest]));
            pair.Inject(Convert.ToHexString([second, first, .. rest]));
        }, iter: 3000);

    [Fact]
    public void Random_conversations_keep_both_sides_consistent()
        => Gen.Select(Gen.Int[0, 1], Gen.Int[0, 4], Gen.Int[0, 3]).Array[1, 60].Sample(steps =>
        {
            MuxPair pair = new();
            Dictionary<(MuxSide, int), int> channels = [];
            foreach ((int who, int what, int name) in steps)
            {
                MuxSide side = who == 0 ? pair.A : pair.B;
                Step(pair, side, what, name, channels);
            }

            pair.Run();
            return pair.A.Fault is null && pair.B.Fault is null;
        }, iter: 2000);

    private static void Step(MuxPair pair, MuxSide side, int what, int name, Dictionary<(MuxSide, int), int> channels)
    {
        switch (what)
        {
            case 0 when side.Open("p", $"0{name}") is > 0 and int opened:
                channels[(side, name)] = opened;
                break;
            case 1 when channels.TryGetValue((side, name), out int channel):
                side.Machine.Send(channel, 0, [1, 2]);
                break;
            case 2 when channels.TryGetValue((side, name), out int channel):
                side.Machine.Close(channel);
                break;
            case 3:
                side.Machine.Listen("p");
                break;
            default:
                pair.Run();
                break;
        }
    }

    private static byte[] Nest(byte[] packet)
        => [0, 0, 0, .. new Hyper.Protocol.CompactEncoding.CompactWriter().Buffer(packet.AsSpan(1)).Written];
}

using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Protomux;

namespace AuctionActors.Protocol.Tests.Protomux;

/// <summary>From the open of a channel to its close, in every order in which the two sides can meet.</summary>
public sealed class ChannelLifeTests
{
    [Fact]
    public void A_rejected_channel_opens_when_it_is_tried_again_and_closes_for_both()
    {
        MuxPair pair = new();
        pair.A.Open("foo", "");
        pair.Run();
        Assert.Empty(pair.A.Seen<ProtomuxEffect.ChannelOpened>());
        int second = pair.A.Open("foo", ""), remote = pair.B.Open("foo", "");
        pair.Run();
        pair.B.Machine.Close(remote);
        pair.Run();

        Assert.Equal(second, Assert.Single(pair.A.Seen<ProtomuxEffect.ChannelOpened>()).Channel);
        Assert.Equal(new ProtomuxEffect.ChannelClosed(second, IsRemote: true, IsRejected: false), pair.A.Seen<ProtomuxEffect.ChannelClosed>().Last());
        Assert.Equal(new ProtomuxEffect.ChannelClosed(remote, IsRemote: false, IsRejected: false), pair.B.Seen<ProtomuxEffect.ChannelClosed>().Single());
    }

    [Fact]
    public void Channels_closed_before_their_rejections_arrive_leave_nothing_behind()
    {
        MuxPair pair = new();
        for (int i = 0; i < 10; i++)
            pair.A.Machine.Close(pair.A.Open($"foo#{i}", ""));
        Assert.False(pair.A.Machine.IsIdle);
        pair.Run();

        Assert.Equal(10, pair.A.Seen<ProtomuxEffect.ChannelClosed>().Count(closed => !closed.IsRemote));
        Assert.Null(pair.A.Fault ?? pair.B.Fault);
        Assert.True(pair.A.Machine.IsIdle && pair.B.Machine.IsIdle);
    }

    [Fact]
    public void A_channel_opened_used_and_closed_in_one_turn_is_seen_whole_by_the_remote()
    {
        MuxPair pair = new();
        int a = pair.A.Open("foo", ""), b = pair.B.Open("foo", "");
        pair.B.Say(b, "hello");
        pair.B.Machine.Close(b);
        pair.Run();

        Assert.Equal(["hello"], pair.A.Texts);
        ProtomuxEffect[] atA = [.. pair.A.Seen<ProtomuxEffect>().Where(effect => effect is not ProtomuxEffect.Transmit)];
        Assert.IsType<ProtomuxEffect.ChannelOpened>(atA[0]);
        Assert.Equal(new ProtomuxEffect.ChannelClosed(a, IsRemote: true, IsRejected: false), atA[^1]);
        Assert.Empty(pair.B.Seen<ProtomuxEffect.ChannelOpened>());
        Assert.Single(pair.B.Seen<ProtomuxEffect.ChannelClosed>());
        Assert.True(pair.A.Machine.IsIdle && pair.B.Machine.IsIdle);
    }

    [Fact]
    public void A_multiplexer_is_idle_before_its_first_channel_and_after_its_last()
    {
        MuxPair pair = new();
        Assert.True(pair.A.Machine.IsIdle && pair.B.Machine.IsIdle);
        pair.A.Open("foo", "");
        int b = pair.B.Open("foo", "");
        Assert.False(pair.A.Machine.IsIdle || pair.B.Machine.IsIdle);
        pair.Run();
        Assert.False(pair.A.Machine.IsIdle || pair.B.Machine.IsIdle);
        pair.B.Machine.Close(b);
        pair.Run();
        Assert.True(pair.A.Machine.IsIdle && pair.B.Machine.IsIdle);
    }

    [Fact]
    public void An_alias_of_one_side_pairs_and_the_rejection_that_follows_ends_the_stream()
    {
        MuxPair pair = new();
        pair.A.Open("foo", "", aliases: ["bar"]);
        int b = pair.B.Open("bar", "");
        pair.B.Say(b, "hello world");
        foreach (ReadOnlyMemory<byte> message in pair.B.Drain())
            pair.A.Machine.HandleMessage(message);
        pair.A.Drain();
        Assert.Single(pair.A.Seen<ProtomuxEffect.ChannelOpened>());
        Assert.Equal(["hello world"], pair.A.Texts);

        pair.A.Machine.HandleMessage(new byte[] { 0, 2, 1 });
        pair.A.Drain();
        Assert.Equal("invalid reject message", pair.A.Fault);
    }

    [Fact]
    public void What_waits_for_an_open_is_kept_apart_from_the_memory_it_came_in()
    {
        MuxPair pair = new();
        pair.B.Machine.Listen("p");
        int a = pair.A.Open("p", "01", handshake: "hi");
        pair.A.Say(a, "early");
        foreach (ReadOnlyMemory<byte> message in pair.A.Drain())
        {
            byte[] memory = message.ToArray();
            pair.B.Machine.HandleMessage(memory);
            Array.Fill(memory, (byte)0xff);
        }

        pair.B.Open("p", "01");
        pair.Run();
        Assert.Equal("01", Convert.ToHexString(pair.B.Seen<ProtomuxEffect.PairRequested>().Single().Id.Span));
        Assert.Equal("hi"u8.ToArray(), pair.B.Seen<ProtomuxEffect.ChannelOpened>().Single().Handshake.ToArray());
        Assert.Equal(["early"], pair.B.Texts);
    }

    [Fact]
    public void A_protocol_no_longer_listened_for_is_rejected()
    {
        MuxPair pair = new();
        pair.B.Machine.Listen("p");
        pair.B.Machine.Listen("p", new byte[] { 2 });
        pair.B.Machine.Unlisten("p");
        pair.A.Open("p", "01");
        pair.A.Open("p", "02");
        pair.Run();
        Assert.Equal("02", Convert.ToHexString(Assert.Single(pair.B.Seen<ProtomuxEffect.PairRequested>()).Id.Span));
        Assert.Single(pair.A.Seen<ProtomuxEffect.ChannelClosed>(), closed => closed.IsRejected);
    }

    [Fact]
    public void Waiting_opens_are_rejected_once_nobody_listens_for_them_and_others_stay()
    {
        MuxPair pair = new();
        pair.B.Machine.Listen("p");
        pair.B.Machine.Listen("q");
        int p = pair.A.Open("p", "01");
        pair.A.Open("q", "01");
        pair.Run();
        pair.B.Machine.DeclineUnlistened();
        pair.B.Machine.Unlisten("p");
        pair.Run();
        Assert.Empty(pair.A.Seen<ProtomuxEffect.ChannelClosed>());

        pair.B.Machine.DeclineUnlistened();
        pair.Run();
        Assert.Equal(new ProtomuxEffect.ChannelClosed(p, IsRemote: true, IsRejected: true), Assert.Single(pair.A.Seen<ProtomuxEffect.ChannelClosed>()));
        pair.B.Open("q", "01");
        pair.Run();
        Assert.Single(pair.A.Seen<ProtomuxEffect.ChannelOpened>());
    }

    [Fact]
    public void Waiting_channels_of_one_name_pair_in_the_order_of_their_opens()
    {
        MuxPair pair = new();
        pair.B.Machine.Listen("p");
        foreach (string text in new[] { "first", "second", "third" })
            pair.A.Say(pair.A.Open("p", "", unique: false), text);
        pair.Run();
        Assert.Empty(pair.B.Texts);
        int[] opened = [pair.B.Open("p", "", unique: false), pair.B.Open("p", "", unique: false)];
        pair.Run();
        Assert.Equal(["first", "second"], pair.B.Texts);
        Assert.Equal(opened, pair.B.Seen<ProtomuxEffect.MessageReceived>().Select(message => message.Channel));

        pair.B.Machine.Decline("p", default);
        pair.Run();
        Assert.Single(pair.A.Seen<ProtomuxEffect.ChannelClosed>(), closed => closed.IsRejected);
        Assert.Equal(2, pair.B.Texts.Count());
    }

    [Fact]
    public void A_waiting_channel_that_its_opener_closes_is_not_paired_any_more()
    {
        MuxPair pair = new();
        pair.B.Machine.Listen("p");
        int first = pair.A.Open("p", "", unique: false), second = pair.A.Open("p", "", unique: false);
        pair.A.Say(first, "lost");
        pair.A.Say(second, "kept");
        pair.A.Machine.Close(first);
        pair.Run();
        pair.B.Open("p", "", unique: false);
        pair.Run();
        Assert.Equal(["kept"], pair.B.Texts);
        Assert.Equal(second, Assert.Single(pair.A.Seen<ProtomuxEffect.ChannelOpened>()).Channel);
        Assert.Null(pair.A.Fault ?? pair.B.Fault);
    }

    [Fact]
    public void A_closed_channel_takes_no_more_messages_and_late_ones_are_ignored()
    {
        MuxPair pair = new();
        int a = pair.A.Open("p", ""), b = pair.B.Open("p", "");
        pair.Run();
        pair.A.Machine.Close(a);
        pair.A.Machine.Close(a);
        Assert.False(pair.A.Machine.Send(a, 0, [1]));
        pair.B.Say(b, "late");
        pair.Run();
        Assert.Empty(pair.A.Texts);
        Assert.Single(pair.A.Seen<ProtomuxEffect.ChannelClosed>());
        Assert.Single(pair.B.Seen<ProtomuxEffect.ChannelClosed>());
        Assert.Null(pair.A.Fault ?? pair.B.Fault);
    }

    [Fact]
    public void Messages_of_kinds_the_remote_does_not_have_are_dropped_on_open_and_on_waiting_channels()
    {
        MuxPair pair = new();
        pair.B.Machine.Listen("p");
        int a = pair.A.Open("p", "", messageCount: 3);
        pair.A.Machine.Send(a, 2, [1]);
        pair.A.Say(a, "waiting");
        pair.Run();
        pair.B.Open("p", "", messageCount: 1);
        pair.Run();
        pair.A.Machine.Send(a, 1, [1]);
        pair.A.Say(a, "open");
        pair.Run();
        Assert.Equal(["waiting", "open"], pair.B.Texts);
        Assert.Equal(2, pair.B.Seen<ProtomuxEffect.MessageReceived>().Count());
    }

    [Fact]
    public void A_message_of_the_largest_size_passes_whole_and_a_larger_one_is_refused()
    {
        MuxPair pair = new();
        int a = pair.A.Open("p", "");
        pair.B.Open("p", "");
        pair.Run();
        byte[] largest = new byte[ProtomuxMachine.MaxPayloadLength];
        largest[^1] = 7;
        pair.A.Machine.Cork();
        pair.A.Say(a, "before");
        Assert.True(pair.A.Machine.Send(a, 1, largest));
        pair.A.Say(a, "after");
        pair.A.Machine.Uncork();
        pair.Run();

        Assert.Equal([0, 1, 0], pair.B.Seen<ProtomuxEffect.MessageReceived>().Select(message => message.Type));
        Assert.True(pair.B.Seen<ProtomuxEffect.MessageReceived>().ElementAt(1).Payload.Span.SequenceEqual(largest));
        Assert.Throws<ArgumentOutOfRangeException>(() => pair.A.Machine.Send(a, 1, new byte[ProtomuxMachine.MaxPayloadLength + 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => pair.A.Machine.Send(a, 1, largest, new CompactWriter().UInt8(1).Written));
    }
}

using Hyper.Protocol.Protomux;

namespace AuctionActors.Protocol.Tests.Protomux;

/// <summary>What is written while a multiplexer collects.</summary>
public sealed class CorkTests
{
    [Fact]
    public void Nothing_leaves_before_the_last_uncork_and_then_all_of_it_in_one_message()
    {
        MuxPair pair = new();
        pair.B.Open("multi", "");
        pair.B.Drain();
        pair.A.Machine.Cork();
        int a = pair.A.Open("multi", "");
        pair.A.Machine.Cork();
        pair.A.Say(a, "1");
        pair.A.Say(a, "2");
        pair.A.Machine.Uncork();
        pair.A.Say(a, "3");
        Assert.Empty(pair.A.Drain());

        pair.A.Machine.Uncork();
        pair.B.Machine.HandleMessage(Assert.Single(pair.A.Drain()));
        pair.B.Drain();
        Assert.Equal(["1", "2", "3"], pair.B.Texts);
    }

    [Fact]
    public void Corks_around_nothing_and_uncorks_too_many_send_nothing()
    {
        MuxPair pair = new();
        pair.A.Machine.Uncork();
        pair.A.Machine.Cork();
        pair.A.Machine.Uncork();
        Assert.Empty(pair.A.Drain());

        int a = pair.A.Open("p", "");
        Assert.Single(pair.A.Drain());
        pair.A.Machine.Cork();
        pair.A.Say(a, "held");
        Assert.Empty(pair.A.Drain());
        pair.A.Machine.Uncork();
        Assert.Single(pair.A.Drain());
    }

    [Fact]
    public void The_answers_to_a_batch_leave_in_one_message_and_those_to_a_single_message_by_themselves()
    {
        MuxPair pair = new();
        pair.A.Machine.Cork();
        for (int i = 0; i < 3; i++)
            pair.A.Open($"other{i}", "");
        pair.A.Machine.Uncork();
        pair.Run();
        Assert.Equal(["000000020201020202020203"], pair.B.Wire);
        Assert.Equal(3, pair.A.Seen<ProtomuxEffect.ChannelClosed>().Count(closed => closed.IsRejected));

        pair.A.Open("alone", "");
        pair.Run();
        Assert.Equal(2, pair.B.Wire.Count);
        Assert.StartsWith("0002", pair.B.Wire[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_that_ends_while_corked_sends_nothing_more()
    {
        MuxPair pair = new();
        int a = pair.A.Open("p", "");
        pair.B.Open("p", "");
        pair.Run();
        pair.A.Machine.Cork();
        pair.A.Machine.HandleStreamClosed();
        Assert.False(pair.A.Machine.Send(a, 0, [1]));
        pair.A.Machine.Uncork();
        Assert.Empty(pair.A.Drain());
        Assert.Equal(a, pair.A.Seen<ProtomuxEffect.ChannelClosed>().Single().Channel);
    }
}

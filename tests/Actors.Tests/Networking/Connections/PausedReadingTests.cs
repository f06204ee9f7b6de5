using Hyper.Actors.Networking.Connections;
using Hyper.Protocol.Protomux;

namespace AuctionActors.Actors.Tests.Networking.Connections;

/// <summary>What a connection does while much waits for a channel that this side has not opened yet.</summary>
public sealed class PausedReadingTests
{
    private const int Megabyte = 1_000_000;
    private static readonly ChannelRequest Request = new("test", default, 1);

    [Fact]
    public void Reading_pauses_while_much_waits_for_a_channel_and_all_of_it_arrives_when_it_opens()
    {
        (MachinePair pair, int a) = WhoSendsEarly(megabytes: 20);
        Assert.False(pair.RunUntil(() => pair.A.Udx.QueuedBytes == 0));
        Assert.True(pair.B.Mux.ShouldPauseReading);
        Assert.InRange(pair.B.Udx.Counters.ReceivedBytes, 4 << 20, 6 << 20); // what is read before the pause, the window that is announced, and headers
        Assert.InRange(pair.A.Udx.QueuedBytes, 14 * Megabyte, 16 * Megabyte);

        Assert.True(pair.B.Mux.TryOpenChannel(Request, out int b));
        pair.A.Mux.Send(a, 0, "last"u8);
        Assert.True(pair.RunUntil(() => pair.A.Udx.QueuedBytes == 0));
        pair.A.Close(pair.Now);
        Assert.True(pair.RunUntil(() => pair.B.IsClosed));
        ChannelMessage[] received = [.. pair.AtB.OfType<ConnectionEffect.ChannelMessages>().SelectMany(messages => messages.Messages)];
        Assert.Equal(Enumerable.Range(0, 20), received[..^1].Select(message => (int)message.Payload.Span[0]));
        Assert.All(received[..^1], message => Assert.Equal(Megabyte, message.Payload.Length));
        Assert.Equal("last"u8.ToArray(), received[^1].Payload.ToArray());
        Assert.Equal(ConnectionCloseReason.Ended, pair.AtB.OfType<ConnectionEffect.Closed>().Single().Reason);
        Assert.Equal(b, pair.AtB.OfType<ConnectionEffect.ChannelClosed>().Single().Channel);
    }

    [Fact]
    public void Reading_goes_on_when_the_channel_is_declined()
    {
        (MachinePair pair, _) = WhoSendsEarly(megabytes: 6);
        Assert.True(pair.A.Mux.TryOpenChannel(Request with { Protocol = "later" }, out int later));
        pair.A.Mux.Send(later, 0, "later"u8);
        Assert.False(pair.RunUntil(() => pair.A.Udx.QueuedBytes == 0));
        Assert.True(pair.B.Mux.TryOpenChannel(Request with { Protocol = "later" }, out _));

        pair.B.Mux.Decline(Request.Protocol, default);
        Assert.True(pair.RunUntil(() => pair.AtB.OfType<ConnectionEffect.ChannelMessages>().Any()));
        Assert.True(pair.AtA.OfType<ConnectionEffect.ChannelClosed>().Single().IsRejected);
        Assert.Equal("later"u8.ToArray(), pair.AtB.OfType<ConnectionEffect.ChannelMessages>().Single().Messages.Single().Payload.ToArray());
    }

    [Fact]
    public void The_end_of_the_remote_waits_behind_what_is_held_back()
    {
        (MachinePair pair, _) = WhoSendsEarly(megabytes: 2);
        pair.Run();
        pair.A.Close(pair.Now);
        Assert.True(pair.RunUntil(() => pair.A.Udx.QueuedBytes == 0));
        Assert.Equal([typeof(ConnectionEffect.Opened), typeof(ConnectionEffect.PairRequested)], pair.AtB.Select(effect => effect.GetType()));

        Assert.True(pair.B.Mux.TryOpenChannel(Request, out _));
        Assert.True(pair.RunUntil(() => pair.A.IsClosed && pair.B.IsClosed));
        Assert.Equal(2, pair.AtB.OfType<ConnectionEffect.ChannelMessages>().Sum(messages => messages.Messages.Count));
        Assert.Equal(ConnectionCloseReason.Ended, pair.AtA.OfType<ConnectionEffect.Closed>().Single().Reason);
    }

    [Fact]
    public void A_connection_that_ends_while_reading_is_paused_forgets_what_was_held_back()
    {
        (MachinePair pair, _) = WhoSendsEarly(megabytes: 2);
        pair.RunUntil(() => pair.A.Udx.QueuedBytes == 0);
        pair.A.Destroy(ConnectionCloseReason.Destroyed, null, pair.Now);
        pair.Run();

        Assert.Equal(ConnectionCloseReason.Reset, pair.AtB.OfType<ConnectionEffect.Closed>().Single().Reason);
        Assert.Empty(pair.AtB.OfType<ConnectionEffect.ChannelMessages>());
    }

    private static (MachinePair Pair, int Channel) WhoSendsEarly(int megabytes)
    {
        MachinePair pair = new();
        pair.B.Mux.Listen(Request.Protocol);
        pair.B.Mux.Listen("later");
        Assert.True(pair.A.Mux.TryOpenChannel(Request, out int channel));
        for (int i = 0; i < megabytes; i++)
        {
            byte[] message = new byte[Megabyte];
            message[0] = (byte)i;
            pair.A.Mux.Send(channel, 0, message);
        }

        return (pair, channel);
    }
}

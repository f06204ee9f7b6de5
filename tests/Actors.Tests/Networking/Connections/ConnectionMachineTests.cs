using Hyper.Actors.Networking.Connections;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux;
using Hyper.Protocol.Udx.Packets;

namespace AuctionActors.Actors.Tests.Networking.Connections;

public sealed class ConnectionMachineTests
{
    [Fact]
    public void A_remote_end_that_takes_nothing_loses_the_connection_before_memory_fills()
    {
        ConnectionOptions options = new() { MaxQueuedBytes = 2_000_000 };
        ConnectionMachine machine = new(options, 1, new SeededEntropy(1, "connection"), TimeSpan.Zero);
        machine.Establish(Sessions.Create().Initiator, TimeSpan.FromSeconds(10), speaksAtOnce: false, TimeSpan.Zero);
        machine.Connect(2, TimeSpan.Zero);
        Assert.True(machine.Mux.TryOpenChannel(new ChannelRequest("test", default, 1), out int channel));

        List<ConnectionEffect> effects = [];
        for (int i = 0; i < 100 && !machine.IsClosed; i++)
        {
            machine.Mux.Send(channel, 0, new byte[100_000]);
            machine.Settle(TimeSpan.Zero);
            while (machine.TryTake(out ConnectionEffect? effect))
                effects.Add(effect);
        }

        Assert.Single(effects.OfType<ConnectionEffect.WritingPaused>());
        ConnectionEffect.Closed closed = Assert.Single(effects.OfType<ConnectionEffect.Closed>());
        Assert.Equal(ConnectionCloseReason.ProtocolFault, closed.Reason);
        Assert.InRange(machine.Udx.QueuedBytes, 0, 2 * options.MaxQueuedBytes);
    }

    [Fact]
    public void Messages_that_come_together_with_the_last_end_are_delivered_before_it()
    {
        MachinePair pair = new();
        (_, int b) = pair.OpenChannels();
        pair.A.Close(TimeSpan.Zero);
        pair.B.Mux.Send(b, 0, "last"u8);
        pair.Run();

        ConnectionEffect[] atA = [.. pair.AtA.TakeLast(3)];
        Assert.Equal("last"u8.ToArray(), Assert.IsType<ConnectionEffect.ChannelMessages>(atA[0]).Messages.Single().Payload.ToArray());
        Assert.Equal(ConnectionCloseReason.Ended, Assert.IsType<ConnectionEffect.ChannelClosed>(atA[1]).ConnectionEnd);
        Assert.Equal(ConnectionCloseReason.Ended, Assert.IsType<ConnectionEffect.Closed>(atA[2]).Reason);
        Assert.Equal(ConnectionCloseReason.Ended, Assert.IsType<ConnectionEffect.Closed>(pair.AtB[^1]).Reason);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(23)]
    [InlineData(25)]
    [InlineData(500)]
    public void Unordered_messages_reach_no_channel_and_harm_none(int length)
    {
        MachinePair pair = new();
        (int a, _) = pair.OpenChannels();
        Assert.True(pair.A.Udx.SendMessage(new byte[length], TimeSpan.Zero));
        pair.A.Mux.Send(a, 0, "after"u8);
        pair.Run();

        Assert.Equal("after"u8.ToArray(), pair.AtB.OfType<ConnectionEffect.ChannelMessages>().Single().Messages.Single().Payload.ToArray());
        Assert.False(pair.A.IsClosed || pair.B.IsClosed);
    }

    [Fact]
    public void A_broken_multiplexer_message_destroys_the_connection_of_both_ends()
    {
        MachinePair pair = new();
        pair.OpenChannels();
        Assert.True(pair.A.Mux.TryOpenChannel(new ChannelRequest("alias", default, 1), out _));
        Assert.True(pair.B.Mux.TryOpenChannel(new ChannelRequest("name", default, 1) { Aliases = ["alias"] }, out _));
        pair.Run();

        Assert.Equal(ConnectionCloseReason.ProtocolFault, pair.AtB.OfType<ConnectionEffect.Closed>().Single().Reason);
        Assert.Equal(ConnectionCloseReason.Reset, pair.AtA.OfType<ConnectionEffect.Closed>().Single().Reason);
        Assert.All(pair.AtA.OfType<ConnectionEffect.ChannelClosed>().Where(closed => !closed.IsRejected), closed => Assert.True(closed.IsRemote));
    }

    [Fact]
    public void The_header_waits_for_the_first_messages_of_a_user_who_speaks_at_once_and_leaves_in_one_packet_with_them()
    {
        ConnectionMachine machine = WhoSpeaksAtOnce();
        Assert.True(machine.Mux.TryOpenChannel(new ChannelRequest("test", default, 1), out int channel));
        machine.Settle(TimeSpan.Zero);
        Assert.False(machine.TryTake(out _));

        machine.Mux.Send(channel, 0, "first"u8);
        machine.Output.HasSpoken = true;
        machine.Settle(TimeSpan.Zero);
        Assert.True(machine.TryTake(out ConnectionEffect? effect));
        using PacketBatch packets = Assert.IsType<ConnectionEffect.Transmit>(effect).Packets;
        Assert.Equal(1, packets.Count);
        Assert.False(machine.TryTake(out _));
    }

    [Fact]
    public void The_header_leaves_by_itself_when_nothing_is_said_for_a_moment()
    {
        ConnectionMachine machine = WhoSpeaksAtOnce();
        machine.Settle(TimeSpan.Zero);
        TimeSpan due = new ConnectionOptions().FirstPacketPatience;
        Assert.Equal(due, machine.NextDeadline);

        machine.HandleTimeout(due);
        machine.Settle(due);
        Assert.True(machine.TryTake(out ConnectionEffect? effect));
        Assert.IsType<ConnectionEffect.Transmit>(effect).Packets.Dispose();
        Assert.NotEqual(due, machine.NextDeadline);
    }

    [Fact]
    public void A_close_before_anything_was_said_still_ends_the_connection_of_both_ends()
    {
        MachinePair pair = new(speaksAtOnce: true);
        pair.A.Close(TimeSpan.Zero);
        pair.B.Output.HasSpoken = true;
        pair.Run();

        Assert.Equal(ConnectionCloseReason.Ended, pair.AtA.OfType<ConnectionEffect.Closed>().Single().Reason);
        Assert.Equal(ConnectionCloseReason.Ended, pair.AtB.OfType<ConnectionEffect.Closed>().Single().Reason);
    }

    private static ConnectionMachine WhoSpeaksAtOnce()
    {
        ConnectionMachine machine = new(new ConnectionOptions(), 1, new SeededEntropy(1, "connection"), TimeSpan.Zero);
        machine.Establish(Sessions.Create().Initiator, TimeSpan.FromSeconds(10), speaksAtOnce: true, TimeSpan.Zero);
        machine.Connect(2, TimeSpan.Zero);
        return machine;
    }
}

using Hyper.Actors.Networking.Connections;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux;

namespace AuctionActors.Actors.Tests.Networking.Connections;

public sealed class ConnectionMachineTests
{
    [Fact]
    public void A_remote_end_that_takes_nothing_loses_the_connection_before_memory_fills()
    {
        ConnectionOptions options = new() { MaxQueuedBytes = 2_000_000 };
        ConnectionMachine machine = new(options, 1, new SeededEntropy(1, "connection"), TimeSpan.Zero);
        machine.Establish(Sessions.Create().Initiator, TimeSpan.FromSeconds(10), TimeSpan.Zero);
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
}

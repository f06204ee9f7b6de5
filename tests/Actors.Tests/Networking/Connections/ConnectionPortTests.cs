using Akka.Actor;
using Akka.TestKit;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Datagrams;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.SecretStream.Noise;

namespace AuctionActors.Actors.Tests.Networking.Connections;

public sealed class ConnectionPortTests : ConnectionKit
{
    private static readonly PeerAddress Remote = PeerAddress.Loopback(9);

    [Fact]
    public void Packets_go_straight_to_the_port_at_which_the_remote_has_answered()
    {
        TestProbe owner = CreateTestProbe(), datagrams = CreateTestProbe();
        (NoiseResult session, _) = Sessions.Create();
        IActorRef connection = Sys.ActorOf(ConnectionActor.Props(Runtime.Peer("third", new MemoryFileStore()), 3, owner.Ref));
        connection.Tell(new ConnectionProtocol.Establish(session, 4, Remote, datagrams.Ref));
        DatagramProtocol.SendPackets first = datagrams.ExpectMsg<DatagramProtocol.SendPackets>();
        first.Packets.Dispose();
        first.MarkLeft();
        connection.Tell(new DatagramProtocol.Received(Heartbeat(3), new ToldPort(datagrams.Ref)), datagrams.Ref);

        Assert.Equal(Remote, datagrams.ExpectMsg<PeerAddress>());
    }

    [Fact]
    public void Packets_do_not_overtake_those_that_wait_in_the_mailbox_of_the_port()
    {
        TestProbe owner = CreateTestProbe(), datagrams = CreateTestProbe();
        (NoiseResult session, _) = Sessions.Create();
        IActorRef connection = Sys.ActorOf(ConnectionActor.Props(Runtime.Peer("third", new MemoryFileStore()), 3, owner.Ref));
        connection.Tell(new ConnectionProtocol.Establish(session, 4, Remote, datagrams.Ref));
        DatagramProtocol.SendPackets first = datagrams.ExpectMsg<DatagramProtocol.SendPackets>();
        ToldPort port = new(datagrams.Ref);
        connection.Tell(new DatagramProtocol.Received(Heartbeat(3), port), datagrams.Ref);

        DatagramProtocol.SendPackets second = datagrams.ExpectMsg<DatagramProtocol.SendPackets>();
        first.MarkLeft();
        connection.Tell(new DatagramProtocol.Received(Heartbeat(3), port), datagrams.Ref);
        DatagramProtocol.SendPackets third = datagrams.ExpectMsg<DatagramProtocol.SendPackets>();
        second.MarkLeft();
        third.MarkLeft();
        connection.Tell(new DatagramProtocol.Received(Heartbeat(3), port), datagrams.Ref);
        Assert.Equal(Remote, datagrams.ExpectMsg<PeerAddress>());
        foreach (DatagramProtocol.SendPackets told in new[] { first, second, third })
            told.Packets.Dispose();
    }

    [Fact]
    public void A_port_that_the_remote_is_not_met_at_carries_nothing()
    {
        TestProbe owner = CreateTestProbe(), datagrams = CreateTestProbe(), other = CreateTestProbe();
        (NoiseResult session, _) = Sessions.Create();
        IActorRef connection = Sys.ActorOf(ConnectionActor.Props(Runtime.Peer("third", new MemoryFileStore()), 3, owner.Ref));
        connection.Tell(new ConnectionProtocol.Establish(session, 4, Remote, datagrams.Ref));
        datagrams.ExpectMsg<DatagramProtocol.SendPackets>().Packets.Dispose();
        connection.Tell(new DatagramProtocol.Received(Heartbeat(3), new ToldPort(other.Ref)), other.Ref);

        datagrams.ExpectMsg<DatagramProtocol.SendPackets>().Packets.Dispose();
        other.ExpectNoMsg(TimeSpan.Zero);
    }

    /// <summary>A packet that wants an acknowledgement and carries nothing.</summary>
    private static DatagramBatch Heartbeat(byte streamId)
    {
        byte[] packet = new byte[20];
        (packet[0], packet[1], packet[2], packet[4]) = (0xff, 1, 0x20, streamId);
        DatagramBatch batch = new();
        batch.Add(Remote, packet);
        return batch;
    }

    /// <summary>Tells an actor where each datagram would have gone.</summary>
    private sealed class ToldPort(IActorRef hearer) : IDatagramPort
    {
        public PeerAddress LocalAddress => PeerAddress.Loopback(1);

        public DatagramCounters Counters => default;

        public void Send(ReadOnlySpan<byte> datagram, PeerAddress to) => hearer.Tell(to);

        public void Send(ReadOnlySpan<byte> datagram, PeerAddress to, int timeToLive) => hearer.Tell(to);

        public void Send(ReadOnlySpan<OutgoingDatagram> batch)
        {
            foreach (OutgoingDatagram datagram in batch)
                hearer.Tell(datagram.To);
        }

        public void Dispose()
        {
        }
    }
}

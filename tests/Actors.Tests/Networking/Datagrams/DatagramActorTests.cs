using Akka.Actor;
using Akka.TestKit;
using Hyper.Actors.Networking.Datagrams;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Actors.Tests.Networking.Datagrams;

public sealed class DatagramActorTests : RuntimeKit
{
    private readonly PeerRuntime _peer;

    public DatagramActorTests()
        : base("datagrams")
    {
        _peer = Runtime.Peer("peer", new MemoryFileStore());
    }

    [Fact]
    public void Packets_of_a_live_stream_go_to_its_connection_and_the_rest_to_the_owner()
    {
        TestProbe owner = CreateTestProbe();
        TestProbe connection = CreateTestProbe();
        (IActorRef datagrams, PeerAddress address) = Bind(owner);
        datagrams.Tell(new DatagramProtocol.AddStream(7, connection.Ref));

        datagrams.Tell(new DatagramProtocol.SendAll(
            [.. new byte[][] { UdxPacket(7, 1), UdxPacket(8, 2), [1, 2, 3], UdxPacket(7, 4) }.Select(bytes => new OutgoingDatagram(bytes, address))]));

        Assert.Equal([UdxPacket(7, 1), UdxPacket(7, 4)], Collect(connection, 2));
        Assert.Equal([UdxPacket(8, 2), [1, 2, 3]], Collect(owner, 2));
    }

    [Fact]
    public void A_stopped_connection_gets_nothing_more()
    {
        TestProbe owner = CreateTestProbe();
        TestProbe connection = CreateTestProbe();
        (IActorRef datagrams, PeerAddress address) = Bind(owner);
        datagrams.Tell(new DatagramProtocol.AddStream(7, connection.Ref));
        Sys.Stop(connection.Ref);
        datagrams.Tell(new Identify(1), TestActor);
        ExpectMsg<ActorIdentity>();
        datagrams.Tell(new DatagramProtocol.RemoveStream(7));

        datagrams.Tell(new DatagramProtocol.SendAll([new OutgoingDatagram(UdxPacket(7, 1), address)]));
        Assert.Equal([UdxPacket(7, 1)], Collect(owner, 1));
    }

    [Fact]
    public void A_busy_port_is_reported_and_stopping_frees_the_port()
    {
        TestProbe owner = CreateTestProbe();
        (IActorRef first, PeerAddress address) = Bind(owner);
        IActorRef second = owner.ChildActorOf(DatagramActor.Props(_peer, new DatagramOptions { Candidates = [address] }));
        Watch(second);
        Assert.Equal(address, owner.ExpectMsg<DatagramProtocol.BindFailed>().Address);
        ExpectTerminated(second);

        Watch(first);
        Sys.Stop(first);
        ExpectTerminated(first);
        owner.ChildActorOf(DatagramActor.Props(_peer, new DatagramOptions { Candidates = [address] }));
        Assert.Equal(address, owner.ExpectMsg<DatagramProtocol.Bound>().Address);
    }

    [Fact]
    public void Whoever_resizes_the_buffers_of_a_port_hears_what_was_granted()
    {
        TestProbe owner = CreateTestProbe();
        IActorRef datagrams = owner.ChildActorOf(DatagramActor.Props(_peer, DatagramOptions.AnyPort(PeerAddress.Loopback(0).Host)));
        IDatagramPort port = owner.ExpectMsg<DatagramProtocol.Bound>().Port;
        DatagramBuffers usual = port.Buffers;
        datagrams.Tell(new DatagramProtocol.ResizeBuffers(new DatagramBuffers(16_384, 0)), TestActor);
        DatagramBuffers granted = ExpectMsg<DatagramProtocol.BuffersResized>().Granted;
        Assert.Equal(port.Buffers, granted);
        Assert.InRange(granted.ReceiveBytes, 16_384, usual.ReceiveBytes - 1);
    }

    private (IActorRef Datagrams, PeerAddress Address) Bind(TestProbe owner)
    {
        IActorRef datagrams = owner.ChildActorOf(DatagramActor.Props(_peer, DatagramOptions.AnyPort(PeerAddress.Loopback(0).Host)));
        return (datagrams, owner.ExpectMsg<DatagramProtocol.Bound>().Address);
    }

    private static List<byte[]> Collect(TestProbe probe, int count)
    {
        List<byte[]> datagrams = [];
        while (datagrams.Count < count)
        {
            using DatagramBatch batch = probe.ExpectMsg<DatagramProtocol.Received>().Batch;
            foreach (Datagram datagram in batch.Read())
                datagrams.Add(datagram.Bytes.ToArray());
        }

        return datagrams;
    }

    private static byte[] UdxPacket(byte streamId, byte mark)
    {
        byte[] packet = new byte[21];
        (packet[0], packet[1], packet[4], packet[20]) = (0xff, 1, streamId, mark);
        return packet;
    }
}

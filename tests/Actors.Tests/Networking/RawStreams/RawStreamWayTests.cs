using Akka.Actor;
using Akka.TestKit;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Datagrams;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Networking.RawStreams;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Actors.Tests.Networking.RawStreams;

/// <summary>A raw stream goes the way of its connection.</summary>
public sealed class RawStreamWayTests : RuntimeKit
{
    private const uint LocalId = 11, RemoteId = 12;
    private static readonly PeerAddress First = PeerAddress.Loopback(1), Second = PeerAddress.Loopback(2);
    private readonly TestProbe _node, _connection, _owner;
    private readonly IActorRef _stream;

    public RawStreamWayTests()
        : base("raw-stream-ways")
    {
        (_node, _connection, _owner) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        Props props = RawStreamActor.Props(
            Runtime.Peer("peer", new MemoryFileStore()), LocalId, _connection.Ref, _owner.Ref, RawStreamOptions.Default);
        _stream = _node.ChildActorOf(props, "stream");
        _connection.ExpectMsg<ConnectionProtocol.FollowWay>();
    }

    [Fact]
    public void It_moves_with_its_connection_to_another_socket_and_address()
    {
        TestProbe before = CreateTestProbe(), after = CreateTestProbe();
        _stream.Tell(new RawStreamProtocol.Connect(RemoteId));
        GoOver(before, First);
        Assert.Equal(First, _owner.ExpectMsg<RawStreamProtocol.Connected>().RemoteAddress);
        _stream.Tell(new RawStreamProtocol.Write(1, new byte[10]), _owner.Ref);
        AssertSent(before, First);
        GoOver(after, Second);
        _stream.Tell(new RawStreamProtocol.Write(2, new byte[10]), _owner.Ref);
        AssertSent(after, Second);
        Sys.Stop(before.Ref);
        _stream.Tell(RawStreamProtocol.Destroy.Instance);
        Assert.Null(_owner.FishForMessage<RawStreamProtocol.Closed>(_ => true).Detail);
    }

    [Fact]
    public void It_ends_with_the_socket_that_it_uses()
    {
        TestProbe port = CreateTestProbe();
        _stream.Tell(new RawStreamProtocol.Connect(RemoteId));
        GoOver(port, First);
        _owner.ExpectMsg<RawStreamProtocol.Connected>();
        Sys.Stop(port.Ref);
        Assert.Equal(new RawStreamProtocol.Closed(ConnectionCloseReason.Destroyed, "the socket has been closed"), _owner.ExpectMsg<RawStreamProtocol.Closed>());
    }

    private void GoOver(TestProbe port, PeerAddress address)
    {
        _stream.Tell(new ConnectionProtocol.Way(address, port.Ref), _connection.Ref);
        Assert.Equal(new DatagramProtocol.AddStream(LocalId, _stream), port.ExpectMsg<DatagramProtocol.AddStream>());
        Assert.Equal(new DhtNodeProtocol.KeepSocket(_stream, port.Ref), _node.ExpectMsg<DhtNodeProtocol.KeepSocket>());
    }

    private static void AssertSent(TestProbe port, PeerAddress address)
    {
        DatagramProtocol.SendPackets sent = port.ExpectMsg<DatagramProtocol.SendPackets>();
        Assert.Equal(address, sent.Paths[sent.Packets.PathOf(0)]);
        sent.Packets.Dispose();
    }
}

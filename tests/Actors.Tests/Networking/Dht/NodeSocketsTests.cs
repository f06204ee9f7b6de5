using Akka.Actor;
using Akka.TestKit;
using AuctionActors.Actors.Tests.Runtime;
using Hyper.Actors.Networking.Datagrams;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;

namespace AuctionActors.Actors.Tests.Networking.Dht;

/// <summary>A node that rests: what leaves before, and when its ports are free.</summary>
public sealed class NodeSocketsTests() : RuntimeKit("sockets")
{
    [Fact]
    public void What_connections_have_told_a_socket_leaves_before_the_node_rests_and_then_its_port_is_free()
    {
        const int Datagrams = 64;
        TestProbe owner = CreateTestProbe();
        BatchCollector arrived = new();
        using IDatagramPort receiver = Runtime.Ports.Bind(PeerAddress.Loopback(0), arrived);
        IActorRef node = owner.ChildActorOf(DhtNodeActor.Props(
            Runtime.Peer("node", new MemoryFileStore()), DhtNodeActorOptions.Bootstrapper(PeerAddress.Loopback(0), PeerAddress.Loopback(0).Host)));
        DhtNodeProtocol.NodeBound bound = (DhtNodeProtocol.NodeBound)owner.FishForMessage(fact => fact is DhtNodeProtocol.NodeBound);
        for (byte i = 0; i < Datagrams; i++)
            bound.ServerSocket.Tell(new DatagramProtocol.Send(new[] { i }, receiver.LocalAddress, 0));
        node.Tell(new DhtNodeProtocol.Suspend());
        owner.FishForMessage(fact => fact is DhtNodeProtocol.Rested);
        using (Runtime.Ports.Bind(bound.Server, new BatchCollector()))
        {
            for (byte i = 0; i < Datagrams; i++)
                Assert.Equal([i], arrived.Next().Bytes);
        }
    }

    [Fact]
    public void A_socket_that_a_connection_leaves_closes_unless_another_uses_it()
    {
        (TestProbe owner, IActorRef node) = StartNode();
        IActorRef first = CreateTestProbe().Ref, second = CreateTestProbe().Ref, third = CreateTestProbe().Ref;
        IActorRef shared = Open(owner, node, new LocalSocket(9), first), mark = Open(owner, node, new LocalSocket(10), first);
        node.Tell(new DhtNodeProtocol.LetSocketLinger(new LocalSocket(9)));
        foreach (IActorRef connection in (IActorRef[])[second, third])
            node.Tell(new DhtNodeProtocol.ShareSocket(new LocalSocket(9), connection));
        node.Tell(new DhtNodeProtocol.LeaveSocket(new LocalSocket(9), second));
        Watch(shared);
        Watch(mark);
        Sys.Stop(first);
        ExpectTerminated(mark);

        node.Tell(new DhtNodeProtocol.LeaveSocket(new LocalSocket(9), third));
        ExpectTerminated(shared);
    }

    [Fact]
    public void A_socket_that_was_left_stays_open_for_a_connection_whose_remote_shows_itself_there()
    {
        (TestProbe owner, IActorRef node) = StartNode();
        IActorRef first = CreateTestProbe().Ref, second = CreateTestProbe().Ref;
        IActorRef shared = Open(owner, node, new LocalSocket(9), first), mark = Open(owner, node, new LocalSocket(10), first);
        node.Tell(new DhtNodeProtocol.ShareSocket(new LocalSocket(9), second));
        node.Tell(new DhtNodeProtocol.LeaveSocket(new LocalSocket(9), second));
        node.Tell(new DhtNodeProtocol.KeepSocket(second, shared));
        Watch(shared);
        Watch(mark);
        Sys.Stop(first);
        ExpectTerminated(mark);

        shared.Tell(new Identify(1), TestActor);
        Assert.Equal(shared, ExpectMsg<ActorIdentity>().Subject);
        Sys.Stop(second);
        ExpectTerminated(shared);
    }

    [Fact]
    public void A_node_that_is_told_to_rest_twice_says_twice_that_it_does()
    {
        TestProbe owner = CreateTestProbe();
        IActorRef node = owner.ChildActorOf(HyperDhtActor.Props(
            Runtime.Peer("node", new MemoryFileStore()),
            new HyperDhtOptions { Node = DhtNodeActorOptions.Bootstrapper(PeerAddress.Loopback(0), PeerAddress.Loopback(0).Host) }));
        for (int i = 0; i < 2; i++)
        {
            node.Tell(new DhtNodeProtocol.Suspend());
            owner.FishForMessage(fact => fact is DhtNodeProtocol.Rested);
        }
    }

    private (TestProbe Owner, IActorRef Node) StartNode()
    {
        TestProbe owner = CreateTestProbe();
        IActorRef node = owner.ChildActorOf(DhtNodeActor.Props(
            Runtime.Peer("node", new MemoryFileStore()), DhtNodeActorOptions.Bootstrapper(PeerAddress.Loopback(0), PeerAddress.Loopback(0).Host)));
        return (owner, node);
    }

    private static IActorRef Open(TestProbe owner, IActorRef node, LocalSocket socket, IActorRef connection)
    {
        node.Tell(new DhtNodeProtocol.OpenSocket(socket, 1, connection, ActorRefs.Nobody));
        return ((DhtNodeProtocol.SocketOpened)owner.FishForMessage(fact => fact is DhtNodeProtocol.SocketOpened opened && opened.Socket == socket)).Datagrams;
    }
}

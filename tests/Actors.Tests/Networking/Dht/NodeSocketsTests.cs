using Akka.Actor;
using Akka.TestKit;
using AuctionActors.Actors.Tests.Runtime;
using Hyper.Actors.Networking.Datagrams;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;

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
}

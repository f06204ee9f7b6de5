using Akka.Actor;
using Akka.TestKit;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Networking.Dht.Routing;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.DhtRpc.Routing;

namespace AuctionActors.Actors.Tests.Networking.Dht;

public sealed class RoutingTableActorTests() : RuntimeKit("routing-table")
{
    private static readonly PeerAddress Known = new(5, 5);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_node_that_answers_without_its_id_is_not_persistent_any_more_and_leaves_the_table(bool isPersistent)
    {
        TestProbe node = CreateTestProbe();
        IActorRef table = node.ChildActorOf(
            RoutingTableActor.Props(Runtime.Peer("peer", new MemoryFileStore()), default, new RoutingOptions()), "routing");
        table.Tell(new RoutingTableProtocol.NoteHeard(Known));
        table.Tell(new RoutingTableProtocol.NoteDownHint(Known));
        var ping = (DhtNodeProtocol.SendRequest)node.FishForMessage(message => message is DhtNodeProtocol.SendRequest);

        NodeId? id = isPersistent ? NodeId.Of(Known) : null;
        table.Tell(new DhtNodeProtocol.Replied(ping.Tag, new ReceivedReply(Known, id, default)));
        table.Tell(new DhtNodeProtocol.GetNodes(5), TestActor);
        Assert.Equal(isPersistent ? [Known] : [], ExpectMsg<DhtNodeProtocol.NodesListed>().Nodes.AsEnumerable());
    }
}

using Akka.Actor;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Networking.Dht.Queries;
using Hyper.Actors.Networking.Dht.Routing;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.DhtRpc.Routing;

namespace AuctionActors.Actors.Tests.Networking.Dht;

public sealed class NodeRoutingTests : IDisposable
{
    private static readonly PeerAddress Known = new(5, 5);
    private readonly RealRuntime _runtime = new("routing");
    private readonly DhtNodeMachine _node = new(new DhtNodeOptions(), new SeededEntropy(1, "node"));
    private readonly RoutingMachine _table = new(default, new SeededEntropy(1, "routing"), null, TimeSpan.Zero);
    private readonly AskerTable _askers = new();
    private readonly NodeRouting _routing;

    public NodeRoutingTests()
    {
        RequestOrders requests = new(_node, _askers, SystemClock.Instance);
        RunningQueries queries = new(new DhtNodeActorOptions(), _table, requests, NullEventRecorder.Instance);
        _routing = new NodeRouting(_table, _runtime.Peer("peer", new MemoryFileStore()), ActorRefs.Nobody, requests, queries);
    }

    public void Dispose() => _runtime.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_node_that_answers_without_its_id_is_not_persistent_any_more_and_leaves_the_table(bool isPersistent)
    {
        _routing.Add(Known);
        _routing.Handle(new DhtNodeEvent.DownHintReceived(Known));
        Assert.Equal(1, _node.OutstandingRequests);

        NodeId? id = isPersistent ? NodeId.Of(Known) : null;
        _askers.HandleReply(new RequestId(1), new ReceivedReply(Known, id, default));
        Assert.Equal(isPersistent ? [Known] : [], _table.Newest(5));
    }
}

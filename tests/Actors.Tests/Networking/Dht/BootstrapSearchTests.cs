using System.Collections.Concurrent;
using Akka.Actor;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Queries;

namespace AuctionActors.Actors.Tests.Networking.Dht;

public sealed class BootstrapSearchTests : IDisposable
{
    private readonly DhtNetwork _network = new();
    private readonly Names _names = new();

    public void Dispose() => _network.Dispose();

    [Fact]
    public async Task A_node_joins_at_the_suggested_address_without_looking_up_the_name()
    {
        await _network.AddBootstrapAsync();
        DhtNodeClient node = await JoinAsync("127.0.0.1");
        Assert.Equal(_network.Bootstrap, Assert.Single(await node.GetNodesAsync()));
        Assert.Empty(_names.Asked);
    }

    [Fact]
    public async Task A_node_joins_where_the_name_leads_when_nobody_answers_at_the_suggested_address()
    {
        await _network.AddBootstrapAsync();
        DhtNodeClient node = await JoinAsync("127.0.0.9");
        Assert.Equal(_network.Bootstrap, Assert.Single(await node.GetNodesAsync()));
        Assert.Equal(["here"], _names.Asked);
    }

    [Fact]
    public async Task A_walk_that_waits_for_a_name_ends_with_its_node()
    {
        await _network.AddBootstrapAsync();
        IActorRef node = _network.System.ActorOf(DhtNodeActor.Props(Named(_network.Peer("alone")), Joining("127.0.0.9")));
        Task<DhtNodeProtocol.QueryFinished> walk = node.Ask<DhtNodeProtocol.QueryFinished>(
            new DhtNodeProtocol.StartQuery(1, QueryDefinition.FindNode(default)), DhtNetwork.Patience);
        await node.Ask<DhtNodeState>(new DhtNodeProtocol.GetState(), DhtNetwork.Patience);
        Assert.False(walk.IsCompleted);
        await node.GracefulStop(DhtNetwork.Patience);
        Assert.Equal(QueryStatus.Cancelled, (await walk).Result.Status);
        Assert.Empty(_names.Asked);
    }

    [Fact]
    public async Task A_walk_that_waits_for_a_name_while_its_node_rests_begins_when_that_is_resumed()
    {
        await _network.AddBootstrapAsync();
        Assert.True(BootstrapNode.TryParse($"here:{_network.Bootstrap.Port}", out BootstrapNode? named));
        DhtNodeActorOptions options = new() { Node = new DhtNodeOptions { BootstrapNodes = [named] }, Bind = PeerAddress.Loopback(0) };
        _names.IsSilent = true;
        IActorRef node = _network.System.ActorOf(DhtNodeActor.Props(Named(_network.Peer("resting")), options));
        Task<DhtNodeProtocol.QueryFinished> walk = node.Ask<DhtNodeProtocol.QueryFinished>(
            new DhtNodeProtocol.StartQuery(1, QueryDefinition.FindNode(default)) { EndOnly = true }, DhtNetwork.Patience);
        node.Tell(new DhtNodeProtocol.Suspend());
        node.Tell(new HostFound("here", PeerAddress.Loopback(0).Host));
        DhtNodeProtocol.NodeTraffic resting = await node.Ask<DhtNodeProtocol.NodeTraffic>(new DhtNodeProtocol.GetTraffic(), DhtNetwork.Patience);
        Assert.Equal((0, 1), (resting.RequestsMade, Math.Min(1, resting.Queries.Running)));

        node.Tell(new DhtNodeProtocol.Resume());
        Assert.Equal(1, (await walk).Result.Succeeded);
        await node.GracefulStop(DhtNetwork.Patience);
    }

    private static DhtNodeActorOptions Joining(string host, int port)
    {
        Assert.True(BootstrapNode.TryParse($"{host}@here:{port}", out BootstrapNode? named));
        return new DhtNodeActorOptions
        {
            Node = new DhtNodeOptions { BootstrapNodes = [named], Persistence = DhtPersistence.Persistent },
            Bind = PeerAddress.Loopback(0),
        };
    }

    private DhtNodeActorOptions Joining(string host) => Joining(host, _network.Bootstrap.Port);

    private Task<DhtNodeClient> JoinAsync(string host) => _network.AddAsync(Joining(host), Named);

    private PeerRuntime Named(PeerRuntime peer) => peer with { Names = _names };

    private sealed class Names : IHostNames
    {
        public ConcurrentQueue<string> Asked { get; } = new();

        public bool IsSilent { get; set; }

        public void Find(string name, IActorRef asker)
        {
            Asked.Enqueue(name);
            if (IsSilent)
                return;
            asker.Tell(new HostFound(name, PeerAddress.Loopback(0).Host), ActorRefs.NoSender);
        }
    }
}

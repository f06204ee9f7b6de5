using Akka.Actor;
using Akka.TestKit;
using AuctionActors.Actors.Tests.Networking.Connections;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Storage.Cores;
using Hyper.Actors.Storage.Corestores;
using Hyper.Actors.Swarm.Replication;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Actors.Tests.Swarm.Replication;

/// <summary>Which remotes are told of the cores of a store.</summary>
public sealed class StoredCoreTests : ReplicationTestKit
{
    [Fact]
    public async Task A_core_that_one_remote_has_opened_is_not_asked_of_another_until_somebody_opens_it_to_be_read()
    {
        Peer peer = Open("store");
        IActorRef store = Sys.ActorOf(CorestoreActor.Props(peer.Runtime, new CorestoreOptions { Folder = "store", PrimaryKey = Bytes32.Zero }));
        IActorRef holder = Sys.ActorOf(SessionHolderActor.Props());
        CoreClient core = await new CorestoreClient(store, holder, Timeout).GetAsync("first");
        await core.AppendAsync(Blocks(0, 3));
        DiscoveryKey key = (await core.GetInfoAsync()).DiscoveryKey;
        await holder.GracefulStop(Timeout);
        await core.Core.WatchAsync().WaitAsync(Timeout);

        peer.Replication.Tell(new ReplicationProtocol.AddStore(store));
        TestProbe one = Remote(peer), other = Remote(peer), late = CreateTestProbe();
        peer.Replication.Tell(new ConnectionProtocol.PairRequested("hypercore/alpha", key.Value.ToArray()), one);
        Assert.Equal(key.Value.ToArray(), one.ExpectMsg<ConnectionProtocol.OpenChannel>().Request.Id.ToArray());
        Connect(peer, late);
        CorestoreClient reader = new(store, Sys.ActorOf(SessionHolderActor.Props()), Timeout);
        await reader.GetAsync(key, new SessionTerms { IsActive = false });
        other.ExpectNoMsg(TimeSpan.FromMilliseconds(300));
        late.ExpectNoMsg(TimeSpan.FromMilliseconds(1));

        await reader.GetAsync(key);
        foreach (TestProbe connection in (TestProbe[])[other, late])
            Assert.Equal(key.Value.ToArray(), connection.ExpectMsg<ConnectionProtocol.OpenChannel>().Request.Id.ToArray());
    }

    private TestProbe Remote(Peer peer)
    {
        TestProbe connection = CreateTestProbe();
        Connect(peer, connection);
        return connection;
    }

    private static void Connect(Peer peer, TestProbe connection)
        => peer.Replication.Tell(new ReplicationProtocol.AddConnection(connection.Ref, Sessions.Create().Responder));
}

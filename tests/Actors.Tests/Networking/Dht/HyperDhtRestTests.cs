using Akka.Actor;
using Akka.TestKit;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;

namespace AuctionActors.Actors.Tests.Networking.Dht;

/// <summary>Servers and nodes that rest and come back, and nodes that stop.</summary>
public sealed class HyperDhtRestTests : HyperDhtKit
{
    [Fact]
    public async Task A_suspended_server_is_not_found_and_a_resumed_one_is()
    {
        IActorRef server = Node(true), client = Node(true);
        Listen(server);
        HyperDhtClient host = new(server, Patience);
        await host.SuspendListeningAsync(ServerKeys.PublicKey);
        client.Tell(new HyperDhtProtocol.Connect(2, ServerKeys.PublicKey, ClientKeys), Client.Ref);
        Assert.Equal(ConnectFailureCodes.PeerNotFound, Client.ExpectMsg<HyperDhtProtocol.ConnectFailed>(Patience).Code);
        host.ResumeListening(ServerKeys.PublicKey);
        Server.ExpectMsg<HyperDhtProtocol.Listening>(Patience);
        Connect(client);
    }

    [Fact]
    public void A_suspended_node_ends_its_connections_and_its_servers_come_back_with_it()
    {
        IActorRef server = Node(false), client = Node(true);
        Listen(server);
        Connect(client);
        TestProbe observer = CreateTestProbe();
        server.Tell(new DhtNodeProtocol.ObserveState(observer.Ref));
        server.Tell(new DhtNodeProtocol.Suspend());
        Server.FishForMessage<ConnectionProtocol.Closed>(_ => true, Patience);
        Client.FishForMessage<ConnectionProtocol.Closed>(_ => true, Patience);
        observer.FishForMessage<DhtNodeProtocol.StateChanged>(changed => changed.State.IsSuspended, Patience);
        server.Tell(new HyperDhtProtocol.Connect(3, ServerKeys.PublicKey, ClientKeys), Client.Ref);
        Assert.Equal(ConnectFailureCodes.Suspended, Client.ExpectMsg<HyperDhtProtocol.ConnectFailed>(Patience).Code);
        client.Tell(new HyperDhtProtocol.Connect(4, ServerKeys.PublicKey, ClientKeys), Client.Ref);
        Assert.Equal(ConnectFailureCodes.PeerNotFound, Client.ExpectMsg<HyperDhtProtocol.ConnectFailed>(Patience).Code);
        server.Tell(new DhtNodeProtocol.Resume());
        Server.FishForMessage<HyperDhtProtocol.Listening>(_ => true, Patience);
        Connect(client);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_remotes_of_a_node_that_stops_or_rests_hear_of_it_at_once(bool stops)
    {
        const int Connections = 16;
        IActorRef server = Node(false), client = Node(true);
        Listen(server);
        for (int tag = 1; tag <= Connections; tag++)
            client.Tell(new HyperDhtProtocol.Connect(tag, ServerKeys.PublicKey, ClientKeys), Client.Ref);
        for (int open = 0; open < Connections; open++)
            Client.FishForMessage<ConnectionProtocol.Opened>(_ => true, Patience);
        Watch(server);
        server.Tell(stops ? new DhtNodeProtocol.Stop(Patience) : new DhtNodeProtocol.Suspend());
        for (int closed = 0; closed < Connections; closed++)
            Assert.Equal(ConnectionCloseReason.Reset, Client.FishForMessage<ConnectionProtocol.Closed>(_ => true, Patience).Reason);
        if (stops)
            ExpectTerminated(server, Patience);
    }

    [Fact]
    public void A_node_whose_relays_are_gone_stops_within_its_time()
    {
        IActorRef server = Node(false), client = Node(true);
        Listen(server);
        Connect(client);
        Sys.Stop(BootstrapNode);
        Watch(server);
        server.Tell(new DhtNodeProtocol.Stop(TimeSpan.FromMilliseconds(200)));
        server.Tell(new HyperDhtProtocol.Connect(3, ServerKeys.PublicKey, ClientKeys), Client.Ref);
        Assert.Equal(ConnectFailureCodes.Destroyed, Client.ExpectMsg<HyperDhtProtocol.ConnectFailed>(Patience).Code);
        Assert.Equal(ConnectionCloseReason.Reset, Client.ExpectMsg<ConnectionProtocol.Closed>(Patience).Reason);
        ExpectTerminated(server, Patience);
    }

    [Fact]
    public void A_node_that_rests_can_be_stopped()
    {
        IActorRef node = Node(false);
        Watch(node);
        node.Tell(new DhtNodeProtocol.Suspend());
        node.Tell(new DhtNodeProtocol.Resume());
        node.Tell(new DhtNodeProtocol.Suspend());
        node.Tell(new DhtNodeProtocol.Stop(Patience));
        node.Tell(new DhtNodeProtocol.Resume());
        ExpectTerminated(node, Patience);
    }
}

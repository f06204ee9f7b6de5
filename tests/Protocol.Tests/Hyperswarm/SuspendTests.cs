using Hyper.Protocol.Hyperswarm;

namespace AuctionActors.Protocol.Tests.Hyperswarm;

public sealed class SuspendTests
{
    private readonly SwarmNetwork _network = new();

    [Fact]
    public void A_suspended_swarm_has_no_connections_and_gets_them_back()
    {
        (TestSwarm server, TestSwarm client) = Pair();
        client.Machine.Suspend();
        _network.RunFor(2000);
        Assert.Single(client.Effects.OfType<SwarmEffect.Suspended>());
        Assert.Equal((0, 0), (client.Connections, server.Connections));
        client.Machine.Resume(_network.Now);
        _network.RunFor(100);
        Assert.Equal((2, 2), (client.Opened, server.Opened));
    }

    [Fact]
    public void A_suspended_server_is_not_announced_and_accepts_nobody()
    {
        (TestSwarm server, TestSwarm client) = Pair();
        server.Machine.Suspend();
        _network.RunFor(5000);
        Assert.Empty(_network.Announced[SwarmNetwork.Topic]);
        Assert.Equal(0, client.Connections);
        server.Machine.Resume(_network.Now);
        _network.RunFor(100);
        Assert.Contains(server.Key, _network.Announced[SwarmNetwork.Topic]);
        Assert.Equal(2, server.Effects.OfType<SwarmEffect.Listen>().Count());
    }

    [Fact]
    public void Resuming_before_everything_is_taken_back_announces_again()
    {
        (TestSwarm server, _) = Pair();
        server.Machine.Suspend();
        server.Machine.Resume(_network.Now);
        _network.RunFor(100);
        Assert.Contains(server.Key, _network.Announced[SwarmNetwork.Topic]);
        Assert.Empty(server.Effects.OfType<SwarmEffect.Suspended>());
    }

    [Fact]
    public void A_destroyed_swarm_takes_everything_back_and_fails_its_flushes()
    {
        (TestSwarm server, TestSwarm client) = Pair();
        server.Join(topic: SwarmNetwork.OtherTopic);
        server.Machine.Flush(1);
        server.Machine.Destroy();
        server.Machine.Flush(2);
        _network.RunFor(100);
        Assert.Single(server.Effects.OfType<SwarmEffect.Destroyed>());
        Assert.Equal((false, false), (server.Flushed(1), server.Flushed(2)));
        Assert.Equal((0, 0), (server.Connections, client.Connections));
        Assert.Empty(_network.Announced[SwarmNetwork.Topic]);
        Assert.False(server.Machine.TryJoin(SwarmNetwork.Topic, new(), out _));
    }

    [Fact]
    public void A_destroyed_swarm_is_forgotten_by_its_server_at_once_and_by_its_client_after_four_dials()
    {
        (TestSwarm server, TestSwarm client) = Pair();
        (TestSwarm lastingServer, TestSwarm leavingClient) = (_network.Add(), _network.Add());
        lastingServer.Join(isClient: false, topic: SwarmNetwork.OtherTopic);
        _network.RunFor(100);
        leavingClient.Join(isServer: false, topic: SwarmNetwork.OtherTopic);
        _network.RunFor(100);
        Assert.Equal((1, 1), (client.Machine.Counts.Peers, lastingServer.Machine.Counts.Peers));

        server.Machine.Destroy();
        leavingClient.Machine.Destroy();
        _network.RunFor(20);
        Assert.Equal(0, lastingServer.Machine.Counts.Peers);
        _network.RunFor(5000);
        Assert.Equal((4, 0), (client.Dials, client.Machine.Counts.Peers));
    }

    private (TestSwarm Server, TestSwarm Client) Pair()
    {
        TestSwarm server = _network.Add(), client = _network.Add();
        server.Join(isClient: false);
        _network.RunFor(100);
        client.Join(isServer: false);
        _network.RunFor(100);
        return (server, client);
    }
}

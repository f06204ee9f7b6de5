using Hyper.Protocol.Hyperswarm;

namespace AuctionActors.Protocol.Tests.Hyperswarm;

public sealed class PeerJoinTests
{
    private readonly SwarmNetwork _network = new();

    [Fact]
    public void A_peer_joined_by_its_key_is_dialled_without_a_topic()
    {
        TestSwarm server = Server(), client = _network.Add();
        client.Machine.JoinPeer(server.Key, _network.Now);
        client.Machine.JoinPeer(server.Key, _network.Now);
        _network.RunFor(100);
        Assert.Equal((1, 1), (client.Dials, client.Connections));
        Assert.Empty(client.Effects.OfType<SwarmEffect.ConnectionOpened>().Single().Topics);
    }

    [Fact]
    public void Joining_oneself_does_nothing()
    {
        TestSwarm swarm = Server();
        swarm.Machine.JoinPeer(swarm.Key, _network.Now);
        _network.RunFor(100);
        Assert.Equal((0, 0), (swarm.Dials, swarm.Machine.Counts.Peers));
    }

    [Fact]
    public void A_joined_peer_is_dialled_for_ever_and_one_that_was_left_is_not()
    {
        TestSwarm server = Server(), client = _network.Add();
        client.Machine.JoinPeer(server.Key, _network.Now);
        _network.RunFor(100);
        for (int i = 0; i < 10; i++)
        {
            client.End(server.Key);
            _network.RunFor(TimeSpan.FromSeconds(10));
            Assert.Equal(1, client.Connections);
        }

        client.Machine.LeavePeer(server.Key);
        _network.RunFor(TimeSpan.FromSeconds(60));
        Assert.Equal((1, 1), (client.Connections, server.Connections));
        client.End(server.Key);
        _network.RunFor(TimeSpan.FromSeconds(60));
        Assert.Equal((0, 0), (client.Connections, client.Machine.Counts.Peers));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_left_peer_is_forgotten_whoever_ended_the_connection(bool isEndedByClient)
    {
        TestSwarm server = Server(), client = _network.Add();
        client.Machine.JoinPeer(server.Key, _network.Now);
        _network.RunFor(100);
        if (isEndedByClient)
            client.End(server.Key);
        else
            server.End(client.Key);
        _network.RunFor(3);
        client.Machine.LeavePeer(server.Key);
        _network.RunFor(TimeSpan.FromSeconds(30));
        client.Machine.LeavePeer(server.Key);
        Assert.Equal((0, 0), (server.Machine.Counts.Peers, client.Machine.Counts.Peers));
    }

    [Fact]
    public void A_joined_peer_that_is_never_there_does_not_hold_up_a_flush()
    {
        TestSwarm client = _network.Add(), away = _network.Add();
        client.Machine.JoinPeer(away.Key, _network.Now);
        client.Machine.Flush(1);
        _network.RunFor(100);
        Assert.True(client.Flushed(1));
    }

    private TestSwarm Server()
    {
        TestSwarm server = _network.Add();
        server.Join(isClient: false);
        _network.RunFor(100);
        return server;
    }
}

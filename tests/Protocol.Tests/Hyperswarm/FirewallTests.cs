using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hyperswarm;

namespace AuctionActors.Protocol.Tests.Hyperswarm;

public sealed class FirewallTests
{
    private readonly SwarmNetwork _network = new();

    [Fact]
    public void A_server_that_refuses_a_client_bans_it_and_is_dialled_no_more_than_four_times()
    {
        TestSwarm client = _network.Add(), server = _network.Add(refuses: key => key == client.Key);
        server.Join(isClient: false);
        _network.RunFor(100);
        client.Join(isServer: false);
        _network.RunFor(5000);
        Assert.Equal((0, 0, 4), (client.Opened, server.Opened, client.Dials));
        Assert.Equal(1, server.Machine.Counts.BannedPeers);
    }

    [Fact]
    public void A_client_does_not_dial_whom_it_refuses()
    {
        TestSwarm server = _network.Add(), client = _network.Add(refuses: key => key == server.Key);
        server.Join(isClient: false);
        _network.RunFor(100);
        client.Join(isServer: false);
        client.Machine.Flush(1);
        _network.RunFor(1000);
        Assert.Equal((0, true), (client.Dials, client.Flushed(1)));
        Assert.Equal(server.Key, Assert.Single(client.Effects.OfType<SwarmEffect.PeerBanned>()).Remote);
        Assert.Equal(1, client.Machine.Counts.BannedPeers);
    }

    [Fact]
    public void A_peer_once_refused_is_not_dialled_by_the_one_that_refused_it()
    {
        bool refuses = true;
        TestSwarm client = _network.Add(), server = _network.Add(refuses: _ => refuses);
        server.Join(isClient: false);
        _network.RunFor(100);
        client.Join(isServer: false);
        _network.RunFor(5000);
        refuses = false;
        client.Join(isClient: false, topic: SwarmNetwork.OtherTopic);
        _network.RunFor(100);
        server.Join(isServer: false, topic: SwarmNetwork.OtherTopic);
        _network.RunFor(5000);
        Assert.Equal((0, 0), (client.Opened, server.Dials));
    }

    [Fact]
    public void A_banned_peer_is_not_dialled_again_until_it_is_pardoned()
    {
        TestSwarm server = _network.Add(), client = _network.Add();
        server.Join(isClient: false);
        _network.RunFor(100);
        DiscoverySessionId session = client.Join(isServer: false);
        _network.RunFor(100);
        client.Machine.Ban(server.Key);
        client.End(server.Key);
        _network.RunFor(5000);
        Assert.Equal(1, client.Opened);
        client.Machine.Unban(server.Key);
        client.Machine.Refresh(session);
        _network.RunFor(100);
        Assert.Equal(2, client.Opened);
    }

    [Fact]
    public void Refusals_beyond_the_limit_drop_the_oldest()
    {
        TestSwarm swarm = _network.Add(SwarmNetwork.FastRetries with { MaxBannedPeers = 100 });
        SeededEntropy keys = new(1, "keys");
        for (int i = 0; i < 1000; i++)
            swarm.Machine.Ban(new PublicKey(keys.Next32()));
        Assert.Equal(100, swarm.Machine.Counts.Peers);
    }
}

using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.Hyperswarm;

namespace AuctionActors.Protocol.Tests.Hyperswarm;

public sealed class ConnectionTests
{
    private readonly SwarmNetwork _network = new();

    [Fact]
    public void A_connection_that_the_server_ends_comes_back()
    {
        (TestSwarm server, TestSwarm client) = Pair();
        server.End(client.Key);
        _network.RunFor(500);
        Assert.Equal((2, 2), (server.Opened, client.Opened));
        Assert.Equal(1, client.Connections);
    }

    [Fact]
    public void A_connection_that_the_client_ends_comes_back_as_one()
    {
        (TestSwarm server, TestSwarm client) = Pair();
        client.End(server.Key);
        _network.RunFor(500);
        Assert.Equal((2, 1, 1), (server.Opened, server.Connections, client.Connections));
    }

    [Fact]
    public void A_peer_whose_connections_never_last_is_given_up_after_four_dials()
    {
        TestSwarm server = _network.Add(), client = _network.Add();
        client.EndsAtOnce = true;
        server.Join(isClient: false);
        _network.RunFor(100);
        client.Join(isServer: false);
        _network.RunFor(5000);
        Assert.Equal(4, client.Opened);
        Assert.Equal(0, client.Machine.Counts.Peers);
    }

    [Fact]
    public void A_connection_that_lasted_makes_up_for_earlier_attempts()
    {
        (TestSwarm server, TestSwarm client) = Pair();
        for (int i = 0; i < 8; i++)
        {
            client.End(server.Key);
            _network.RunFor(TimeSpan.FromSeconds(20));
            Assert.Equal(1, client.Connections);
        }
    }

    [Fact]
    public void A_peer_that_cannot_be_reached_is_dialled_four_times_then_forgotten()
    {
        TestSwarm client = _network.Add();
        _network.Announced[SwarmNetwork.Topic] = [KeyPair.FromSeed(Blake2b.Hash256("nobody"u8)).PublicKey];
        client.Join(isServer: false);
        _network.RunFor(5000);
        Assert.Equal((4, 0, 0), (client.Dials, client.Opened, client.Machine.Counts.Peers));
    }

    [Fact]
    public void Two_that_serve_and_dial_have_one_connection()
    {
        TestSwarm one = _network.Add(), other = _network.Add();
        one.Join();
        other.Join();
        _network.RunFor(2000);
        Assert.Equal((1, 1), (one.Connections, other.Connections));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_two_dials_that_cross_the_one_of_the_higher_key_stays(bool isOwnHigher)
    {
        SwarmMachine machine = Crossing(isOwnHigher, out PublicKey remote, out SwarmConnectionId dial);
        SwarmConnectionId arrival = machine.HandleAccepted(remote);
        SwarmConnectionId loser = isOwnHigher ? arrival : dial;
        Assert.Equal([new SwarmEffect.Disconnect(loser, SwarmCloseReason.Duplicate)], Drain(machine).OfType<SwarmEffect.Disconnect>());
        machine.HandleClosed(loser, TimeSpan.Zero);
        if (isOwnHigher)
            machine.HandleOpened(dial, TimeSpan.Zero);
        SwarmEffect.ConnectionOpened opened = Assert.Single(Drain(machine).OfType<SwarmEffect.ConnectionOpened>());
        Assert.Equal((isOwnHigher ? dial : arrival, isOwnHigher), (opened.Id, opened.IsClient));
    }

    [Fact]
    public void A_peer_that_connects_again_has_lost_its_open_connection()
    {
        SwarmMachine machine = Crossing(isOwnHigher: true, out PublicKey remote, out SwarmConnectionId dial);
        machine.HandleOpened(dial, TimeSpan.Zero);
        Drain(machine);
        SwarmConnectionId second = machine.HandleAccepted(remote), third = machine.HandleAccepted(remote);
        Assert.Equal([dial, second], Drain(machine).OfType<SwarmEffect.Disconnect>().Select(end => end.Id));
        machine.HandleClosed(second, TimeSpan.Zero);
        machine.HandleClosed(dial, TimeSpan.Zero);
        List<SwarmEffect> told = Drain(machine);
        Assert.Equal(third, Assert.Single(told.OfType<SwarmEffect.ConnectionOpened>()).Id);
        Assert.Equal(dial, Assert.Single(told.OfType<SwarmEffect.ConnectionClosed>()).Id);
    }

    [Fact]
    public void Dials_in_parallel_and_connections_are_bounded()
    {
        for (int i = 0; i < 8; i++)
            _network.Add().Join(isClient: false);
        _network.RunFor(100);
        TestSwarm client = _network.Add(SwarmNetwork.FastRetries with { MaxPeers = 5 });
        client.Join(isServer: false);
        _network.RunFor(1000);
        Assert.Equal(5, client.Connections);
        Assert.Equal(3, client.Effects.OfType<SwarmEffect.Updated>().Max(update => update.Counts.Connecting));
    }

    [Fact]
    public void Clients_and_servers_have_limits_of_their_own()
    {
        TestSwarm server = _network.Add(SwarmNetwork.FastRetries with { MaxServerConnections = 1 });
        TestSwarm[] clients = [_network.Add(SwarmNetwork.FastRetries with { MaxClientConnections = 0 }), _network.Add(), _network.Add()];
        server.Join(isClient: false);
        _network.RunFor(100);
        foreach (TestSwarm client in clients)
            client.Join(isServer: false);
        _network.RunFor(1000);
        Assert.Equal((0, 1), (clients[0].Dials, server.Connections));
    }

    [Fact]
    public void A_flush_ends_when_whom_the_walk_found_has_been_dialled()
    {
        TestSwarm server = _network.Add(), client = _network.Add();
        server.Join();
        _network.Announced[SwarmNetwork.Topic] = [KeyPair.FromSeed(Blake2b.Hash256("nobody"u8)).PublicKey];
        _network.RunFor(100);
        client.Join(isServer: false);
        client.Machine.Flush(1);
        _network.RunFor(15);
        Assert.Null(client.Flushed(1));
        _network.RunFor(100);
        Assert.True(client.Flushed(1));
        Assert.Equal(1, client.Connections);
    }

    [Fact]
    public void A_flush_ends_when_there_is_no_room_for_more_connections()
    {
        for (int i = 0; i < 3; i++)
            _network.Add().Join(isClient: false);
        _network.RunFor(100);
        TestSwarm client = _network.Add(SwarmNetwork.FastRetries with { MaxPeers = 1 });
        client.Join(isServer: false);
        client.Machine.Flush(1);
        _network.RunFor(100);
        Assert.Equal((true, 1), (client.Flushed(1), client.Connections));
    }

    [Fact]
    public void Everything_opened_and_closed_is_counted()
    {
        (TestSwarm server, TestSwarm client) = Pair();
        client.Machine.SetReconnecting(server.Key, false);
        client.End(server.Key);
        _network.RunFor(1000);
        SwarmCounts ours = client.Machine.Counts, theirs = server.Machine.Counts;
        Assert.Equal((1, 1, 1, 0), (ours.ClientAttempted, ours.ClientOpened, ours.ClientClosed, ours.ServerOpened));
        Assert.Equal((1, 1, 0), (theirs.ServerOpened, theirs.ServerClosed, theirs.ClientAttempted));
        Assert.Equal(client.Effects.OfType<SwarmEffect.Updated>().Count(), ours.Updates);
    }

    [Fact]
    public void A_dial_that_is_under_way_is_told_when_it_begins_and_when_it_ends()
    {
        (TestSwarm _, TestSwarm client) = Pair();
        IEnumerable<int> told = client.Effects.OfType<SwarmEffect.Updated>().Select(update => update.Counts.Connecting);
        Assert.Equal([0, 1, 0], told.Prepend(0).Where((count, i) => i == 0 || count != told.Prepend(0).ElementAt(i - 1)));
    }

    [Fact]
    public void Ten_servers_that_all_look_for_each_other_are_fully_connected()
    {
        TestSwarm[] swarms = [.. Enumerable.Range(0, 10).Select(_ => _network.Add())];
        foreach (TestSwarm swarm in swarms)
            swarm.Join(isClient: false);
        _network.RunFor(100);
        foreach (TestSwarm swarm in swarms)
            swarm.Join();
        _network.RunFor(5000);
        Assert.All(swarms, swarm => Assert.Equal(9, swarm.Connections));
    }

    [Fact]
    public void Lost_connections_come_back_whatever_is_lost()
    {
        TestSwarm[] swarms = [.. Enumerable.Range(0, 6).Select(_ => _network.Add())];
        foreach (TestSwarm swarm in swarms)
            swarm.Join();
        SeededEntropy chance = new(5, "chaos");
        for (int i = 0; i < 60; i++)
        {
            _network.RunFor(TimeSpan.FromSeconds(16));
            TestSwarm one = swarms[chance.NextInt32(swarms.Length)], other = swarms[chance.NextInt32(swarms.Length)];
            if (one != other && one.Effects.OfType<SwarmEffect.ConnectionOpened>().Any(opened => opened.Remote == other.Key))
                one.End(other.Key);
        }

        _network.RunFor(TimeSpan.FromMinutes(15));
        Assert.All(swarms, swarm => Assert.Equal(5, swarm.Connections));
    }

    [Fact]
    public void Swarms_of_many_topics_are_connected_with_whom_they_share_one_at_first_and_after_losses()
    {
        SeededEntropy chance = new(6, "topics");
        TestSwarm[] swarms = [.. Enumerable.Range(0, 10).Select(_ => _network.Add())];
        Dictionary<TestSwarm, HashSet<PublicKey>> expected = swarms.ToDictionary(swarm => swarm, _ => new HashSet<PublicKey>());
        for (int i = 0; i < 15; i++)
        {
            TopicKey topic = new(chance.Next32());
            TestSwarm[] members = [.. Enumerable.Range(0, chance.NextInt32(10)).Select(_ => swarms[chance.NextInt32(10)]).Distinct()];
            foreach (TestSwarm member in members)
            {
                member.Join(topic: topic);
                expected[member].UnionWith(members.Where(other => other != member).Select(other => other.Key));
                _network.RunFor(100);
            }
        }

        _network.RunFor(TimeSpan.FromSeconds(20));
        Assert.All(swarms, swarm => Assert.Equal(expected[swarm].Order(), swarm.ConnectedTo.Order()));
        for (int i = 0; i < 30; i++)
        {
            _network.RunFor(chance.NextInt32(600));
            TestSwarm swarm = swarms[chance.NextInt32(10)];
            if (swarm.ConnectedTo is { Count: > 0 } remotes)
                swarm.End(remotes[chance.NextInt32(remotes.Count)]);
        }

        _network.RunFor(TimeSpan.FromMinutes(15));
        Assert.All(swarms, swarm => Assert.Equal(expected[swarm].Order(), swarm.ConnectedTo.Order()));
    }

    [Fact]
    public void Found_peers_beyond_the_limit_are_passed_over()
    {
        TestSwarm client = _network.Add(SwarmNetwork.FastRetries with { MaxKnownPeers = 10 });
        client.Join(isServer: false);
        TopicWalkId walk = client.Effects.OfType<SwarmEffect.Walk>().Single().Id;
        SeededEntropy keys = new(1, "keys");
        for (int i = 0; i < 1000; i++)
            client.Machine.HandleFound(walk, new PeerRecord(new PublicKey(keys.Next32())), _network.Now);
        Assert.Equal(10, client.Machine.Counts.Peers);
    }

    private static List<SwarmEffect> Drain(SwarmMachine machine)
    {
        List<SwarmEffect> effects = [];
        while (machine.TryTake(out SwarmEffect? effect))
            effects.Add(effect);
        return effects;
    }

    // A machine that dials a peer which may dial it at the same time.
    private static SwarmMachine Crossing(bool isOwnHigher, out PublicKey remote, out SwarmConnectionId dial)
    {
        PublicKey[] keys = [.. new byte[] { 1, 2 }.Select(seed => KeyPair.FromSeed(Blake2b.Hash256([seed])).PublicKey).Order()];
        remote = isOwnHigher ? keys[0] : keys[1];
        SwarmMachine machine = new(SwarmNetwork.FastRetries, new SwarmIdentity(isOwnHigher ? keys[1] : keys[0]), new SeededEntropy(1, "swarm"));
        machine.JoinPeer(remote, TimeSpan.Zero);
        dial = Drain(machine).OfType<SwarmEffect.Dial>().Single().Id;
        return machine;
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

using Hyper.Protocol.HyperDht;
using Hyper.Protocol.Hyperswarm;
using Hyper.Protocol.Hyperswarm.Topics;

namespace AuctionActors.Protocol.Tests.Hyperswarm;

public sealed class TopicTests
{
    private readonly SwarmNetwork _network = new();

    [Fact]
    public void A_client_connects_to_a_server_of_its_topic()
    {
        TestSwarm server = _network.Add(), client = _network.Add();
        server.Join(isClient: false);
        _network.RunFor(100);
        client.Join(isServer: false);
        _network.RunFor(100);
        Assert.Equal((1, 1), (server.Connections, client.Connections));
        SwarmEffect.ConnectionOpened opened = client.Effects.OfType<SwarmEffect.ConnectionOpened>().Single();
        Assert.Equal((true, server.Key), (opened.IsClient, opened.Remote));
        Assert.Equal(SwarmNetwork.Topic, Assert.Single(opened.Topics));
        Assert.Empty(server.Effects.OfType<SwarmEffect.ConnectionOpened>().Single().Topics);
    }

    [Fact]
    public void A_client_neither_listens_nor_announces()
    {
        TestSwarm client = _network.Add();
        client.Join(isServer: false);
        _network.RunFor(100);
        Assert.Equal([TopicWalkKind.Lookup], client.Walks);
        Assert.Empty(client.Effects.OfType<SwarmEffect.Listen>());
    }

    [Fact]
    public void A_server_announces_when_its_key_is_listed_and_dials_nobody()
    {
        TestSwarm first = _network.Add(), second = _network.Add();
        first.Join(isClient: false);
        Assert.Empty(first.Walks);
        _network.RunFor(100);
        second.Join(isClient: false);
        _network.RunFor(100);
        Assert.Equal([TopicWalkKind.ClearAndAnnounce], first.Walks);
        Assert.Equal(0, first.Dials + second.Dials);
    }

    [Fact]
    public void A_peer_found_under_two_topics_has_one_connection_and_both_topics()
    {
        TestSwarm server = _network.Add(), client = _network.Add();
        server.Join(isClient: false);
        server.Join(isClient: false, topic: SwarmNetwork.OtherTopic);
        _network.RunFor(100);
        client.Join(isServer: false);
        client.Join(isServer: false, topic: SwarmNetwork.OtherTopic);
        client.Machine.Flush(1);
        _network.RunFor(100);
        Assert.Equal((1, true), (client.Connections, client.Flushed(1)));
        IEnumerable<TopicKey> later = client.Effects.OfType<SwarmEffect.PeerTopicFound>().Select(found => found.Topic);
        Assert.Equal(2, client.Effects.OfType<SwarmEffect.ConnectionOpened>().Single().Topics.Union(later).Count());
    }

    [Fact]
    public void Nobody_connects_to_a_server_that_has_left_and_old_connections_stay()
    {
        TestSwarm server = _network.Add(), early = _network.Add(), late = _network.Add();
        server.Join();
        _network.RunFor(100);
        early.Join(isServer: false);
        _network.RunFor(100);
        server.Machine.Leave(SwarmNetwork.Topic);
        _network.RunFor(100);
        Assert.Single(server.Effects.OfType<SwarmEffect.TopicLeft>());
        Assert.Empty(_network.Announced[SwarmNetwork.Topic]);
        late.Join(isServer: false);
        _network.RunFor(100);
        Assert.Equal((1, 0), (early.Connections, late.Connections));
    }

    [Fact]
    public void A_refresh_finds_new_servers()
    {
        TestSwarm first = _network.Add(), second = _network.Add(), client = _network.Add();
        first.Join();
        _network.RunFor(100);
        DiscoverySessionId session = client.Join(isServer: false);
        _network.RunFor(100);
        second.Join(isClient: false);
        _network.RunFor(100);
        Assert.Equal(1, client.Connections);
        client.Machine.Refresh(session);
        _network.RunFor(100);
        Assert.Equal(2, client.Connections);
    }

    [Fact]
    public void Topics_are_walked_anew_within_ten_to_twelve_minutes()
    {
        TestSwarm client = _network.Add();
        client.Join(isServer: false);
        _network.RunFor(TimeSpan.FromMinutes(9.9));
        Assert.Single(client.Walks);
        _network.RunFor(TimeSpan.FromMinutes(2.2));
        Assert.Equal(2, client.Walks.Count());
    }

    [Fact]
    public void A_machine_that_slept_does_not_walk_at_once()
    {
        TestSwarm client = _network.Add();
        client.Join(isServer: false);
        _network.RunFor(100);
        TimeSpan woken = TimeSpan.FromHours(3);
        client.Machine.HandleTimeout(woken);
        Assert.Single(client.Walks);
        Assert.InRange(client.Machine.NextDeadline!.Value, woken, woken + TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void Joining_with_other_options_walks_anew_and_gives_up_the_older_walk()
    {
        TestSwarm swarm = _network.Add();
        swarm.Join(isServer: false);
        swarm.Join();
        _network.RunFor(100);
        Assert.Equal([TopicWalkKind.Lookup, TopicWalkKind.ClearAndAnnounce], swarm.Walks);
        Assert.Single(swarm.Effects.OfType<SwarmEffect.CancelWalk>());
        Assert.Contains(swarm.Key, _network.Announced[SwarmNetwork.Topic]);
    }

    [Fact]
    public void Two_interests_in_a_topic_walk_once_and_either_can_end()
    {
        TestSwarm server = _network.Add(), both = _network.Add();
        server.Join();
        _network.RunFor(100);
        DiscoverySessionId client = both.Join(isServer: false);
        both.Join(isClient: false);
        both.Machine.LeaveSession(client);
        _network.RunFor(100);
        TopicState state = Assert.Single(both.Machine.Topics);
        Assert.Equal((true, 1), (state.IsServer, state.Sessions));
        Assert.Contains(both.Key, _network.Announced[SwarmNetwork.Topic]);

        TestSwarm late = _network.Add();
        late.Join(isServer: false);
        _network.RunFor(100);
        Assert.Contains(both.Key, late.Effects.OfType<SwarmEffect.ConnectionOpened>().Select(opened => opened.Remote));
    }

    [Fact]
    public void The_last_server_session_that_ends_takes_the_announcement_back()
    {
        TestSwarm swarm = _network.Add();
        DiscoverySessionId server = swarm.Join(isClient: false);
        _network.RunFor(100);
        swarm.Join(isServer: false);
        _network.RunFor(100);
        swarm.Machine.LeaveSession(server);
        _network.RunFor(100);
        Assert.Equal(TopicWalkKind.LookupAndUnannounce, swarm.Walks.Last());
        Assert.Empty(_network.Announced[SwarmNetwork.Topic]);
    }

    [Fact]
    public void The_last_session_that_ends_leaves_the_topic()
    {
        TestSwarm swarm = _network.Add();
        DiscoverySessionId first = swarm.Join(isServer: false), second = swarm.Join(isClient: false, topic: SwarmNetwork.OtherTopic);
        Assert.Equal([SwarmNetwork.Topic, SwarmNetwork.OtherTopic], swarm.Machine.Topics.Select(state => state.Topic));
        swarm.Machine.LeaveSession(first);
        swarm.Machine.LeaveSession(second);
        _network.RunFor(100);
        Assert.Empty(swarm.Machine.Topics);
        Assert.Equal(2, swarm.Effects.OfType<SwarmEffect.TopicLeft>().Count());
    }

    [Fact]
    public void A_topic_joined_again_waits_until_its_announcement_is_taken_back()
    {
        TestSwarm swarm = _network.Add();
        swarm.Join();
        _network.RunFor(100);
        swarm.Machine.Leave(SwarmNetwork.Topic);
        swarm.Join();
        Assert.Equal([TopicWalkKind.ClearAndAnnounce, TopicWalkKind.Unannounce], swarm.Walks);
        _network.RunFor(100);
        Assert.Equal(TopicWalkKind.ClearAndAnnounce, swarm.Walks.Last());
        Assert.Contains(swarm.Key, _network.Announced[SwarmNetwork.Topic]);
    }

    [Fact]
    public void A_limit_bounds_the_peers_of_a_walk()
    {
        for (int i = 0; i < 5; i++)
            _network.Add().Join(isClient: false);
        _network.RunFor(100);
        TestSwarm client = _network.Add();
        DiscoverySessionId session = client.Join(isServer: false, limit: 2);
        _network.RunFor(100);
        Assert.Equal(2, client.Connections);
        client.Machine.Refresh(session, new JoinOptions(false, true, 2));
        _network.RunFor(100);
        Assert.Equal(2, client.Connections);
    }

    [Fact]
    public void A_topic_is_flushed_when_its_walk_has_ended_however_it_did()
    {
        TestSwarm swarm = _network.Add();
        swarm.Join(isServer: false);
        swarm.Machine.FlushTopic(1, SwarmNetwork.Topic);
        swarm.Machine.FlushTopic(2, SwarmNetwork.OtherTopic);
        Assert.Null(swarm.Flushed(1));
        _network.RunFor(5);
        Assert.True(swarm.Flushed(2));
        TopicWalkId walk = swarm.Effects.OfType<SwarmEffect.Walk>().Single().Id;
        swarm.Machine.HandleWalkFinished(walk, false, [], _network.Now);
        swarm.Drain();
        Assert.True(swarm.Flushed(1));
        Assert.NotNull(swarm.Machine.NextDeadline);
    }

    [Fact]
    public void A_new_address_or_a_return_to_the_network_probes_and_walks_anew()
    {
        TestSwarm server = _network.Add(), client = _network.Add();
        server.Join();
        _network.RunFor(100);
        client.Join(isServer: false);
        _network.RunFor(100);
        client.Machine.HandleOnline(false);
        client.Machine.HandleOnline(true);
        client.Drain();
        Assert.Single(client.Effects.OfType<SwarmEffect.ProbeConnection>());
        Assert.Equal(2, client.Walks.Count());
    }

    [Fact]
    public void Orders_beyond_the_limits_are_refused()
    {
        TestSwarm swarm = _network.Add(SwarmNetwork.FastRetries with { MaxTopics = 1 });
        swarm.Join();
        Assert.False(swarm.Machine.TryJoin(SwarmNetwork.OtherTopic, JoinOptions.Default, out _));
        Assert.False(swarm.Machine.TryJoin(SwarmNetwork.Topic, new JoinOptions(false, false), out _));
    }
}

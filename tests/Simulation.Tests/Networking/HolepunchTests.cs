using AuctionActors.Simulation.Network.Nat;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.HyperDht.Connecting;
using Xunit.Abstractions;

namespace AuctionActors.Simulation.Tests.Networking;

public sealed class HolepunchTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, NatBehaviour?> Kinds = new()
    {
        ["open"] = null,
        ["full-cone"] = NatBehaviour.FullCone,
        ["full-cone-remap"] = NatBehaviour.FullConeRemap,
        ["address-restricted"] = NatBehaviour.AddressRestricted,
        ["port-restricted"] = NatBehaviour.PortRestricted,
        ["port-restricted-remap"] = NatBehaviour.PortRestrictedRemap,
        ["symmetric"] = NatBehaviour.Symmetric,
    };

    public static TheoryData<string, string> Pairs()
    {
        TheoryData<string, string> pairs = [];
        foreach (string server in Kinds.Keys)
        {
            foreach (string client in Kinds.Keys)
                pairs.Add(server, client);
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_client_reaches_a_server_through_any_two_NATs_but_two_random_ones(string server, string client)
    {
        using HolepunchScene scene = new(seed: 11);
        scene.Connect(Kinds[server], Kinds[client]);
        string how = scene.ClientOutcome is HyperDhtProtocol.ConnectFailed failed ? failed.Code : $"{scene.Accepted?.Path}";
        output.WriteLine($"{server} <- {client}: {how} after {scene.ConnectedAfter.TotalMilliseconds:0} ms");
        if (server == "symmetric" && client == "symmetric")
        {
            Assert.Equal("HOLEPUNCH_DOUBLE_RANDOMIZED_NATS", Assert.IsType<HyperDhtProtocol.ConnectFailed>(scene.ClientOutcome).Code);
            return;
        }

        ConnectionPath expected = server == "open" || client == "open" ? ConnectionPath.Direct
            : server == "symmetric" || client == "symmetric" ? ConnectionPath.Birthday
            : ConnectionPath.Punched;
        Assert.Equal(expected, Assert.IsType<HyperDhtProtocol.Connected>(scene.ClientOutcome).Path);
        Assert.Equal(expected, scene.Accepted!.Path);
        Assert.True(scene.ConnectedAfter < TimeSpan.FromSeconds(expected == ConnectionPath.Birthday ? 36 : 1), $"{scene.ConnectedAfter}");
    }

    [Theory]
    [InlineData("open", "symmetric", 0)]
    [InlineData("port-restricted", "port-restricted", 0)]
    [InlineData("port-restricted", "symmetric", 1)]
    [InlineData("symmetric", "port-restricted", 1)]
    public void Both_sides_count_how_their_way_was_sought_and_found(string server, string client, long searches)
    {
        using HolepunchScene scene = new(seed: 11);
        scene.Connect(Kinds[server], Kinds[client]);
        WayCounts found = WayCounts.None with { Searches = searches };
        found = scene.Accepted!.Path switch
        {
            ConnectionPath.Direct => found with { Direct = 1 },
            ConnectionPath.Punched => found with { Punched = 1 },
            _ => found with { Birthday = 1 },
        };
        Assert.Equal((found, found), (scene.TrafficOf(isServer: true).Ways, scene.TrafficOf(isServer: false).Ways));
    }

    [Theory]
    [InlineData("open", "open")]
    [InlineData("port-restricted", "port-restricted")]
    [InlineData("port-restricted", "symmetric")]
    public void Sockets_of_holepunches_are_counted_when_they_open_and_when_they_close(string server, string client)
    {
        const int OwnPorts = 2;
        using HolepunchScene scene = new(seed: 11);
        scene.Connect(Kinds[server], Kinds[client]);
        DhtNodeProtocol.SocketCounts counted = scene.TrafficOf(isServer: false).PunchSockets;
        Assert.Equal((scene.ClientPortsOpened - OwnPorts, scene.ClientPortsOpened - scene.ClientPorts), (counted.Opened, counted.Closed));
        Assert.Equal(server != "open", counted.Opened > 0);
        Assert.Equal(client == "symmetric", counted.Closed > 0);
    }

    [Fact]
    public void A_punch_is_counted_when_first_packets_were_lost()
    {
        using HolepunchScene scene = new(seed: 2, loss: 0.3);
        scene.Connect(NatBehaviour.PortRestricted, NatBehaviour.PortRestricted);
        WayCounts found = WayCounts.None with { Punches = 1, Punched = 1 };
        Assert.Equal((found, found), (scene.TrafficOf(isServer: true).Ways, scene.TrafficOf(isServer: false).Ways));
    }

    [Fact]
    public void Two_peers_behind_one_NAT_meet_inside()
    {
        using HolepunchScene scene = new(seed: 11);
        scene.Connect(NatBehaviour.Symmetric, null, isOneHome: true);
        Assert.Equal(ConnectionPath.Lan, Assert.IsType<HyperDhtProtocol.Connected>(scene.ClientOutcome).Path);
        Assert.Equal(ConnectionPath.Lan, scene.Accepted!.Path);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(4, false)]
    public void A_hole_stays_open_for_three_seconds_for_another_connection_which_needs_no_other_node(int seconds, bool isReached)
    {
        using HolepunchScene scene = new(seed: 11);
        scene.Connect(NatBehaviour.PortRestricted, NatBehaviour.PortRestricted, reusesSocket: true);
        Assert.Equal(ConnectionPath.Punched, scene.Accepted!.Path);
        scene.ConnectAgainAlone(TimeSpan.FromSeconds(seconds));
        Assert.Equal(isReached, scene.ClientOutcome is HyperDhtProtocol.Connected);
        Assert.Equal(isReached, scene.ConnectedAfter < TimeSpan.FromMilliseconds(200));
    }

    [Fact]
    public void Connections_one_after_another_go_through_one_hole_as_long_as_they_want_to()
    {
        using HolepunchScene scene = new(seed: 11);
        scene.Connect(NatBehaviour.PortRestricted, NatBehaviour.PortRestricted, reusesSocket: true);
        int opened = scene.ClientPortsOpened;
        for (int connection = 0; connection < 20; connection++)
        {
            scene.ConnectAgain(reusesSocket: true);
            Assert.IsType<HyperDhtProtocol.Connected>(scene.ClientOutcome);
        }

        Assert.Equal(opened, scene.ClientPortsOpened);
        scene.ConnectAgain(reusesSocket: false);
        Assert.Equal(ConnectionPath.Punched, Assert.IsType<HyperDhtProtocol.Connected>(scene.ClientOutcome).Path);
        Assert.Equal(opened + 1, scene.ClientPortsOpened);
    }

    [Fact]
    public void A_hole_that_leads_nowhere_any_more_is_closed_while_its_dial_goes_on()
    {
        const int OwnPorts = 2;
        using HolepunchScene scene = new(seed: 11);
        scene.Connect(NatBehaviour.PortRestricted, NatBehaviour.PortRestricted, reusesSocket: true);
        Assert.Equal(OwnPorts + 1, scene.ClientPorts);
        scene.DialTheServerThatIsGone(untilPorts: OwnPorts);
        Assert.Equal((OwnPorts, null), (scene.ClientPorts, scene.ClientOutcome));
    }

    [Fact]
    public void A_search_plays_the_same_run_for_the_same_seed()
    {
        string first = Play(5), second = Play(5);
        Assert.Equal(first, second);
        Assert.NotEqual(first, Play(6));
    }

    private static string Play(ulong seed)
    {
        using HolepunchScene scene = new(seed);
        scene.Connect(NatBehaviour.PortRestricted, NatBehaviour.Symmetric);
        scene.RunFor(TimeSpan.FromSeconds(5));
        return scene.Events.Lines;
    }
}

using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Udp;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;

namespace AuctionActors.Actors.Tests.Networking.Dht;

public sealed class DhtNodeActorTests : IDisposable
{
    private readonly DhtNetwork _network = new();

    public void Dispose() => _network.Dispose();

    [Fact]
    public async Task Twenty_nodes_bootstrap_and_look_up_the_closest_nodes()
    {
        await _network.AddBootstrapAsync();
        for (int node = 0; node < 20; node++)
            await _network.AddAsync(DhtPersistence.Persistent);
        foreach (DhtNodeClient node in _network.Nodes)
            Assert.NotNull((await node.GetStateAsync()).Id);

        Bytes32 target = new SeededEntropy(1, "target").Next32();
        ImmutableArray<PeerAddress> found = await _network.Nodes[^1].FindNodesAsync(target);
        PeerAddress[] expected = [.. _network.Nodes.SkipLast(1).Select(node => node.Address).OrderBy(address => NodeId.Of(address).DistanceTo(target))];
        Assert.Equal(expected.Take(10), found.Take(10));
    }

    [Fact]
    public async Task A_suspended_node_frees_its_ports_and_a_resumed_one_is_found_where_it_was()
    {
        DhtNodeClient bootstrap = await _network.AddBootstrapAsync();
        DhtNodeClient node = await _network.AddAsync(DhtPersistence.Persistent);
        await node.SuspendAsync();
        await bootstrap.SuspendAsync();
        Assert.True((await node.GetStateAsync()).IsSuspended);
        await bootstrap.ResumeAsync();
        await node.ResumeAsync();

        Assert.Equal(node.Address.Port, (await node.GetStateAsync()).ServerPort);
        Assert.Equal(NodeId.Of(node.Address), (await bootstrap.PingAsync(node.Address))?.Id);
        Assert.Equal(NodeId.Of(bootstrap.Address), (await node.PingAsync(bootstrap.Address))?.Id);
    }

    [Fact]
    public async Task A_resumed_node_asks_from_the_port_that_it_asked_from_before()
    {
        await _network.AddBootstrapAsync();
        DhtNodeClient node = await _network.AddAsync(new DhtNodeActorOptions
        {
            Node = new DhtNodeOptions { BootstrapNodes = [_network.Bootstrap], Persistence = DhtPersistence.Ephemeral, HasQuickFirewallCheck = false },
            Bind = PeerAddress.Loopback(0),
        });
        PeerAddress? before = (await node.PingAsync(_network.Bootstrap))?.To;
        await node.SuspendAsync();
        await node.ResumeAsync();
        Assert.NotEqual(node.Address, before);
        Assert.Equal(before, (await node.PingAsync(_network.Bootstrap))?.To);
    }

    [Fact]
    public async Task A_resumed_node_stays_at_the_port_that_it_has_got_when_the_one_it_wanted_is_free_meanwhile()
    {
        DhtNodeClient first = await _network.AddBootstrapAsync();
        DhtNodeClient second = await _network.AddAsync(new DhtNodeActorOptions { Bind = first.Address });
        await first.StopAsync();
        await second.SuspendAsync();
        await second.ResumeAsync();
        Assert.NotEqual(first.Address.Port, second.Address.Port);
        Assert.Equal(second.Address.Port, (await second.GetStateAsync()).ServerPort);
    }

    [Fact]
    public async Task A_node_that_begins_with_given_nodes_only_is_answered_by_them_and_known_to_them()
    {
        DhtNodeClient given = await _network.AddBootstrapAsync();
        given.Node.Tell(new DhtNodeProtocol.ServeRequests(_network.System.ActorOf(Props.Create(() => new Echo()))));
        DhtNodeClient node = await _network.AddAsync(new DhtNodeActorOptions
        {
            Node = new DhtNodeOptions { Nodes = [given.Address], Persistence = DhtPersistence.Persistent },
            Bind = PeerAddress.Loopback(0),
        });
        Assert.Equal(given.Address, Assert.Single(await node.GetNodesAsync()));
        QueryResult result = await node.QueryAsync(new QueryDefinition(default, DhtCommand.External(52)) { Value = new byte[] { 7 } });
        Assert.Equal([7], Assert.Single(result.Closest).Value!.Value.ToArray());
        Assert.Equal(node.Address, Assert.Single(await given.GetNodesAsync()));
    }

    [Fact]
    public async Task A_resumed_node_takes_another_port_when_its_own_is_taken_meanwhile()
    {
        await _network.AddBootstrapAsync();
        DhtNodeClient node = await _network.AddAsync(DhtPersistence.Persistent);
        await node.SuspendAsync();
        DhtNodeClient usurper = await _network.AddAsync(new DhtNodeActorOptions { Bind = node.Address, IsPortFixed = true });
        await node.ResumeAsync();

        Assert.Equal(node.Address, usurper.Address);
        Assert.NotEqual(node.Address.Port, (await node.GetStateAsync()).ServerPort);
        Assert.NotNull(await node.PingAsync(_network.Bootstrap));
    }

    [Fact]
    public async Task Nodes_given_at_the_start_are_asked_without_a_bootstrap_node_and_are_listed_newest_first()
    {
        await _network.AddBootstrapAsync();
        DhtNodeClient known = await _network.AddAsync(DhtPersistence.Persistent);
        DhtNodeClient node = await _network.AddAsync(new DhtNodeActorOptions
        {
            Node = new DhtNodeOptions { Nodes = [known.Address], Persistence = DhtPersistence.Ephemeral },
            Bind = PeerAddress.Loopback(0),
        });
        Assert.Contains(_network.Bootstrap, await node.GetNodesAsync());

        PeerAddress added = PeerAddress.Loopback(1);
        node.Node.Tell(new DhtNodeProtocol.AddNode(added));
        Assert.Equal(added, Assert.Single(await node.GetNodesAsync(1)));
        Assert.Empty(await node.GetNodesAsync(0));
        Assert.Equal(3, (await node.GetNodesAsync()).Length);
    }

    [Fact]
    public async Task A_ping_comes_back_with_our_own_address()
    {
        await _network.AddBootstrapAsync();
        DhtNodeClient node = await _network.AddAsync(DhtPersistence.Ephemeral);
        ReceivedReply? reply = await node.PingAsync(_network.Bootstrap);
        Assert.Equal(NodeId.Of(_network.Bootstrap), reply?.Id);
        Assert.Equal(PeerAddress.Loopback(0).Host, reply?.To.Host);
    }

    [Fact]
    public async Task An_unserved_command_is_answered_as_unknown_and_a_served_one_goes_to_its_handler()
    {
        DhtNodeClient server = await _network.AddBootstrapAsync();
        DhtNodeClient client = await _network.AddAsync(DhtPersistence.Ephemeral);
        OutgoingRequest request = new(_network.Bootstrap, DhtCommand.External(9)) { Target = default(Bytes32) };
        Assert.Equal(DhtError.UnknownCommand, (await client.RequestAsync(request))?.Error);

        server.Node.Tell(new DhtNodeProtocol.ServeRequests(_network.System.ActorOf(Props.Create(() => new Echo()), "echo")));
        ReceivedReply? reply = await client.RequestAsync(request with { Value = new byte[] { 1, 2, 3 } });
        Assert.Equal([1, 2, 3], reply!.Value!.Value.ToArray());
        Assert.NotNull(reply.Token);
    }

    [Fact]
    public async Task A_commit_reaches_the_closest_nodes_with_their_tokens()
    {
        await _network.AddBootstrapAsync();
        for (int node = 0; node < 3; node++)
            await _network.AddAsync(DhtPersistence.Persistent);
        foreach (DhtNodeClient node in _network.Nodes)
            node.Node.Tell(new DhtNodeProtocol.ServeRequests(_network.System.ActorOf(Props.Create(() => new Echo()))));
        QueryDefinition definition = new(default, DhtCommand.External(3));
        definition = definition with { Commit = definition.CommitSame(DhtCommand.External(4), null) };
        QueryResult result = await _network.Nodes[^1].QueryAsync(definition);
        Assert.Equal(QueryStatus.Completed, result.Status);
        Assert.Equal(3, result.Accepted.Length);
    }

    [Fact]
    public async Task Random_bytes_on_the_port_are_counted_and_the_node_goes_on()
    {
        DhtNodeClient node = await _network.AddBootstrapAsync();
        SeededEntropy entropy = new(2, "noise");
        using IDatagramPort noise = new UdpPorts().Bind(PeerAddress.Loopback(0), new Runtime.BatchCollector());
        for (int round = 0; round < 500; round++)
        {
            byte[] bytes = new byte[1 + entropy.NextInt32(200)];
            entropy.Fill(bytes);
            noise.Send(bytes, _network.Bootstrap);
        }

        DhtNodeClient guest = await _network.AddAsync(DhtPersistence.Ephemeral);
        Assert.NotNull(await guest.PingAsync(_network.Bootstrap));
        Assert.InRange((await node.GetTrafficAsync()).Malformed, 100, 500);
    }

    [Fact]
    public async Task A_busy_fixed_port_is_reported_and_a_stopped_node_frees_its_port()
    {
        DhtNodeClient first = await _network.AddBootstrapAsync();
        DhtNodeActorOptions again = DhtNodeActorOptions.Bootstrapper(_network.Bootstrap, _network.Bootstrap.Host);
        PortInUseException error = await Assert.ThrowsAsync<PortInUseException>(() => _network.AddAsync(again));
        Assert.Equal(_network.Bootstrap, error.Address);
        await first.StopAsync();
        Assert.NotNull(await _network.AddAsync(again));
    }

    [Fact]
    public async Task A_wanted_port_that_is_busy_gives_way_to_one_of_the_next()
    {
        DhtNodeClient first = await _network.AddBootstrapAsync();
        DhtNodeClient second = await _network.AddAsync(new DhtNodeActorOptions { Bind = first.Address });
        Assert.InRange(second.Address.Port, first.Address.Port + 1, first.Address.Port + 4);
    }

    [Fact]
    public async Task A_node_that_stops_settles_the_requests_made_of_it()
    {
        DhtNodeClient node = await _network.AddBootstrapAsync();
        using IDatagramPort silent = new UdpPorts().Bind(PeerAddress.Loopback(0), new Runtime.BatchCollector());
        Task<ReceivedReply?> ping = node.PingAsync(silent.LocalAddress);
        Task<QueryResult> query = node.QueryAsync(new QueryDefinition(default, DhtCommand.FindNode) { StartNodes = [silent.LocalAddress] });
        await node.GetStateAsync();
        await node.StopAsync();
        Assert.Null(await ping);
        Assert.Equal(QueryStatus.Cancelled, (await query).Status);
    }

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is DhtNodeProtocol.RequestReceived received)
                Sender.Tell(new DhtNodeProtocol.Answer(received.Request, DhtAnswer.Success(received.Request.Value)));
        }
    }
}

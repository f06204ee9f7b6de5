using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.DhtRpc.Routing;

namespace AuctionActors.Interop.Tests.DhtRpc;

public sealed class DhtInteropTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly RealRuntime _runtime = new("dht-interop");
    private int _started;

    public void Dispose() => _runtime.Dispose();

    [Fact]
    public async Task JavaScript_nodes_bootstrap_from_ours_and_find_each_other()
    {
        DhtNodeClient bootstrap = await StartAsync(DhtNodeActorOptions.Bootstrapper(Discarding.FreePort(_runtime.Ports), PeerAddress.Loopback(0).Host));
        using NodePeer peers = NodePeer.Start("dht.js", "--bootstrap", bootstrap.Address.ToString(), "--count", "5", "--persistent");
        JsonObject[] ready = [.. Enumerable.Range(0, 5).Select(_ => peers.ReadEvent("ready"))];

        Assert.All(ready, node => Assert.Equal(NodeId.Of(AddressOf(node)).ToString(), (string?)node["id"]));
        Bytes32 target = new SeededEntropy(1, "target").Next32();
        PeerAddress[] others = [bootstrap.Address, .. ready.Skip(1).Select(AddressOf)];
        Assert.Equal(ByDistance(others, target), Find(peers, target));

        RoutingSnapshot routing = await bootstrap.GetRoutingAsync();
        Assert.Equal(ready.Select(AddressOf).Order(), routing.Nodes.Select(node => node.Address).Order());
        peers.WriteLine("""{"op":"nodes"}""");
        JsonArray known = peers.ReadEvent("nodes")["nodes"]!.AsArray();
        Assert.All(known, node => Assert.Contains(bootstrap.Address.Port, Ports(node!["known"]!)));
    }

    [Fact]
    public async Task Our_nodes_bootstrap_from_a_JavaScript_one_and_are_in_its_routing_table()
    {
        PeerAddress address = Discarding.FreePort(_runtime.Ports);
        using NodePeer bootstrap = NodePeer.Start("dht.js", "--bootstrapper", $"{address.Port}");
        bootstrap.ReadEvent("ready");
        List<DhtNodeClient> nodes = [];
        for (int index = 0; index < 4; index++)
            nodes.Add(await StartAsync(Joining(address, DhtPersistence.Persistent)));

        foreach (DhtNodeClient node in nodes)
        {
            Assert.Equal(NodeId.Of(node.Address), (await node.GetStateAsync()).Id);
            Assert.Contains(address, (await node.GetRoutingAsync()).Nodes.Select(known => known.Address));
        }

        bootstrap.WriteLine("""{"op":"nodes"}""");
        JsonNode itself = bootstrap.ReadEvent("nodes")["nodes"]![0]!;
        Assert.Equal(nodes.Select(node => node.Address.Port).Order(), Ports(itself["known"]!).Order());

        Bytes32 target = new SeededEntropy(2, "target").Next32();
        PeerAddress[] others = [address, .. nodes.SkipLast(1).Select(node => node.Address)];
        ImmutableArray<PeerAddress> found = await nodes[^1].FindNodesAsync(target);
        Assert.Equal(ByDistance(others, target), found);
        Assert.Equal(ByDistance([.. nodes.Select(node => node.Address)], target), Find(bootstrap, target));
    }

    [Fact]
    public async Task An_adaptive_node_of_ours_learns_its_address_and_its_open_port_from_JavaScript_nodes()
    {
        PeerAddress address = Discarding.FreePort(_runtime.Ports);
        using NodePeer bootstrap = NodePeer.Start("dht.js", "--bootstrapper", $"{address.Port}");
        bootstrap.ReadEvent("ready");
        DhtNodeClient node = await StartAsync(Joining(address, DhtPersistence.Adaptive));
        await node.PingAsync(address);
        DhtNodeState state = await node.GetStateAsync();
        for (int attempt = 0; attempt < 20 && state.IsFirewalled; attempt++)
        {
            await node.PingAsync(address);
            state = await node.GetStateAsync();
        }

        Assert.True(state is { IsFirewalled: false, IsEphemeral: true });
        Assert.Equal(node.Address, state.OpenAddress);
    }

    [Fact]
    public async Task Pings_delayed_pings_and_unknown_commands_are_answered_as_JavaScript_expects()
    {
        DhtNodeClient bootstrap = await StartAsync(DhtNodeActorOptions.Bootstrapper(Discarding.FreePort(_runtime.Ports), PeerAddress.Loopback(0).Host));
        using NodePeer peer = NodePeer.Start("dht.js", "--bootstrap", bootstrap.Address.ToString());
        peer.ReadEvent("ready");
        ushort port = bootstrap.Address.Port;

        peer.WriteLine($$"""{"op":"ping","port":{{port}}}""");
        Assert.Equal("127.0.0.1", (string?)peer.ReadEvent("pong")["to"]!["host"]);
        peer.WriteLine($$"""{"op":"delayed","port":{{port}},"delay":120}""");
        Assert.InRange((int)peer.ReadEvent("delayed")["rtt"]!, 118, 1000);

        string target = new('a', 64);
        peer.WriteLine($$"""{"op":"request","port":{{port}},"command":99,"target":"{{target}}"}""");
        JsonObject unknown = peer.ReadEvent("reply");
        Assert.Equal(1, (int)unknown["error"]!);
        Assert.Null((string?)unknown["token"]);
        peer.WriteLine($$"""{"op":"request","port":{{port}},"command":99,"target":"{{target}}","token":"{{target}}"}""");
        JsonObject refused = peer.ReadEvent("reply");
        Assert.Equal(2, (int)refused["error"]!);
        Assert.Equal(64, ((string?)refused["token"])?.Length);
    }

    [Fact]
    public async Task JavaScript_nodes_answer_our_requests()
    {
        PeerAddress address = Discarding.FreePort(_runtime.Ports);
        using NodePeer bootstrap = NodePeer.Start("dht.js", "--bootstrapper", $"{address.Port}");
        bootstrap.ReadEvent("ready");
        DhtNodeClient node = await StartAsync(Joining(address, DhtPersistence.Ephemeral));

        Assert.Equal(NodeId.Of(address), (await node.PingAsync(address))?.Id);
        OutgoingRequest lookup = new(address, DhtCommand.External(3)) { Target = default(Bytes32) };
        ReceivedReply? found = await node.RequestAsync(lookup);
        Assert.NotNull(found?.Token);
        ReceivedReply? accepted = await node.RequestAsync(lookup with { Token = found.Token });
        Assert.Equal(DhtError.None, accepted?.Error);
        ReceivedReply? refused = await node.RequestAsync(lookup with { Token = default(Bytes32) });
        Assert.Equal(DhtError.InvalidToken, refused?.Error);
    }

    [Fact]
    public async Task A_bootstrap_node_that_has_left_its_suggested_address_is_found_by_its_name_on_either_side()
    {
        const string Left = "127.0.0.9@localhost";
        PeerAddress address = Discarding.FreePort(_runtime.Ports);
        using NodePeer bootstrap = NodePeer.Start("dht.js", "--bootstrapper", $"{address.Port}");
        bootstrap.ReadEvent("ready");
        Assert.True(BootstrapNode.TryParse($"{Left}:{address.Port}", out BootstrapNode? named));
        DhtNodeActorOptions options = Joining(address, DhtPersistence.Persistent);
        DhtNodeClient node = await StartAsync(options with { Node = options.Node with { BootstrapNodes = [named] } });
        Assert.Equal(address, Assert.Single(await node.GetNodesAsync()));
        Assert.Equal(NodeId.Of(node.Address), (await node.GetStateAsync()).Id);

        using NodePeer theirs = NodePeer.Start("dht.js", "--bootstrap", $"{Left}:{node.Address.Port}");
        theirs.ReadEvent("ready");
        theirs.WriteLine("""{"op":"nodes"}""");
        Assert.Contains(node.Address.Port, Ports(theirs.ReadEvent("nodes")["nodes"]![0]!["known"]!));
    }

    [Fact]
    public async Task What_a_JavaScript_node_counts_of_a_command_as_sent_we_count_as_received_and_the_other_way_round()
    {
        PeerAddress address = Discarding.FreePort(_runtime.Ports);
        using NodePeer peer = NodePeer.Start("dht.js", "--bootstrapper", $"{address.Port}");
        peer.ReadEvent("ready");
        DhtNodeClient node = await StartAsync(Joining(address, DhtPersistence.Persistent));
        for (int ping = 0; ping < 3; ping++)
        {
            peer.WriteLine($$"""{"op":"ping","port":{{node.Address.Port}}}""");
            peer.ReadEvent("pong");
        }

        await node.PingAsync(address);
        Find(peer, default);
        peer.WriteLine("""{"op":"stats"}""");
        JsonNode theirs = peer.ReadEvent("stats")["commands"]!;
        DhtNodeProtocol.NodeTraffic ours = await node.GetTrafficAsync();
        foreach ((string name, DhtCommand command) in (ReadOnlySpan<(string, DhtCommand)>)[("ping", DhtCommand.Ping), ("findNode", DhtCommand.FindNode)])
        {
            CommandCount count = ours.Commands.Single(count => count.Command == command);
            Assert.Equal(((long)theirs[name]!["tx"]!, (long)theirs[name]!["rx"]!), (count.Received, count.Received));
            Assert.True(count.Received > 0 && count.Made > 0 && count.Answered == count.Made, name);
        }

        Assert.True(ours.Queries is { Started: > 0, Running: 0 });
    }

    [Fact]
    public async Task A_node_of_either_side_that_was_suspended_is_found_again_where_it_was()
    {
        PeerAddress address = Discarding.FreePort(_runtime.Ports);
        using NodePeer bootstrap = NodePeer.Start("dht.js", "--bootstrapper", $"{address.Port}");
        bootstrap.ReadEvent("ready");
        DhtNodeClient node = await StartAsync(Joining(address, DhtPersistence.Persistent));

        await node.SuspendAsync();
        bootstrap.WriteLine($$"""{"op":"ping","port":{{node.Address.Port}}}""");
        Assert.Equal("REQUEST_TIMEOUT", (string?)bootstrap.ReadEvent("failed")["code"]);
        await node.ResumeAsync();
        bootstrap.WriteLine($$"""{"op":"ping","port":{{node.Address.Port}}}""");
        bootstrap.ReadEvent("pong");

        bootstrap.WriteLine("""{"op":"suspend"}""");
        bootstrap.ReadEvent("suspended");
        Assert.Null(await node.PingAsync(address));
        bootstrap.WriteLine("""{"op":"resume"}""");
        bootstrap.ReadEvent("resumed");
        Assert.Equal(NodeId.Of(address), (await node.PingAsync(address))?.Id);
        Assert.Contains(address, await node.GetNodesAsync());
    }

    private static DhtNodeActorOptions Joining(PeerAddress bootstrap, DhtPersistence persistence)
        => new()
        {
            Node = new DhtNodeOptions { BootstrapNodes = [bootstrap], Persistence = persistence },
            Bind = PeerAddress.Loopback(0),
        };

    private static PeerAddress[] ByDistance(PeerAddress[] addresses, Bytes32 target)
        => [.. addresses.OrderBy(address => NodeId.Of(address).DistanceTo(target))];

    private static PeerAddress AddressOf(JsonObject node) => PeerAddress.Loopback((int)node["port"]!);

    private static IEnumerable<ushort> Ports(JsonNode list) => list.AsArray().Select(port => (ushort)(int)port!);

    private static PeerAddress[] Find(NodePeer peer, Bytes32 target)
    {
        peer.WriteLine($$"""{"op":"find","target":"{{target}}"}""");
        return [.. peer.ReadEvent("found")["nodes"]!.AsArray().Select(node => Parse((string)node!))];
    }

    private static PeerAddress Parse(string text) => PeerAddress.TryParse(text, out PeerAddress address) ? address : default;

    private Task<DhtNodeClient> StartAsync(DhtNodeActorOptions options)
        => DhtNodeClient.StartAsync(_runtime.System, _runtime.Peer("node-" + ++_started, new MemoryFileStore()), options, Patience);
}

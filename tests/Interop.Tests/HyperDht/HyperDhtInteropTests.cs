using System.Text;
using System.Text.Json.Nodes;
using Akka.Actor;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Interop.Tests.HyperDht;

public sealed class HyperDhtInteropTests : DhtInteropKit
{
    private static readonly Bytes32 Topic = Blake2b.Hash256("topic"u8);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Five_JavaScript_nodes_that_know_only_ours_announce_look_up_and_connect_to_each_other(bool arePersistent)
    {
        await StartNetworkAsync();
        using NodePeer peers = Peers(5, arePersistent ? ["--persistent"] : []);
        for (int node = 0; node < 5; node++)
        {
            Write(peers, new JsonObject { ["op"] = "listen", ["node"] = node, ["seed"] = Seed(node) });
            Assert.NotEmpty(peers.ReadEvent("listening")["relays"]!.AsArray());
            Write(peers, new JsonObject { ["op"] = "announce", ["node"] = node, ["topic"] = Topic.ToHex(), ["seed"] = Seed(node) });
            peers.ReadEvent("announced");
        }

        Write(peers, new JsonObject { ["op"] = "lookup", ["node"] = 2, ["topic"] = Topic.ToHex() });
        Assert.Equal(Enumerable.Range(0, 5).Select(Key).Order(), Found(peers.ReadEvent("peers")));
        for (int node = 0; node < 5; node++)
            Assert.Equal("hello", Echo(peers, node, Key((node + 1) % 5)));

        Write(peers, new JsonObject { ["op"] = "unannounce", ["node"] = 0, ["topic"] = Topic.ToHex(), ["seed"] = Seed(0) });
        peers.ReadEvent("unannounced");
        Write(peers, new JsonObject { ["op"] = "lookup", ["node"] = 2, ["topic"] = Topic.ToHex() });
        Assert.Equal(Enumerable.Range(1, 4).Select(Key).Order(), Found(peers.ReadEvent("peers")));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task A_JavaScript_client_connects_to_our_server(bool isServerFirewalled, bool isClientOpen)
    {
        await StartNetworkAsync();
        HyperDhtClient server = await JoinAsync(isServerFirewalled);
        Assert.NotEmpty((await ListenAsync(server)).Relays);
        using NodePeer peers = Peers(1, isClientOpen ? ["--open"] : []);
        Assert.Equal("hello", Echo(peers, 0, Ours.PublicKey.ToHex()));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Our_client_connects_to_a_JavaScript_server(bool isClientFirewalled, bool isServerOpen)
    {
        await StartNetworkAsync();
        using NodePeer peers = Peers(1, isServerOpen ? ["--open"] : []);
        Write(peers, new JsonObject { ["op"] = "listen", ["seed"] = Seed(0) });
        peers.ReadEvent("listening");
        Assert.Equal("hello", await EchoAsync(await JoinAsync(isClientFirewalled), ParseKey(Key(0))));
        Assert.Equal(Ours.PublicKey.ToHex(), (string?)peers.ReadEvent("connection")["key"]);
    }

    [Fact]
    public async Task JavaScript_peers_on_the_wildcard_address_connect_to_ours_and_ours_to_them()
    {
        await StartNetworkAsync();
        await ListenAsync(await JoinAsync(isFirewalled: true));
        using NodePeer peers = Peers(1, ["--host", "0.0.0.0"]);
        Assert.Equal("hello", Echo(peers, 0, Ours.PublicKey.ToHex()));
        Write(peers, new JsonObject { ["op"] = "listen", ["seed"] = Seed(0) });
        peers.ReadEvent("listening");
        Assert.Equal("hello", await EchoAsync(await JoinAsync(isFirewalled: false), ParseKey(Key(0))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_JavaScript_server_hears_at_once_that_a_dial_was_given_up(bool isClientFirewalled)
    {
        await StartNetworkAsync();
        using NodePeer peers = Peers(1, []);
        Write(peers, new JsonObject { ["op"] = "listen", ["seed"] = Seed(0) });
        peers.ReadEvent("listening");
        HyperDhtClient client = await JoinAsync(isClientFirewalled);
        for (int tag = 0; tag < 20; tag++)
        {
            client.Dht.Tell(new HyperDhtProtocol.Connect(tag, ParseKey(Key(0)), Ours), ActorRefs.NoSender);
            client.Dht.Tell(new HyperDhtProtocol.CancelConnect(tag), ActorRefs.NoSender);
            peers.ReadEvent("connection");
            peers.ReadEvent("ended", TimeSpan.FromSeconds(5));
        }
    }

    [Fact]
    public async Task Refused_clients_of_either_side_get_no_connection()
    {
        await StartBootstrapAsync();
        HyperDhtClient node = await JoinAsync(isFirewalled: false);
        await ListenAsync(node, (key, _, _) => key.ToHex() == Key(7));
        using NodePeer peers = Peers(1, []);
        Write(peers, new JsonObject { ["op"] = "connect", ["key"] = Ours.PublicKey.ToHex(), ["data"] = "00", ["seed"] = Seed(7) });
        Assert.Equal("PEER_CONNECTION_FAILED", (string?)peers.ReadEvent("failed")["code"]);
        Write(peers, new JsonObject { ["op"] = "listen", ["seed"] = Seed(0), ["refused"] = Ours.PublicKey.ToHex() });
        peers.ReadEvent("listening");
        HyperDhtProtocol.IEvent outcome = await node.ConnectAsync(ParseKey(Key(0)), Ours);
        Assert.Equal("PEER_CONNECTION_FAILED", Assert.IsType<HyperDhtProtocol.ConnectFailed>(outcome).Code);
    }

    [Fact]
    public async Task A_closed_server_of_either_side_is_not_found()
    {
        await StartBootstrapAsync();
        HyperDhtClient node = await JoinAsync(isFirewalled: true);
        await ListenAsync(node);
        await node.StopListeningAsync(Ours.PublicKey);
        using NodePeer peers = Peers(1, []);
        Write(peers, new JsonObject { ["op"] = "connect", ["key"] = Ours.PublicKey.ToHex(), ["data"] = "00" });
        Assert.Equal("PEER_NOT_FOUND", (string?)peers.ReadEvent("failed")["code"]);
        Write(peers, new JsonObject { ["op"] = "listen", ["seed"] = Seed(0) });
        peers.ReadEvent("listening");
        Write(peers, new JsonObject { ["op"] = "close", ["key"] = Key(0) });
        peers.ReadEvent("closed");
        HyperDhtProtocol.IEvent outcome = await node.ConnectAsync(ParseKey(Key(0)), Ours);
        Assert.Equal("PEER_NOT_FOUND", Assert.IsType<HyperDhtProtocol.ConnectFailed>(outcome).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_suspended_server_of_either_side_is_not_found_and_a_resumed_one_is(bool isWholeNode)
    {
        await StartNetworkAsync();
        (HyperDhtClient node, DhtNodeClient rest) = await StartAsync(Joining(isFirewalled: true));
        await ListenAsync(node);
        using NodePeer peers = Peers(2, ["--persistent"]);
        await (isWholeNode ? rest.SuspendAsync() : node.SuspendListeningAsync(Ours.PublicKey));
        Write(peers, new JsonObject { ["op"] = "connect", ["key"] = Ours.PublicKey.ToHex(), ["data"] = "00" });
        Assert.Equal("PEER_NOT_FOUND", (string?)peers.ReadEvent("failed")["code"]);
        if (isWholeNode)
            await rest.ResumeAsync();
        else
            node.ResumeListening(Ours.PublicKey);
        Assert.Equal("hello", await ReachAsync(() => Task.FromResult(Echo(peers, 0, Ours.PublicKey.ToHex()))));

        Write(peers, new JsonObject { ["op"] = "listen", ["seed"] = Seed(0) });
        peers.ReadEvent("listening");
        JsonObject order = new() { ["op"] = "suspend", ["key"] = isWholeNode ? null : Key(0) };
        Write(peers, order);
        peers.ReadEvent("suspended");
        HyperDhtProtocol.IEvent outcome = await node.ConnectAsync(ParseKey(Key(0)), Ours);
        string expected = isWholeNode ? "PEER_NOT_FOUND" : "PEER_CONNECTION_FAILED"; // a persistent node still names a server of its own
        Assert.Equal(expected, Assert.IsType<HyperDhtProtocol.ConnectFailed>(outcome).Code);
        order["op"] = "resume";
        Write(peers, order);
        peers.ReadEvent("resumed");
        Assert.Equal("hello", await ReachAsync(() => EchoAsync(node, ParseKey(Key(0)))));
    }

    [Fact]
    public async Task Announcements_of_either_side_are_found_by_the_other()
    {
        await StartBootstrapAsync();
        HyperDhtClient ours = await JoinAsync(isFirewalled: true);
        using NodePeer peers = Peers(3, ["--persistent"]);
        Assert.Equal(4, (await ours.AnnounceAsync(Topic, Ours)).Nodes.Length);
        Write(peers, new JsonObject { ["op"] = "announce", ["topic"] = Topic.ToHex(), ["seed"] = Seed(0) });
        peers.ReadEvent("announced");
        string[] expected = [.. new[] { Ours.PublicKey.ToHex(), Key(0) }.Order()];
        Write(peers, new JsonObject { ["op"] = "lookup", ["node"] = 1, ["topic"] = Topic.ToHex() });
        Assert.Equal(expected, Found(peers.ReadEvent("peers")));
        HyperDhtProtocol.PeersFound found = await ours.LookupAsync(Topic);
        Assert.Equal(expected, found.Peers.Select(peer => peer.Record.PublicKey.ToHex()).Distinct().Order());
        Assert.Equal(4, (await ours.UnannounceAsync(Topic, Ours)).Nodes.Length);
        Write(peers, new JsonObject { ["op"] = "lookup", ["node"] = 1, ["topic"] = Topic.ToHex() });
        Assert.Equal([Key(0)], Found(peers.ReadEvent("peers")));
    }

    [Fact]
    public async Task What_is_signed_where_the_secret_key_is_JavaScript_nodes_accept()
    {
        await StartBootstrapAsync();
        HyperDhtClient ours = await JoinAsync(isFirewalled: true);
        using NodePeer peers = Peers(3, ["--persistent"]);
        KeyPair elsewhere = KeyPair.FromSigner(Theirs.PublicKey, message => Ed25519.Sign(Theirs, message));
        Assert.Equal(4, (await ours.AnnounceAsync(Topic, elsewhere)).Nodes.Length);
        Write(peers, new JsonObject { ["op"] = "lookup", ["node"] = 1, ["topic"] = Topic.ToHex() });
        Assert.Equal([Theirs.PublicKey.ToHex()], Found(peers.ReadEvent("peers")));
        Assert.Equal(4, (await ours.UnannounceAsync(Topic, elsewhere)).Nodes.Length);
        Assert.Equal(4, (await ours.PutMutableAsync(elsewhere, 1, "signed"u8.ToArray())).Nodes.Length);
        Write(peers, new JsonObject { ["op"] = "getMutable", ["key"] = Theirs.PublicKey.ToHex() });
        Assert.Equal("signed", Text(peers.ReadEvent("value")["value"]));
        Assert.Throws<InvalidOperationException>(() => elsewhere.ExportSeed());
    }

    [Fact]
    public async Task Values_are_written_and_read_across()
    {
        await StartBootstrapAsync();
        HyperDhtClient ours = await JoinAsync(isFirewalled: true);
        using NodePeer peers = Peers(2, ["--persistent"]);
        Assert.Equal(3, (await ours.PutImmutableAsync("ours"u8.ToArray())).Nodes.Length);
        Write(peers, new JsonObject { ["op"] = "getImmutable", ["hash"] = Blake2b.Hash256("ours"u8).ToHex() });
        Assert.Equal("ours", Text(peers.ReadEvent("value")["value"]));
        Write(peers, new JsonObject { ["op"] = "putImmutable", ["value"] = Hex("theirs") });
        Assert.True(Bytes32.TryParseHex((string?)peers.ReadEvent("put")["hash"], out Bytes32 hash));
        Assert.Equal("theirs", Encoding.UTF8.GetString((await ours.GetImmutableAsync(hash)).Value!.Value.Span));

        await ours.PutMutableAsync(Ours, 3, "mutable"u8.ToArray());
        Write(peers, new JsonObject { ["op"] = "getMutable", ["key"] = Ours.PublicKey.ToHex() });
        JsonObject read = peers.ReadEvent("value");
        Assert.Equal(("mutable", 3), (Text(read["value"]), (int)read["seq"]!));
        Write(peers, new JsonObject { ["op"] = "putMutable", ["seed"] = Seed(0), ["seq"] = 9, ["value"] = Hex("nine") });
        peers.ReadEvent("put");
        HyperDhtProtocol.ValueRead value = await ours.GetMutableAsync(ParseKey(Key(0)));
        Assert.Equal((9ul, "nine"), (value.Sequence, Encoding.UTF8.GetString(value.Value!.Value.Span)));
    }

    private static string Seed(int number) => Blake2b.Hash256([(byte)number]).ToHex();

    private static string Key(int number) => KeyPair.FromSeed(Blake2b.Hash256([(byte)number])).PublicKey.ToHex();

    private static string Hex(string text) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text));

    private static string Text(JsonNode? hex) => Encoding.UTF8.GetString(Convert.FromHexString((string)hex!));

    private static PublicKey ParseKey(string hex) => PublicKey.TryParse(hex, out PublicKey key) ? key : throw new FormatException(hex);

    private static IEnumerable<string> Found(JsonObject lookup)
        => lookup["peers"]!.AsArray().Select(peer => (string)peer!["key"]!).Distinct().Order();

    private static string Echo(NodePeer peers, int node, string key)
    {
        Write(peers, new JsonObject { ["op"] = "connect", ["node"] = node, ["key"] = key, ["data"] = Hex("hello") });
        JsonObject outcome = peers.ReadJson(json => (string?)json["event"] is "echo" or "failed");
        return (string?)outcome["event"] == "echo" ? Text(outcome["data"]) : outcome.ToJsonString();
    }

    // A resumed server is announced some time after its node is there.
    private static async Task<string> ReachAsync(Func<Task<string>> connect)
    {
        string outcome = await connect();
        for (int i = 0; i < 20 && outcome != "hello"; i++)
            outcome = await connect();
        return outcome;
    }
}

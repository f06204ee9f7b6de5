using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Runtime.Udp;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Interop.Tests.BlindRelay;

/// <summary><c>auction dht relay</c> as a process, between peers that have no other way to each other.</summary>
public sealed class RelayVerbTests : IDisposable
{
    private static readonly string Seed = Blake2b.Hash256("relay"u8).ToHex();
    private static readonly string Key = KeyPair.FromSeed(Blake2b.Hash256("relay"u8)).PublicKey.ToHex();
    private static readonly string ServerSeed = Blake2b.Hash256("server"u8).ToHex();
    private static readonly string ServerKey = KeyPair.FromSeed(Blake2b.Hash256("server"u8)).PublicKey.ToHex();
    private readonly string _bootstrap;
    private readonly NodePeer _network;

    public RelayVerbTests()
    {
        _bootstrap = FreePort();
        _network = AuctionCommand.Start("bootstrap", "--host", "127.0.0.1", "--port", PortOf(_bootstrap), "--json");
        _network.ReadEvent("ready");
    }

    public void Dispose() => _network.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void JavaScript_peers_reach_each_other_through_a_relay_that_the_command_runs(bool isServersRelay)
    {
        string address = FreePort();
        using NodePeer relay = StartRelay("--port", PortOf(address), "--stats", "1", "--json");
        Assert.Equal(Key, (string?)relay.ReadJson()["publicKey"]);
        using NodePeer peers = NodePeer.Start("hyperdht.js", "--bootstrap", _bootstrap, "--count", "2");
        for (int i = 0; i < 2; i++)
            peers.ReadEvent("ready");
        Write(peers, new JsonObject { ["op"] = "listen", ["node"] = 0, ["seed"] = ServerSeed, ["relayThrough"] = isServersRelay ? Key : "any" });
        peers.ReadEvent("listening");
        Write(peers, new JsonObject { ["op"] = "connect", ["node"] = 1, ["key"] = ServerKey, ["data"] = "0102", ["relayThrough"] = isServersRelay ? "any" : Key });
        JsonObject outcome = peers.ReadJson(json => (string?)json["event"] is "echo" or "failed");
        Assert.Equal(("0102", address), ((string?)outcome["data"], (string?)outcome["remote"]));
        JsonObject seen = relay.ReadJson(line => (long)line["statistics"]!["forwardedBytes"]! > 0)["statistics"]!.AsObject();
        Assert.Equal((2, 1), ((int)seen["pairingsRequested"]!, (int)seen["pairingsMatched"]!));
    }

    [Fact]
    public void A_relay_that_a_supervisor_ends_has_succeeded_and_is_no_longer_announced()
    {
        using NodePeer relay = StartRelay();
        Assert.Equal("blind relay listening on public key: " + Key, relay.ReadLine());
        Assert.Equal((0, Key), Find());
        relay.Terminate();
        Assert.Equal(0, relay.WaitForExit());
        Assert.Equal((4, "PEER_NOT_FOUND"), Find());
    }

    [Theory]
    [InlineData("--seed", "abc", "USAGE")]
    [InlineData("--port", null, "PORT_IN_USE")]
    [InlineData("--stats", "0", "USAGE")]
    public void A_relay_that_cannot_start_says_why_in_one_line(string option, string? value, string code)
    {
        using NodePeer relay = AuctionCommand.Start("dht", "relay", "--bootstrap", _bootstrap, option, value ?? PortOf(_bootstrap), "--json");
        Assert.Equal(code, (string?)relay.ReadJson()["error"]!["code"]);
        Assert.Equal(2, relay.WaitForExit());
        Assert.DoesNotContain("   at ", relay.Diagnostics, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_for_which_there_is_another_way_needs_no_relay()
    {
        using NodePeer server = AuctionCommand.Start("rpc", "serve", "--bootstrap", _bootstrap, "--seed", ServerSeed, "--relay-through", Key, "--json");
        Assert.Equal(ServerKey, (string?)server.ReadJson()["publicKey"]);
        using NodePeer call = AuctionCommand.Start("rpc", "call", ServerKey, "echo", "0102", "--bootstrap", _bootstrap, "--relay-through", $"{Key},{Key}", "--json");
        JsonObject answer = call.ReadJson();
        Assert.Equal((0, "0102", "direct"), (call.WaitForExit(), (string?)answer["value"], (string?)answer["path"]));
    }

    private static string FreePort() => Discarding.FreePort(new UdpPorts()).ToString();

    private static string PortOf(string address) => address.Split(':')[1];

    private static void Write(NodePeer peers, JsonObject message) => peers.WriteLine(message.ToJsonString());

    private NodePeer StartRelay(params string[] more)
        => AuctionCommand.Start(["dht", "relay", "--bootstrap", _bootstrap, "--host", "127.0.0.1", "--seed", Seed, .. more]);

    // The key that was found, or the code of the error.
    private (int Exit, string? Outcome) Find()
    {
        (int exit, List<JsonObject> output) = AuctionCommand.Run("dht", "find-peer", Key, "--bootstrap", _bootstrap, "--host", "127.0.0.1");
        return (exit, (string?)(output[0]["publicKey"] ?? output[0]["error"]?["code"]));
    }
}

using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Runtime.Udp;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Interop.Tests.Rpc;

/// <summary><c>auction rpc</c> as a process, against itself and against JavaScript.</summary>
public sealed class RpcVerbTests : IDisposable
{
    // After the end of the server; a client that is told nothing takes longer to give up.
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);
    private static readonly string Seed = Blake2b.Hash256("served"u8).ToHex();
    private static readonly string Key = KeyPair.FromSeed(Blake2b.Hash256("served"u8)).PublicKey.ToHex();
    private readonly string _bootstrap;
    private readonly NodePeer _network;

    public RpcVerbTests()
    {
        _bootstrap = Discarding.FreePort(new UdpPorts()).ToString();
        _network = AuctionCommand.Start("bootstrap", "--host", "127.0.0.1", "--port", _bootstrap.Split(':')[1], "--json");
        _network.ReadEvent("ready");
    }

    public void Dispose() => _network.Dispose();

    [Fact]
    public void Serve_answers_our_call_and_a_JavaScript_client()
    {
        using NodePeer server = AuctionCommand.Start("rpc", "serve", "--bootstrap", _bootstrap, "--seed", Seed, "--json");
        Assert.Equal(Key, (string?)server.ReadJson()["publicKey"]);
        Assert.Equal((0, "68656c6c6f"), Call(Key, "echo", "68656c6c6f"));
        Assert.Equal((0, Hex("{\"nonce\":42}")), Call(Key, "ping", Hex("{\"nonce\":41}")));
        Assert.Equal((3, "UNKNOWN_METHOD"), Call(Key, "nope", "00"));
        Assert.Equal((3, "REQUEST_ERROR"), Call(Key, "ping", "00"));
        using NodePeer node = StartNode();
        node.WriteLine(new JsonObject { ["op"] = "call", ["key"] = Key, ["method"] = "echo", ["value"] = "0102", ["count"] = 50 }.ToJsonString());
        Assert.Equal("0102", (string?)node.ReadEvent("answer")["value"]);
    }

    [Fact]
    public void Call_reaches_a_JavaScript_server_and_times_many_calls()
    {
        using NodePeer node = StartNode();
        node.WriteLine(new JsonObject { ["op"] = "serve", ["seed"] = Seed }.ToJsonString());
        node.ReadEvent("serving");
        Assert.Equal((0, "0102"), Call(Key, "echo", "0102"));
        using NodePeer many = AuctionCommand.Start(
            "rpc", "call", Key, "echo", "0102", "--bootstrap", _bootstrap, "--count", "200", "--concurrency", "8", "--json");
        JsonObject result = many.ReadJson();
        Assert.Equal((200, true), ((int)result["count"]!, (double)result["perSecond"]! > 0));
    }

    [Fact]
    public void A_server_that_a_supervisor_ends_has_succeeded_and_its_JavaScript_client_hears_of_it_at_once()
    {
        using NodePeer server = AuctionCommand.Start("rpc", "serve", "--bootstrap", _bootstrap, "--seed", Seed, "--json");
        server.ReadJson();
        using NodePeer node = StartNode();
        node.WriteLine(new JsonObject { ["op"] = "keep", ["key"] = Key, ["method"] = "echo", ["value"] = "0102" }.ToJsonString());
        node.ReadEvent("kept");
        server.Terminate();
        Assert.Equal(0, server.WaitForExit());
        Assert.Equal("ECONNRESET", (string?)node.ReadEvent("lost", AtOnce)["code"]);
        Assert.Equal("CHANNEL_CLOSED", (string?)node.ReadEvent("failed", AtOnce)["code"]);
        Assert.Equal((4, "PEER_NOT_FOUND"), Call(Key, "echo", "00"));
    }

    [Fact]
    public void What_cannot_work_is_said_in_one_line_with_its_exit_code()
    {
        Assert.Equal((4, "PEER_NOT_FOUND"), Call(Key, "echo", "00"));
        Assert.Equal((2, "USAGE"), Call("abc", "echo", "00"));
        Assert.Equal((2, "USAGE"), Call(Key, "echo", "0"));
        _network.Kill();
        Assert.Equal((5, "OFFLINE"), Call(Key, "echo", "00"));
    }

    private static string Hex(string text) => Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(text));

    private NodePeer StartNode()
    {
        NodePeer node = NodePeer.Start("rpc.js", "--bootstrap", _bootstrap);
        node.ReadEvent("ready");
        return node;
    }

    // The value of the answer, or the code of the error.
    private (int Exit, string? Outcome) Call(string key, string method, string value)
    {
        using NodePeer call = AuctionCommand.Start("rpc", "call", key, method, value, "--bootstrap", _bootstrap, "--json");
        JsonObject answer = call.ReadJson();
        return (call.WaitForExit(), (string?)(answer["value"] ?? answer["error"]?["code"]));
    }
}

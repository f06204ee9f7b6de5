using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;

namespace AuctionActors.Interop.Tests.HyperDht;

public sealed class DhtVerbTests : IDisposable
{
    private const string Seed = "0101010101010101010101010101010101010101010101010101010101010101";
    private const string PublicKey = "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c";
    private const string Topic = "8197ab16630da3b3298f75d68a4230d39e4fb4d2ef46ec65aa3eadbb6cdb3048";
    private const string Hello = "324dcf027dd4a30a932c441f365a25e86b173defa4b8e58948253471b81b72cf";
    private readonly NodePeer _bootstrap;
    private readonly string _address;

    public DhtVerbTests()
    {
        using System.Net.Sockets.UdpClient probe = new(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        int port = ((System.Net.IPEndPoint)probe.Client.LocalEndPoint!).Port;
        probe.Close();
        _address = $"127.0.0.1:{port}";
        _bootstrap = Auction("bootstrap", "--host", "127.0.0.1", "--port", $"{port}", "--json");
        _bootstrap.ReadEvent("ready");
    }

    public void Dispose() => _bootstrap.Dispose();

    [Fact]
    public void Five_JavaScript_nodes_and_the_command_meet_at_our_bootstrap_node()
    {
        using NodePeer peers = NodePeer.Start("hyperdht.js", "--bootstrap", _address, "--count", "5", "--persistent");
        for (int i = 0; i < 5; i++)
            peers.ReadEvent("ready");
        Assert.Equal(PublicKey, (string?)Run(0, "announce", Topic, "--seed", Seed)["publicKey"]);
        peers.WriteLine($$"""{"op":"lookup","topic":"{{Topic}}"}""");
        Assert.Equal(PublicKey, (string?)peers.ReadEvent("peers")["peers"]![0]!["key"]);
        Assert.Equal(PublicKey, (string?)Run(0, "lookup", Topic)["publicKey"]);
        Run(0, "unannounce", Topic, "--seed", Seed);
        Assert.Equal("PEER_NOT_FOUND", (string?)Run(4, "lookup", Topic)["error"]!["code"]);

        peers.WriteLine($$"""{"op":"listen","seed":"{{Seed}}"}""");
        peers.ReadEvent("listening");
        Assert.Equal(PublicKey, (string?)Run(0, "find-peer", PublicKey)["publicKey"]);
        peers.WriteLine($$"""{"op":"connect","node":3,"key":"{{PublicKey}}","data":"0102"}""");
        Assert.Equal("0102", (string?)peers.ReadEvent("echo")["data"]);

        Assert.Equal(Hello, (string?)Run(0, "put-immutable", "68656c6c6f")["hash"]);
        peers.WriteLine($$"""{"op":"getImmutable","hash":"{{Hello}}"}""");
        Assert.Equal("68656c6c6f", (string?)peers.ReadEvent("value")["value"]);
        peers.WriteLine($$"""{"op":"putMutable","seed":"{{Seed}}","seq":4,"value":"0a"}""");
        peers.ReadEvent("put");
        Assert.Equal(5, (int)Run(0, "put-mutable", "0b", "--seed", Seed)["seq"]!);
        Assert.Equal("0b", (string?)Run(0, "get-mutable", PublicKey)["value"]);
        Assert.Equal("REJECTED", (string?)Run(3, "put-mutable", "0c", "--seed", Seed, "--seq", "1")["error"]!["code"]);
        Assert.Equal(_address, (string?)Run(0, "ping", _address)["from"]);
    }

    [Theory]
    [InlineData(2, "USAGE", "lookup", "xyz")]
    [InlineData(2, "USAGE", "put-mutable", "0a")]
    [InlineData(2, "USAGE", "ping", "127.0.0.1")]
    [InlineData(4, "NOT_FOUND", "get-immutable", Hello)]
    [InlineData(5, "TIMED_OUT", "ping", "127.0.0.1:1", "--timeout", "2")]
    public void Failures_have_their_code_and_their_word(int exitCode, string word, params string[] arguments)
        => Assert.Equal(word, (string?)Run(exitCode, arguments)["error"]!["code"]);

    private static NodePeer Auction(params string[] arguments)
    {
        string configuration = AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug";
        string program = Path.Combine(Checkout.Root, "src", "Cli", "bin", configuration, "net10.0", "auction.dll");
        return NodePeer.Launch("dotnet", [program, .. arguments], Checkout.Root);
    }

    private JsonObject Run(int exitCode, params string[] arguments)
    {
        using NodePeer command = Auction(["dht", .. arguments, "--bootstrap", _address, "--host", "127.0.0.1", "--json"]);
        JsonObject answer = command.ReadJson();
        Assert.Equal(exitCode, command.WaitForExit());
        return answer;
    }
}

using System.Text.Json.Nodes;
using Akka.Actor;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Networking.Rpc;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.Protomux.Rpc;

namespace AuctionActors.Interop.Tests.Rpc;

/// <summary>RPC over the DHT by public key, against @hyperswarm/rpc in both directions.</summary>
public sealed class RpcInteropTests : RpcInteropKit
{
    private static readonly KeyPair Server = KeyPair.FromSeed(Blake2b.Hash256("server"u8));
    private readonly TaskCompletionSource<byte[]> _event = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task A_JavaScript_client_calls_our_server(bool isFirewalled, bool isPooled)
    {
        await StartBootstrapAsync();
        await ServeAsync(isFirewalled);
        using NodePeer node = StartNode();
        JsonObject answer = Call(node, "echo", "010203", isPooled);
        Assert.True((string?)answer["value"] == "010203", answer.ToJsonString());
        JsonObject many = Call(node, "echo", "aa", isPooled, count: 500);
        Assert.Equal((500, true), ((int)many["count"]!, (bool)many["same"]!));
        Assert.Null((string?)Call(node, "echo", null, isPooled)["value"]);
        Assert.Equal(200_000, ((string)Call(node, "echo", new string('5', 200_000), isPooled)["value"]!).Length);
        Assert.Equal("UNKNOWN_METHOD: Unknown method 'nope'", (string?)Call(node, "nope", "00", isPooled)["message"]);
        JsonObject failed = Call(node, "fail", "00", isPooled);
        Assert.Equal(("REQUEST_ERROR", "PURPOSE"), ((string?)failed["code"], (string?)failed["cause"]!["code"]));
        Write(node, new JsonObject { ["op"] = "event", ["key"] = Server.PublicKey.ToHex(), ["method"] = "echo", ["value"] = "07", ["pooled"] = isPooled });
        Assert.Equal([7], await _event.Task.WaitAsync(Patience));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Our_client_calls_a_JavaScript_server(bool isFirewalled, bool isTheirsOpen)
    {
        await StartBootstrapAsync();
        using NodePeer node = StartNode(isTheirsOpen ? ["--open"] : []);
        Serve(node);
        HyperswarmRpcClient client = await JoinAsync(new HyperswarmRpcOptions { KeyPair = Dialler, Dht = Dht(isFirewalled) });
        Assert.Equal([1, 2, 3], await ValueAsync(client, "echo", [1, 2, 3]));
        Assert.Equal(Dialler.PublicKey.ToHex(), (string?)node.ReadEvent("connection")["key"]);
        Assert.Empty(await ValueAsync(client, "null", [1]));
        Assert.Equal(new byte[100_000], await ValueAsync(client, "echo", new byte[100_000]));
        byte[][] many = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => ValueAsync(client, i % 3 == 0 ? "slow" : "echo", [(byte)i])));
        Assert.Equal(Enumerable.Range(0, 300).Select(i => (byte)i), many.Select(value => value.Single()));
        RpcError error = Assert.IsType<RpcClientsProtocol.Failed>(await client.CallAsync(Theirs, new RpcMethod("fail"), default)).Error;
        Assert.Equal(new RpcError("REQUEST_ERROR", "Request failed", new RpcErrorCause("on purpose", "PURPOSE", "a test")), error);
        error = Assert.IsType<RpcClientsProtocol.Failed>(await client.CallAsync(Theirs, new RpcMethod("nope"), default)).Error;
        Assert.Equal(RpcErrorCode.UnknownMethod, error.Code);
        await client.StopAsync();
    }

    [Theory]
    [InlineData("secret", true)]
    [InlineData("another", false)]
    public async Task A_capability_admits_only_who_knows_it(string ours, bool isAdmitted)
    {
        await StartBootstrapAsync();
        RpcCapability capability = new(System.Text.Encoding.UTF8.GetBytes(ours));
        string theirs = Convert.ToHexStringLower("secret"u8);
        RpcClientsOptions clients = new() { Capability = capability };
        HyperswarmRpcOptions options = Serving(isFirewalled: true, server => server with { Capability = capability }) with { Clients = clients };
        HyperswarmRpcClient client = await JoinAsync(options);
        using NodePeer node = StartNode();
        Write(node, new JsonObject { ["op"] = "serve", ["seed"] = TheirSeed, ["capability"] = theirs });
        node.ReadEvent("serving");
        RpcClientsProtocol.IEvent outcome = await client.CallAsync(Theirs, new RpcMethod("echo"), new byte[] { 1 });
        JsonObject answer = Call(node, "echo", "01", isPooled: false, capability: theirs);
        Assert.Equal((isAdmitted, isAdmitted), (outcome is RpcClientsProtocol.Replied, (string?)answer["event"] == "answer"));
    }

    [Fact]
    public async Task A_key_that_nobody_serves_is_reported_as_not_found()
    {
        await StartBootstrapAsync();
        HyperswarmRpcClient client = await JoinAsync(new HyperswarmRpcOptions { KeyPair = Dialler, Dht = Dht(isFirewalled: true) });
        RpcError error = Assert.IsType<RpcClientsProtocol.Failed>(await client.CallAsync(Theirs, new RpcMethod("echo"), default)).Error;
        Assert.Equal((RpcErrorCode.ChannelClosed, ConnectFailureCodes.PeerNotFound), (error.Code, error.Cause?.Code));
    }

    [Fact]
    public async Task A_server_that_dies_fails_the_calls_that_are_out()
    {
        await StartBootstrapAsync();
        using NodePeer node = StartNode(["--open"]);
        Serve(node);
        HyperswarmRpcClient client = await JoinAsync(new HyperswarmRpcOptions { KeyPair = Dialler, Dht = Dht(isFirewalled: true) });
        await ValueAsync(client, "echo", [1]);
        Task<RpcClientsProtocol.IEvent> slow = client.CallAsync(Theirs, new RpcMethod("slow"), default);
        node.Kill();
        RpcError error = Assert.IsType<RpcClientsProtocol.Failed>(await slow).Error;
        Assert.Equal((RpcErrorCode.ChannelClosed, "ETIMEDOUT"), (error.Code, error.Cause?.Message));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Our_server_that_stops_fails_the_calls_of_a_JavaScript_client(bool isFirewalled)
    {
        await StartBootstrapAsync();
        HyperswarmRpcClient server = await ServeAsync(isFirewalled);
        using NodePeer node = StartNode();
        Assert.Equal("01", (string?)Call(node, "echo", "01", isPooled: false)["value"]);
        Write(node, Calling("never", "00", isPooled: false));
        await _called.Task.WaitAsync(Patience);
        await server.StopAsync();
        Assert.Equal("ECONNRESET", (string?)node.ReadEvent("lost")["code"]);
        Assert.Equal("CHANNEL_CLOSED", (string?)node.ReadEvent("failed")["code"]);
    }

    [Fact]
    public async Task An_event_of_our_client_reaches_a_JavaScript_server()
    {
        await StartBootstrapAsync();
        using NodePeer node = StartNode();
        Serve(node);
        HyperswarmRpcClient client = await JoinAsync(new HyperswarmRpcOptions { KeyPair = Dialler, Dht = Dht(isFirewalled: true) });
        client.SendEvent(Theirs, new RpcMethod("note"), new byte[] { 7 });
        Assert.Equal("07", (string?)node.ReadEvent("noted")["value"]);
    }

    [Fact]
    public async Task The_firewall_of_our_server_is_asked_about_a_JavaScript_client()
    {
        await StartBootstrapAsync();
        TaskCompletionSource<PublicKey> asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ConnectionFirewall firewall = (key, _, _) => !asked.TrySetResult(key) && key != asked.Task.Result;
        await JoinAsync(Serving(isFirewalled: true, server => server with { Firewall = firewall }));
        using NodePeer node = StartNode();
        Assert.Equal("answer", (string?)Call(node, "echo", "01", isPooled: true)["event"]);
        Assert.NotEqual(default, await asked.Task.WaitAsync(Patience));
    }

    private static JsonObject Call(NodePeer node, string method, string? value, bool isPooled, int count = 1, string? capability = null)
    {
        Write(node, Calling(method, value, isPooled, count, capability));
        return node.ReadJson(json => (string?)json["event"] is "answer" or "failed");
    }

    private static JsonObject Calling(string method, string? value, bool isPooled, int count = 1, string? capability = null)
    {
        JsonObject call = new() { ["op"] = "call", ["key"] = Server.PublicKey.ToHex(), ["method"] = method, ["pooled"] = isPooled, ["count"] = count };
        if (value is not null)
            call["value"] = value;
        if (capability is not null)
            call["capability"] = capability;
        return call;
    }

    private static async Task<byte[]> ValueAsync(HyperswarmRpcClient client, string method, byte[] value)
    {
        RpcClientsProtocol.IEvent outcome = await client.CallAsync(Theirs, new RpcMethod(method), value);
        return outcome is RpcClientsProtocol.Replied replied ? replied.Value.ToArray() : throw new InvalidOperationException(outcome.ToString());
    }

    private Task<HyperswarmRpcClient> ServeAsync(bool isFirewalled) => JoinAsync(Serving(isFirewalled));

    private HyperswarmRpcOptions Serving(bool isFirewalled, Func<HyperswarmRpcServer, HyperswarmRpcServer>? adapt = null)
    {
        IActorRef handler = Runtime.System.ActorOf(EchoHandler.Props(_event, _called));
        ServedMethod[] methods = [.. new[] { "echo", "fail", "never" }.Select(name => new ServedMethod(new RpcMethod(name), handler))];
        HyperswarmRpcServer server = new() { KeyPair = Server, Methods = [.. methods] };
        return new HyperswarmRpcOptions { KeyPair = Dialler, Servers = [adapt?.Invoke(server) ?? server], Dht = Dht(isFirewalled) };
    }
}

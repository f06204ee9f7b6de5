using System.Text.Json.Nodes;
using Akka.Actor;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Networking.Rpc;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux.Rpc;

namespace AuctionActors.Interop.Tests.Rpc;

/// <summary>Several servers on one RPC node, and clients with connections of their own, against @hyperswarm/rpc.</summary>
public sealed class RpcServersInteropTests : RpcInteropKit
{
    private readonly TaskCompletionSource<byte[]> _event = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task A_JavaScript_client_calls_several_servers_of_one_node_until_they_stop_and_stays_connected_then()
    {
        await StartBootstrapAsync();
        HyperswarmRpcClient peer = await JoinAsync(new HyperswarmRpcOptions
        {
            KeyPair = Dialler,
            Servers = [Server(1, "echo"), Server(2, "echo")],
            Dht = Dht(isFirewalled: true),
        });
        Assert.True(peer.IsListed);
        Assert.IsType<HyperswarmRpcProtocol.ServerRefused>(await peer.StartServerAsync(Server(2, "echo")));
        Assert.NotEmpty(Assert.IsType<HyperswarmRpcProtocol.ServerListening>(await peer.StartServerAsync(Server(3, "fail"))).Relays);
        using NodePeer node = StartNode();
        Assert.Equal(("01", "02"), ((string?)Call(node, 1, "echo", "01")["value"], (string?)Call(node, 2, "echo", "02")["value"]));
        JsonObject failed = Call(node, 3, "fail", "03");
        Assert.True("PURPOSE" == (string?)failed["cause"]?["code"], failed.ToJsonString());

        await peer.StopServerAsync(Keys(2).PublicKey);
        using NodePeer late = StartNode();
        Assert.Equal("answer", (string?)Call(late, 1, "echo", "01")["event"]);
        Assert.Equal("failed", (string?)Call(late, 2, "echo", "02")["event"]);
        Assert.Equal("04", (string?)Call(node, 2, "echo", "04")["value"]);

        Assert.IsType<HyperswarmRpcProtocol.ServerListening>(await peer.StartServerAsync(Server(2, "echo")));
        Assert.Equal("05", (string?)Call(late, 2, "echo", "05")["value"]);
        await peer.StopAsync();
        Assert.Equal("ECONNRESET", (string?)node.ReadEvent("lost")["code"]);
    }

    [Fact]
    public async Task A_client_of_ours_has_a_connection_and_a_key_of_its_own_beside_the_pool()
    {
        await StartBootstrapAsync();
        using NodePeer node = StartNode("--open");
        Serve(node);
        HyperswarmRpcClient peer = await JoinAsync(new HyperswarmRpcOptions { KeyPair = Dialler, Dht = Dht(isFirewalled: true) });
        Assert.IsType<RpcClientsProtocol.Replied>(await peer.CallAsync(Theirs, new RpcMethod("echo"), new byte[] { 1 }));
        Assert.Equal(Dialler.PublicKey.ToHex(), (string?)node.ReadEvent("connection")["key"]);
        RpcClient client = (await peer.StartClientAsync(new RpcClientOptions { Server = Theirs, KeyPair = Keys(7) }))!;
        Task<RpcSessionProtocol.IEvent> slow = client.CallAsync(new RpcMethod("slow"), new byte[] { 2 });
        client.SendEvent(new RpcMethod("note"), new byte[] { 3 });
        Task end = client.EndAsync();
        Assert.Equal([2], Assert.IsType<RpcSessionProtocol.Replied>(await slow).Value.ToArray());
        await end;
        Assert.Equal(Keys(7).PublicKey.ToHex(), (string?)node.ReadEvent("connection")["key"]);
        Assert.Equal("03", (string?)node.ReadEvent("noted")["value"]);
        RpcError error = Assert.IsType<RpcSessionProtocol.Failed>(await client.CallAsync(new RpcMethod("echo"), default)).Error;
        Assert.Equal(RpcErrorCode.ChannelClosed, error.Code);
    }

    [Fact]
    public async Task The_calls_of_a_client_that_is_destroyed_or_cannot_connect_fail()
    {
        await StartBootstrapAsync();
        using NodePeer node = StartNode("--open");
        Serve(node);
        HyperswarmRpcOptions options = new() { KeyPair = Dialler, Dht = Dht(isFirewalled: true), MaxSeparateClients = 1 };
        HyperswarmRpcClient peer = await JoinAsync(options), other = await JoinAsync(options);
        RpcClient client = (await peer.StartClientAsync(new RpcClientOptions { Server = Theirs }))!;
        Assert.Null(await peer.StartClientAsync(new RpcClientOptions { Server = Theirs }));
        RpcClient lost = (await other.StartClientAsync(new RpcClientOptions { Server = Keys(9).PublicKey }))!;
        Task<RpcSessionProtocol.IEvent> nowhere = lost.CallAsync(new RpcMethod("echo"), default);
        RpcError error = Assert.IsType<RpcSessionProtocol.Failed>(await nowhere).Error;

        // Why there is no connection is known to those calls only that came before the dial had failed.
        Assert.Equal((RpcErrorCode.ChannelClosed, true), (error.Code, error.Cause?.Code is null or "PEER_NOT_FOUND"));
        await lost.Closed.WaitAsync(Patience);
        Assert.IsType<RpcSessionProtocol.Replied>(await client.CallAsync(new RpcMethod("echo"), default));
        Task<RpcSessionProtocol.IEvent> slow = client.CallAsync(new RpcMethod("slow"), default);
        await client.DestroyAsync();
        Assert.Equal(RpcErrorCode.ChannelDestroyed, Assert.IsType<RpcSessionProtocol.Failed>(await slow).Error.Code);
    }

    [Fact]
    public async Task Another_channel_goes_over_the_connection_of_a_client()
    {
        await StartBootstrapAsync();
        using NodePeer node = StartNode("--open");
        Serve(node, hasChannel: true);
        HyperswarmRpcClient peer = await JoinAsync(new HyperswarmRpcOptions { KeyPair = Dialler, Dht = Dht(isFirewalled: true) });
        TaskCompletionSource<string> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef owner = Runtime.System.ActorOf(ChannelOwnerActor.Props(answer));
        RpcClientOptions options = new() { Server = Theirs, Preamble = [ChannelOwnerActor.Listening(owner)] };
        RpcClient client = (await peer.StartClientAsync(options, owner))!;
        Assert.Equal("hello client", await answer.Task.WaitAsync(Patience));
        Assert.Equal("hello server", (string?)node.ReadEvent("said")["text"]);
        Assert.IsType<RpcSessionProtocol.Replied>(await client.CallAsync(new RpcMethod("echo"), default));
    }

    [Fact]
    public async Task Clients_and_servers_keep_connections_alive_as_often_as_they_are_told()
    {
        await StartBootstrapAsync();
        TimeSpan often = TimeSpan.FromMilliseconds(50);
        HyperswarmRpcClient peer = await JoinAsync(new HyperswarmRpcOptions
        {
            KeyPair = Dialler,
            Servers = [Server(1, "echo") with { KeepAlive = often }],
            Dht = Dht(isFirewalled: true),
        });
        using NodePeer client = StartNode("--no-keep-alive");
        Call(client, 1, "echo", "01");
        client.ReadEvent("empty");
        using NodePeer server = StartNode("--no-keep-alive", "--open");
        Serve(server);
        RpcClient ours = (await peer.StartClientAsync(new RpcClientOptions { Server = Theirs, KeepAlive = often }))!;
        server.ReadEvent("empty");
        Assert.IsType<RpcSessionProtocol.Replied>(await ours.CallAsync(new RpcMethod("echo"), default));
    }

    private static KeyPair Keys(byte number) => KeyPair.FromSeed(Blake2b.Hash256([number, number]));

    private static JsonObject Call(NodePeer node, byte server, string method, string value)
    {
        Write(node, new JsonObject { ["op"] = "call", ["key"] = Keys(server).PublicKey.ToHex(), ["method"] = method, ["value"] = value });
        return node.ReadJson(json => (string?)json["event"] is "answer" or "failed");
    }

    private HyperswarmRpcServer Server(byte number, params string[] methods)
    {
        IActorRef handler = Runtime.System.ActorOf(EchoHandler.Props(_event, _called));
        return new HyperswarmRpcServer { KeyPair = Keys(number), Methods = [.. methods.Select(name => new ServedMethod(new RpcMethod(name), handler))] };
    }
}

using System.Text;
using System.Text.Json.Nodes;
using Akka.Actor;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.HyperDht.Connecting;

namespace AuctionActors.Interop.Tests.HyperDht;

/// <summary>A second connection through the hole of the first, when nobody is left who could tell where the other end is.</summary>
public sealed class SocketReuseInteropTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly KeyPair Ours = KeyPair.FromSeed(Blake2b.Hash256("ours"u8)), Theirs = KeyPair.FromSeed(Blake2b.Hash256("theirs"u8));
    private readonly RealRuntime _runtime = new("socket-reuse");
    private readonly PeerAddress _bootstrap;

    public SocketReuseInteropTests() => _bootstrap = Discarding.FreePort(_runtime.Ports);

    public void Dispose() => _runtime.Dispose();

    [Fact]
    public async Task A_JavaScript_client_comes_to_our_server_again_through_the_hole_of_its_first_connection()
    {
        DhtNodeClient[] others = await StartOthersAsync();
        HyperDhtClient server = (await StartAsync("server", Joining())).Dht;
        TaskCompletionSource<object> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef owner = _runtime.System.ActorOf(EchoActor.Server(listening));
        server.Dht.Tell(new HyperDhtProtocol.Listen(Ours, owner) { Preamble = [EchoActor.Listening(owner)], ReusesSocket = true });
        Assert.IsType<HyperDhtProtocol.Listening>(await listening.Task.WaitAsync(Patience));
        using NodePeer peer = Peer();
        for (int connection = 0; connection < 2; connection++)
        {
            Write(peer, new JsonObject { ["op"] = "connect", ["key"] = Ours.PublicKey.ToHex(), ["data"] = "68656c6c6f", ["reusable"] = true });
            JsonObject outcome = peer.ReadJson(json => (string?)json["event"] is "echo" or "failed");
            Assert.True((string?)outcome["event"] == "echo", outcome.ToJsonString());
            if (connection == 0)
                await Task.WhenAll(others.Select(node => node.StopAsync()));
        }
    }

    [Fact]
    public async Task Our_client_comes_to_a_JavaScript_server_again_through_the_hole_of_its_first_connection()
    {
        DhtNodeClient[] others = await StartOthersAsync();
        using NodePeer peer = Peer();
        Write(peer, new JsonObject { ["op"] = "listen", ["seed"] = Blake2b.Hash256("theirs"u8).ToHex(), ["reusable"] = true });
        peer.ReadEvent("listening");
        HyperDhtClient client = (await StartAsync("client", Joining())).Dht;
        Assert.Equal("hello", await EchoAsync(client));
        peer.ReadEvent("ended");
        await Task.WhenAll(others.Select(node => node.StopAsync()));
        Assert.Equal("hello", await EchoAsync(client));
    }

    private static void Write(NodePeer peers, JsonObject message) => peers.WriteLine(message.ToJsonString());

    private NodePeer Peer()
    {
        NodePeer peer = NodePeer.Start("hyperdht.js", ["--bootstrap", _bootstrap.ToString(), "--count", "1"]);
        peer.ReadEvent("ready");
        return peer;
    }

    private async Task<string> EchoAsync(HyperDhtClient client)
    {
        TaskCompletionSource<object> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef owner = _runtime.System.ActorOf(EchoActor.Client("hello"u8.ToArray(), outcome));
        client.Dht.Tell(new HyperDhtProtocol.Connect(1, Theirs.PublicKey, Ours) { Preamble = [EchoActor.Listening(owner)], ReusesSocket = true }, owner);
        object result = await outcome.Task.WaitAsync(Patience);
        return result is byte[] bytes ? Encoding.UTF8.GetString(bytes) : result.ToString()!;
    }

    // As many as it takes to see what a NAT does.
    private async Task<DhtNodeClient[]> StartOthersAsync()
    {
        List<DhtNodeClient> others = [(await StartAsync("bootstrap", DhtNodeActorOptions.Bootstrapper(_bootstrap, PeerAddress.Loopback(0).Host))).Node];
        for (int i = 0; i < 5; i++)
            others.Add((await StartAsync($"node-{i}", Joining(isOpen: true))).Node);
        return [.. others];
    }

    private DhtNodeActorOptions Joining(bool isOpen = false)
        => new()
        {
            Bind = PeerAddress.Loopback(0),
            Node = new DhtNodeOptions
            {
                BootstrapNodes = [_bootstrap],
                HasQuickFirewallCheck = false,
                IsFirewalled = !isOpen,
                Persistence = isOpen ? DhtPersistence.Persistent : DhtPersistence.Ephemeral,
            },
        };

    // Without a way inside the network, so that there is a hole.
    private Task<(HyperDhtClient Dht, DhtNodeClient Node)> StartAsync(string name, DhtNodeActorOptions options)
        => HyperDhtClient.StartAsync(
            _runtime.System,
            _runtime.Peer(name, new MemoryFileStore()),
            new HyperDhtOptions
            {
                Node = options,
                Connect = new ConnectOptions { UsesLocalNetwork = false },
                Handshakes = new ServerHandshakeOptions { SharesLocalAddresses = false },
            },
            Patience);
}

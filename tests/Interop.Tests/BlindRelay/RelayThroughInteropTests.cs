using System.Text.Json.Nodes;
using Akka.Actor;
using AuctionActors.Interop.Tests.Harness;
using AuctionActors.Interop.Tests.HyperDht;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Networking.Relaying;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.HyperDht.Connecting;

namespace AuctionActors.Interop.Tests.BlindRelay;

/// <summary>Peers that can meet at a blind relay only.</summary>
public sealed class RelayThroughInteropTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly KeyPair ServerKeys = Keys("server"), ClientKeys = Keys("client"), RelayKeys = Keys("relay");
    private readonly RealRuntime _runtime = new("relay-through");
    private readonly PeerAddress _bootstrap;
    private readonly NodePeer _peers;
    private int _started;
    private WayCounts _ways = WayCounts.None;

    public RelayThroughInteropTests()
    {
        _bootstrap = Discarding.FreePort(_runtime.Ports);
        StartAsync(new HyperDhtOptions { Node = DhtNodeActorOptions.Bootstrapper(_bootstrap, PeerAddress.Loopback(0).Host) }).Wait(Patience);
        _peers = NodePeer.Start("hyperdht.js", "--bootstrap", _bootstrap.ToString(), "--count", "2");
        for (int i = 0; i < 2; i++)
            _peers.ReadEvent("ready");
    }

    public enum Kind
    {
        Ours,
        JavaScript,
    }

    public void Dispose()
    {
        _peers.Dispose();
        _runtime.Dispose();
    }

    [Theory]
    [InlineData(Kind.Ours, Kind.Ours, Kind.Ours, false)]
    [InlineData(Kind.Ours, Kind.Ours, Kind.Ours, true)]
    [InlineData(Kind.Ours, Kind.Ours, Kind.JavaScript, true)]
    [InlineData(Kind.Ours, Kind.JavaScript, Kind.Ours, false)]
    [InlineData(Kind.Ours, Kind.JavaScript, Kind.Ours, true)]
    [InlineData(Kind.Ours, Kind.JavaScript, Kind.JavaScript, false)]
    [InlineData(Kind.JavaScript, Kind.Ours, Kind.Ours, false)]
    [InlineData(Kind.JavaScript, Kind.Ours, Kind.Ours, true)]
    [InlineData(Kind.JavaScript, Kind.Ours, Kind.JavaScript, true)]
    [InlineData(Kind.JavaScript, Kind.JavaScript, Kind.Ours, false)]
    [InlineData(Kind.JavaScript, Kind.JavaScript, Kind.Ours, true)]
    public async Task Peers_that_meet_at_a_relay_only_exchange_messages_through_it(Kind client, Kind server, Kind relay, bool isServersRelay)
    {
        await StartRelayAsync(relay);
        await ListenAsync(server, isServersRelay);
        string echoed = await EchoAsync(client, isServersRelay);
        Assert.True(echoed == "hello", echoed);
        Assert.Equal(client == Kind.Ours ? (1, 1, 0, 1) : (0, 0, 0, 0), (_ways.RelaysTried, _ways.RelaysPaired, _ways.RelaysFailed, _ways.Relayed));
    }

    [Fact]
    public async Task A_relay_that_is_not_there_fails_the_dial_with_the_word_of_upstream()
    {
        await ListenAsync(Kind.Ours, hasRelay: false);
        Assert.Contains("RELAY_ABORTED", await EchoAsync(Kind.Ours, isServersRelay: false), StringComparison.Ordinal);
        Assert.Equal((1, 0, 1, 0), (_ways.RelaysTried, _ways.RelaysPaired, _ways.RelaysFailed, _ways.Relayed));
    }

    private static KeyPair Keys(string name) => KeyPair.FromSeed(Blake2b.Hash256(System.Text.Encoding.UTF8.GetBytes(name)));

    private async Task StartRelayAsync(Kind kind)
    {
        if (kind == Kind.JavaScript)
        {
            Write(new JsonObject { ["op"] = "relay", ["seed"] = Blake2b.Hash256("relay"u8).ToHex() });
            _peers.ReadEvent("relaying");
            return;
        }

        TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef owner = _runtime.System.ActorOf(Props.Create(() => new Owner(ready)));
        BlindRelayOptions options = new() { KeyPair = RelayKeys, Dht = new HyperDhtOptions { Node = Node(isFirewalled: false) } };
        _runtime.System.ActorOf(BlindRelayActor.Props(_runtime.Peer("relay", new MemoryFileStore()), options, owner), "relay");
        await ready.Task.WaitAsync(Patience);
    }

    private async Task ListenAsync(Kind kind, bool hasRelay)
    {
        if (kind == Kind.JavaScript)
        {
            string through = hasRelay ? RelayKeys.PublicKey.ToHex() : "any";
            Write(new JsonObject { ["op"] = "listen", ["node"] = 0, ["seed"] = Blake2b.Hash256("server"u8).ToHex(), ["relayThrough"] = through });
            _peers.ReadEvent("listening");
            return;
        }

        HyperDhtClient dht = await StartAsync(Relayed(hasRelay));
        TaskCompletionSource<object> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef owner = _runtime.System.ActorOf(EchoActor.Server(listening));
        dht.Dht.Tell(new HyperDhtProtocol.Listen(ServerKeys, owner) { Preamble = [EchoActor.Listening(owner)] });
        await listening.Task.WaitAsync(Patience);
    }

    private async Task<string> EchoAsync(Kind kind, bool isServersRelay)
    {
        string data = Convert.ToHexStringLower("hello"u8);
        if (kind == Kind.JavaScript)
        {
            string through = isServersRelay ? "any" : RelayKeys.PublicKey.ToHex(), key = ServerKeys.PublicKey.ToHex();
            Write(new JsonObject { ["op"] = "connect", ["node"] = 1, ["key"] = key, ["data"] = data, ["relayThrough"] = through });
            JsonObject outcome = _peers.ReadJson(json => (string?)json["event"] is "echo" or "failed");
            return (string?)outcome["data"] == data ? "hello" : outcome.ToJsonString();
        }

        HyperDhtClient dht = await StartAsync(Relayed(!isServersRelay));
        TaskCompletionSource<object> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef owner = _runtime.System.ActorOf(EchoActor.Client("hello"u8.ToArray(), result));
        dht.Dht.Tell(new HyperDhtProtocol.Connect(1, ServerKeys.PublicKey, ClientKeys) { Preamble = [EchoActor.Listening(owner)] }, owner);
        object echoed = await result.Task.WaitAsync(Patience);
        _ways = (await dht.Dht.Ask<DhtNodeProtocol.NodeTraffic>(new DhtNodeProtocol.GetTraffic(), Patience)).Ways;
        HyperDhtProtocol.ConnectionSummary? connection = (await dht.GetConnectionsAsync()).FirstOrDefault(open => open.Remote == ServerKeys.PublicKey);
        if (echoed is not byte[] bytes)
            return echoed.ToString()!;
        Assert.True(connection is null or { Path: ConnectionPath.Relayed });
        return System.Text.Encoding.UTF8.GetString(bytes);
    }

    private void Write(JsonObject message) => _peers.WriteLine(message.ToJsonString());

    private HyperDhtOptions Relayed(bool hasRelay) => new()
    {
        Node = Node(isFirewalled: true),
        Connect = new ConnectOptions { UsesLocalNetwork = false, PunchesHoles = false },
        Handshakes = new ServerHandshakeOptions { SharesLocalAddresses = false, PunchesHoles = false },
        RelayThrough = hasRelay ? [RelayKeys.PublicKey] : [],
    };

    private DhtNodeActorOptions Node(bool isFirewalled) => new()
    {
        Bind = PeerAddress.Loopback(0),
        Node = new DhtNodeOptions { BootstrapNodes = [_bootstrap], IsFirewalled = isFirewalled, HasQuickFirewallCheck = false },
    };

    private async Task<HyperDhtClient> StartAsync(HyperDhtOptions options)
        => (await HyperDhtClient.StartAsync(_runtime.System, _runtime.Peer("peer-" + ++_started, new MemoryFileStore()), options, Patience)).Dht;

    private sealed class Owner : ReceiveActor
    {
        public Owner(TaskCompletionSource ready) => Receive<BlindRelayProtocol.Ready>(_ => ready.TrySetResult());
    }
}

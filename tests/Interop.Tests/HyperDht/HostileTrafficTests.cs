using System.Text.Json.Nodes;
using Akka.Actor;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Xunit.Abstractions;

namespace AuctionActors.Interop.Tests.HyperDht;

/// <summary>A server of ours under floods, one kind of hostility at a time, with a JavaScript client that means well.</summary>
[Collection(nameof(WholeProcess))]
public sealed class HostileTrafficTests : IDisposable
{
    private const int Datagrams = 3000, MaxConnections = 64;
    private const long MostBytesKept = 16L << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly KeyPair Keys = KeyPair.FromSeed(Blake2b.Hash256("under attack"u8));
    private readonly RealRuntime _runtime = new("hostile-traffic");
    private readonly ITestOutputHelper _output;
    private readonly PeerAddress _bootstrap;

    public HostileTrafficTests(ITestOutputHelper output)
    {
        _output = output;
        _bootstrap = Discarding.FreePort(_runtime.Ports);
    }

    public void Dispose() => _runtime.Dispose();

    [Theory]
    [InlineData(Hostility.RandomBytes)]
    [InlineData(Hostility.AbsurdLengths)]
    [InlineData(Hostility.SpoofedReplies)]
    [InlineData(Hostility.WrongTokens)]
    [InlineData(Hostility.ForgedRelays)]
    [InlineData(Hostility.ForgedRounds)]
    [InlineData(Hostility.NoiseForHandshakes)]
    [InlineData(Hostility.ReplayedHandshakes)]
    [InlineData(Hostility.HalfOpenHandshakes)]
    public async Task A_client_is_served_during_a_flood(Hostility kind)
    {
        await StartAsync("bootstrap", DhtNodeActorOptions.Bootstrapper(_bootstrap, PeerAddress.Loopback(0).Host));
        (HyperDhtClient server, DhtNodeClient node) = await StartAsync("server", new DhtNodeActorOptions
        {
            Bind = PeerAddress.Loopback(0),
            Node = new DhtNodeOptions { BootstrapNodes = [_bootstrap], Persistence = DhtPersistence.Persistent, HasQuickFirewallCheck = false },
        });
        await ListenAsync(server);
        using NodePeer client = NodePeer.Start("hyperdht.js", "--bootstrap", _bootstrap.ToString());
        client.ReadEvent("ready");
        long before = GC.GetTotalMemory(forceFullCollection: true);

        Task flood = Task.Run(() => Flood(kind, node.Address));
        client.WriteLine(new JsonObject { ["op"] = "connect", ["key"] = Keys.PublicKey.ToHex(), ["data"] = "68656c6c6f" }.ToJsonString());
        JsonObject outcome = client.ReadJson(said => (string?)said["event"] is "echo" or "failed");
        Assert.Equal("68656c6c6f", (string?)outcome["data"]);
        await flood.WaitAsync(Patience);

        DhtNodeProtocol.NodeTraffic seen = await server.Dht.Ask<DhtNodeProtocol.NodeTraffic>(new DhtNodeProtocol.GetTraffic(), Patience);
        long kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        _output.WriteLine($"{seen}; {kept / 1024} KiB kept");
        Assert.True(CountOf(kind, seen) > Datagrams / 10, $"{seen}");
        Assert.InRange(kept, long.MinValue, MostBytesKept);
    }

    private static long CountOf(Hostility kind, DhtNodeProtocol.NodeTraffic seen) => kind switch
    {
        Hostility.RandomBytes or Hostility.AbsurdLengths => seen.Malformed,
        Hostility.SpoofedReplies => seen.Spoofed + seen.Unmatched,
        Hostility.WrongTokens => seen.InvalidTokens,
        Hostility.NoiseForHandshakes => seen.Handshakes.Malformed,
        Hostility.ReplayedHandshakes => seen.Handshakes.Repeated,
        _ => seen.RequestsReceived,
    };

    private void Flood(Hostility kind, PeerAddress node)
    {
        HostileDatagrams datagrams = new(Keys.PublicKey, node);
        using IDatagramPort port = _runtime.Ports.Bind(PeerAddress.Loopback(0), new Discarding());
        for (int number = 0; number < Datagrams; number++)
            port.Send(datagrams.Next(kind, number), node);
    }

    private async Task ListenAsync(HyperDhtClient server)
    {
        TaskCompletionSource<object> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef owner = _runtime.System.ActorOf(EchoActor.Server(listening));
        server.Dht.Tell(new HyperDhtProtocol.Listen(Keys, owner) { Preamble = [EchoActor.Listening(owner)] });
        Assert.IsType<HyperDhtProtocol.Listening>(await listening.Task.WaitAsync(Patience));
    }

    private Task<(HyperDhtClient Dht, DhtNodeClient Node)> StartAsync(string name, DhtNodeActorOptions options)
        => HyperDhtClient.StartAsync(
            _runtime.System, _runtime.Peer(name, new MemoryFileStore()), new HyperDhtOptions { Node = options, MaxConnections = MaxConnections }, Patience);
}

using System.Text.Json.Nodes;
using Akka.Actor;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Networking.Relaying;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.BlindRelay;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Interop.Tests.BlindRelay;

public sealed class BlindRelayInteropTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly RealRuntime _runtime = new("relay-interop");
    private readonly KeyPair _keys = KeyPair.FromSeed(Blake2b.Hash256("relay"u8));
    private readonly IActorRef _relay;
    private readonly NodePeer _peers;

    public BlindRelayInteropTests()
    {
        PeerAddress address = Discarding.FreePort(_runtime.Ports);
        BlindRelayOptions options = new()
        {
            KeyPair = _keys,
            Dht = new HyperDhtOptions { Node = DhtNodeActorOptions.Bootstrapper(address, PeerAddress.Loopback(0).Host) },
        };
        TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef owner = _runtime.System.ActorOf(Props.Create(() => new Owner(ready)), "owner");
        _relay = _runtime.System.ActorOf(BlindRelayActor.Props(_runtime.Peer("relay", new MemoryFileStore()), options, owner), "relay");
        _peers = NodePeer.Start("blind-relay.js", "--bootstrap", address.ToString());
        _peers.ReadEvent("ready");
        Assert.True(ready.Task.Wait(Patience));
    }

    public void Dispose()
    {
        _peers.Dispose();
        _runtime.Dispose();
    }

    [Fact]
    public async Task JavaScript_peers_exchange_a_megabyte_over_streams_that_our_relay_has_paired()
    {
        Write("pair", ("bytes", 1_000_000));
        _peers.ReadEvent("paired");
        Assert.Equal(1_000_000, (int)_peers.ReadEvent("echo")["bytes"]!);
        _peers.ReadEvent("closed");
        RelayStatistics seen = (await Eventually(load => load is { Links: 0, Waiting: 0, Dropped: 0 })).Statistics;
        Assert.Equal((2L, 1L), (seen.PairingsRequested, seen.PairingsMatched));
        Assert.Equal((2L, 2L, 2L), (seen.SessionsOpened, seen.StreamsOpened, seen.StreamsClosed));
        Assert.InRange(seen.ForwardedBytes, 2_000_000, 4_000_000);
    }

    [Fact]
    public async Task A_pairing_that_JavaScript_withdraws_is_forgotten()
    {
        Write("hang");
        _peers.ReadEvent("waiting");
        RelayStatistics seen = (await Eventually(load => load is { Waiting: 0, Sessions: 0, Statistics.SessionsClosed: 1 })).Statistics;
        Assert.Equal((1L, 1L, 0L), (seen.PairingsRequested, seen.PairingsCancelled, seen.StreamsOpened));
    }

    private void Write(string operation, params (string Name, JsonNode Value)[] fields)
    {
        JsonObject message = new() { ["op"] = operation, ["relay"] = _keys.PublicKey.ToHex() };
        foreach ((string name, JsonNode value) in fields)
            message[name] = value;
        _peers.WriteLine(message.ToJsonString());
    }

    private async Task<BlindRelayProtocol.Load> Eventually(Func<BlindRelayProtocol.Load, bool> condition)
    {
        BlindRelayProtocol.Load? load = null;
        for (int i = 0; i < 100; i++)
        {
            load = await _relay.Ask<BlindRelayProtocol.Load>(new BlindRelayProtocol.GetLoad(), Patience);
            if (condition(load))
                return load;
            await Task.Delay(200);
        }

        throw new TimeoutException($"{load}");
    }

    private sealed class Owner : ReceiveActor
    {
        public Owner(TaskCompletionSource ready) => Receive<BlindRelayProtocol.Ready>(_ => ready.TrySetResult());
    }
}

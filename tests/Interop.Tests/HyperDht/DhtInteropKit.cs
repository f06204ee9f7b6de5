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

/// <summary>Nodes of ours and JavaScript ones around a bootstrap node of ours, alone or with two more.</summary>
public abstract class DhtInteropKit : IDisposable
{
    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private protected static readonly KeyPair Ours = KeyPair.FromSeed(Blake2b.Hash256("ours"u8)), Theirs = KeyPair.FromSeed(Blake2b.Hash256("theirs"u8));
    private protected static readonly string TheirSeed = Blake2b.Hash256("theirs"u8).ToHex();
    private int _started;

    private protected DhtInteropKit() => Bootstrap = Discarding.FreePort(Runtime.Ports);

    private protected RealRuntime Runtime { get; } = new("dht-interop");

    private protected PeerAddress Bootstrap { get; }

    public void Dispose()
    {
        Runtime.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static void Write(NodePeer peers, JsonObject message) => peers.WriteLine(message.ToJsonString());

    private protected NodePeer Peers(int count, params string[] flags)
    {
        NodePeer peers = NodePeer.Start("hyperdht.js", ["--bootstrap", Bootstrap.ToString(), "--count", $"{count}", .. flags]);
        for (int i = 0; i < count; i++)
            peers.ReadEvent("ready");
        return peers;
    }

    /// <summary>What comes back over a connection to the key, or why there is none.</summary>
    private protected async Task<string> EchoAsync(HyperDhtClient client, PublicKey key, bool reusesSocket = false)
    {
        TaskCompletionSource<object> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef owner = Runtime.System.ActorOf(EchoActor.Client("hello"u8.ToArray(), outcome));
        client.Dht.Tell(new HyperDhtProtocol.Connect(1, key, Ours) { Preamble = [EchoActor.Listening(owner)], ReusesSocket = reusesSocket }, owner);
        object result = await outcome.Task.WaitAsync(Patience);
        return result is byte[] bytes ? Encoding.UTF8.GetString(bytes) : result.ToString()!;
    }

    /// <summary>Serves echoes under our key.</summary>
    private protected async Task<HyperDhtProtocol.Listening> ListenAsync(
        HyperDhtClient server, ConnectionFirewall? firewall = null, bool reusesSocket = false)
    {
        TaskCompletionSource<object> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        IActorRef owner = Runtime.System.ActorOf(EchoActor.Server(listening));
        server.Dht.Tell(new HyperDhtProtocol.Listen(Ours, owner, firewall) { Preamble = [EchoActor.Listening(owner)], ReusesSocket = reusesSocket });
        return Assert.IsType<HyperDhtProtocol.Listening>(await listening.Task.WaitAsync(Patience));
    }

    /// <summary>What peers need that connect through firewalls.</summary>
    private protected Task StartNetworkAsync() => SmallNetwork.StartAsync(Runtime, Bootstrap, Patience);

    /// <summary>A node alone, where it matters how many there are.</summary>
    private protected Task<(HyperDhtClient Dht, DhtNodeClient Node)> StartBootstrapAsync()
        => StartAsync(DhtNodeActorOptions.Bootstrapper(Bootstrap, PeerAddress.Loopback(0).Host));

    private protected async Task<HyperDhtClient> JoinAsync(bool isFirewalled) => (await StartAsync(Joining(isFirewalled))).Dht;

    private protected DhtNodeActorOptions Joining(bool isFirewalled, DhtPersistence persistence = DhtPersistence.Adaptive)
        => new()
        {
            Bind = PeerAddress.Loopback(0),
            Node = new DhtNodeOptions
            {
                BootstrapNodes = [Bootstrap],
                IsFirewalled = isFirewalled,
                Persistence = persistence,
                HasQuickFirewallCheck = false,
            },
        };

    /// <param name="node">How the node joins.</param>
    /// <param name="options">What stands above it; the defaults when null.</param>
    private protected Task<(HyperDhtClient Dht, DhtNodeClient Node)> StartAsync(DhtNodeActorOptions node, HyperDhtOptions? options = null)
        => HyperDhtClient.StartAsync(
            Runtime.System, Runtime.Peer("peer-" + ++_started, new MemoryFileStore()), (options ?? new HyperDhtOptions()) with { Node = node }, Patience);
}

using System.Collections.Immutable;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;

namespace AuctionActors.Benchmarks.Measuring;

/// <summary>A private DHT: a bootstrap node and further persistent nodes, all bound to 127.0.0.1.</summary>
internal sealed class Testnet
{
    /// <summary>For starting nodes, dialling and stopping.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly RealRuntime _runtime;

    private Testnet(RealRuntime runtime) => _runtime = runtime;

    public PeerAddress Bootstrap { get; private init; }

    public List<DhtNodeClient> Nodes { get; } = [];

    /// <summary>Starts the nodes one after the other, each when the one before has joined.</summary>
    public static async Task<Testnet> StartAsync(RealRuntime runtime, int nodes)
    {
        PeerAddress bootstrap = FreePort(runtime);
        Testnet net = new(runtime) { Bootstrap = bootstrap };
        await net.AddAsync(DhtNodeActorOptions.Bootstrapper(bootstrap, bootstrap.Host));
        while (net.Nodes.Count < nodes)
            await net.AddAsync(OpenNode(bootstrap));
        return net;
    }

    /// <summary>A node as the scripts' servers and clients are: it assumes that it is firewalled, and serves nobody.</summary>
    public static HyperDhtOptions OrdinaryNode(PeerAddress bootstrap) => new() { Node = NodeOf(new DhtNodeOptions { BootstrapNodes = [bootstrap] }) };

    public static DhtNodeActorOptions OpenNode(PeerAddress bootstrap)
        => NodeOf(new DhtNodeOptions { BootstrapNodes = [bootstrap], Persistence = DhtPersistence.Persistent, IsFirewalled = false });

    private static DhtNodeActorOptions NodeOf(DhtNodeOptions options) => new() { Bind = PeerAddress.Loopback(0), Node = options };

    private async Task AddAsync(DhtNodeActorOptions options)
    {
        PeerRuntime runtime = _runtime.Peer($"node-{Nodes.Count}", new MemoryFileStore());
        Nodes.Add((await HyperDhtClient.StartAsync(_runtime.System, runtime, new HyperDhtOptions { Node = options }, Patience)).Node);
    }

    private static PeerAddress FreePort(RealRuntime runtime)
    {
        using IDatagramPort probe = runtime.Ports.Bind(PeerAddress.Loopback(0), new IgnoringReceiver());
        return probe.LocalAddress;
    }

    private sealed class IgnoringReceiver : IDatagramReceiver
    {
        public void Receive(DatagramBatch batch) => batch.Dispose();
    }
}

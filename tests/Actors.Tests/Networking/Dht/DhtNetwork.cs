using Akka.Actor;
using AuctionActors.Actors.Tests.Runtime;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;

namespace AuctionActors.Actors.Tests.Networking.Dht;

/// <summary>DHT nodes as actors on real loopback sockets.</summary>
internal sealed class DhtNetwork : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly RealRuntime _runtime = new("dht-network");
    private int _started;

    public List<DhtNodeClient> Nodes { get; } = [];

    public PeerAddress Bootstrap { get; private set; }

    public ActorSystem System => _runtime.System;

    public Task<DhtNodeClient> AddBootstrapAsync()
    {
        using (IDatagramPort probe = _runtime.Ports.Bind(PeerAddress.Loopback(0), new BatchCollector()))
            Bootstrap = probe.LocalAddress;
        return AddAsync(DhtNodeActorOptions.Bootstrapper(Bootstrap, Bootstrap.Host));
    }

    public Task<DhtNodeClient> AddAsync(DhtPersistence persistence)
        => AddAsync(new DhtNodeActorOptions
        {
            Node = new DhtNodeOptions { BootstrapNodes = [Bootstrap], Persistence = persistence },
            Bind = PeerAddress.Loopback(0),
        });

    public async Task<DhtNodeClient> AddAsync(DhtNodeActorOptions options, Func<PeerRuntime, PeerRuntime>? adapt = null)
    {
        PeerRuntime peer = Peer("node-" + ++_started);
        peer = adapt?.Invoke(peer) ?? peer;
        DhtNodeClient node = await DhtNodeClient.StartAsync(_runtime.System, peer, options, Patience);
        Nodes.Add(node);
        return node;
    }

    public PeerRuntime Peer(string name) => _runtime.Peer(name, new MemoryFileStore());

    public void Dispose() => _runtime.Dispose();
}

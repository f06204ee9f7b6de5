using System.Collections.Immutable;
using Akka.Actor;
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
    private int _nodes;

    public List<DhtNodeClient> Nodes { get; } = [];

    public PeerAddress Bootstrap { get; private set; }

    public ActorSystem System => _runtime.System;

    public async Task<DhtNodeClient> AddBootstrapAsync()
    {
        using IDatagramPort probe = _runtime.Ports.Bind(PeerAddress.Loopback(0), new Runtime.BatchCollector());
        Bootstrap = probe.LocalAddress;
        probe.Dispose();
        return await AddAsync(DhtNodeActorOptions.Bootstrapper(Bootstrap, PeerAddress.Loopback(0).Host));
    }

    public Task<DhtNodeClient> AddAsync(DhtPersistence persistence)
        => AddAsync(new DhtNodeActorOptions
        {
            Node = new DhtNodeOptions { BootstrapNodes = [Bootstrap], Persistence = persistence },
            Bind = PeerAddress.Loopback(0),
        });

    public async Task<DhtNodeClient> AddAsync(DhtNodeActorOptions options)
    {
        PeerRuntime peer = _runtime.Peer("node-" + ++_nodes, new MemoryFileStore());
        TaskCompletionSource<PeerAddress> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Props owner = Props.Create(() => new NodeOwner(peer, options, ready));
        IActorRef parent = _runtime.System.ActorOf(owner, peer.Name);
        PeerAddress address = await ready.Task.WaitAsync(Patience);
        DhtNodeClient client = new(await parent.Ask<IActorRef>(NodeOwner.GetNode, Patience), Patience);
        Nodes.Add(client);
        Addresses = Addresses.Add(address);
        return client;
    }

    /// <summary>Server addresses in the order of <see cref="Nodes"/>.</summary>
    public ImmutableArray<PeerAddress> Addresses { get; private set; } = [];

    public void Dispose() => _runtime.Dispose();

    private sealed class NodeOwner : UntypedActor
    {
        public static readonly object GetNode = new();

        private readonly IActorRef _node;
        private readonly TaskCompletionSource<PeerAddress> _ready;
        private PeerAddress _address;

        public NodeOwner(PeerRuntime peer, DhtNodeActorOptions options, TaskCompletionSource<PeerAddress> ready)
        {
            _ready = ready;
            _node = Context.ActorOf(DhtNodeActor.Props(peer, options), "dht");
        }

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case DhtNodeProtocol.NodeBound bound:
                    _address = bound.Server;
                    break;
                case DhtNodeProtocol.BindFailed failed:
                    _ready.TrySetException(new IOException(failed.Reason));
                    break;
                case DhtNodeProtocol.StateChanged { State.IsBootstrapped: true }:
                    _ready.TrySetResult(_address);
                    break;
                default:
                    if (ReferenceEquals(message, GetNode))
                        Sender.Tell(_node);
                    break;
            }
        }
    }
}

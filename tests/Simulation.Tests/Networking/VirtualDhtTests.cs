using Akka.Actor;
using AuctionActors.Simulation.Kernel;
using AuctionActors.Simulation.Network;
using AuctionActors.Simulation.Tests.Kernel;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Queries;

namespace AuctionActors.Simulation.Tests.Networking;

public sealed class VirtualDhtTests
{
    private const int NodeCount = 15;
    private static readonly PeerAddress Bootstrap = PeerAddress.Loopback(30001);
    private static readonly LinkConditions Lossy = new(0.05, 0.02, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(9));

    [Fact]
    public void A_network_of_nodes_plays_the_same_run_for_the_same_seed()
    {
        (DigestRecorder first, int found) = Play(7);
        (DigestRecorder second, _) = Play(7);
        Assert.Equal(first.Lines, second.Lines);
        Assert.NotEqual(first.Digest, Play(8).Events.Digest);
        Assert.InRange(found, 10, NodeCount);
    }

    private static (DigestRecorder Events, int Found) Play(ulong seed)
    {
        VirtualClock clock = new();
        DigestRecorder events = new(clock);
        using VirtualRuntime runtime = new("dht", seed, new LinkShaper(seed, Lossy), clock, events);
        HashSet<string> ready = [];
        QueryResult? result = null;
        IActorRef last = Start(runtime, "bootstrap", DhtNodeActorOptions.Bootstrapper(Bootstrap, Bootstrap.Host), ready, end => result = end);
        for (int node = 1; node <= NodeCount; node++)
        {
            DhtNodeOptions options = new() { BootstrapNodes = [Bootstrap], Persistence = DhtPersistence.Persistent };
            DhtNodeActorOptions joining = new() { Node = options, Bind = PeerAddress.Loopback(40000 + node) };
            last = Start(runtime, $"node-{node}", joining, ready, end => result = end);
        }

        Assert.True(runtime.Kernel.RunUntil(() => ready.Count == 1 + NodeCount, TimeSpan.FromMinutes(2)));
        runtime.Kernel.RunUntil(clock.Now + TimeSpan.FromMinutes(7));
        last.Tell(new Walk(new SeededEntropy(seed, "target").Next32()));
        Assert.True(runtime.Kernel.RunUntil(() => result is not null, clock.Now + TimeSpan.FromMinutes(1)));
        return (events, result!.Closest.Length);
    }

    private static IActorRef Start(
        VirtualRuntime runtime, string name, DhtNodeActorOptions options, HashSet<string> ready, Action<QueryResult> finished)
    {
        PeerRuntime peer = runtime.Peer(name, runtime.CreateFiles(name));
        return runtime.Kernel.System.ActorOf(Props.Create(() => new Owner(peer, options, ready, finished)), name);
    }

    private sealed record Walk(Bytes32 Target);

    private sealed class Owner : UntypedActor
    {
        private readonly string _name;
        private readonly IActorRef _node;
        private readonly HashSet<string> _ready;
        private readonly Action<QueryResult> _finished;

        public Owner(PeerRuntime peer, DhtNodeActorOptions options, HashSet<string> ready, Action<QueryResult> finished)
        {
            _name = peer.Name;
            _node = Context.ActorOf(DhtNodeActor.Props(peer, options), "dht");
            _ready = ready;
            _finished = finished;
        }

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case DhtNodeProtocol.StateChanged { State: { IsBootstrapped: true, IsEphemeral: false } }:
                    _ready.Add(_name);
                    break;
                case Walk walk:
                    _node.Tell(new DhtNodeProtocol.StartQuery(1, QueryDefinition.FindNode(walk.Target)) { EndOnly = true });
                    break;
                case DhtNodeProtocol.QueryFinished end:
                    _finished(end.Result);
                    break;
            }
        }
    }
}

using Akka.Actor;
using AuctionActors.Simulation.Kernel;
using AuctionActors.Simulation.Network;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;

namespace AuctionActors.Simulation.Tests.Networking;

public sealed class OfflineServerTests
{
    private const int PublicNodes = 5;
    private const uint Host = 0x05050500;
    private static readonly KeyPair Keys = KeyPair.FromSeed(Blake2b.Hash256([1]));
    private static readonly PeerAddress[] Nodes = [.. Enumerable.Range(1, PublicNodes).Select(node => new PeerAddress(Host + (uint)node, 49737))];

    [Fact]
    public void A_server_that_is_cut_off_announces_itself_seldom_and_is_found_again_soon_after_its_node_hears_others()
    {
        VirtualClock clock = new();
        Announcements announcements = new();
        LinkShaper shaper = new(1, new LinkConditions(0, 0, TimeSpan.FromMilliseconds(15), TimeSpan.FromMilliseconds(25)));
        using VirtualRuntime runtime = new("offline", 1, shaper, clock, announcements);
        Dictionary<string, DhtNodeState> states = [];
        foreach (PeerAddress node in Nodes)
        {
            DhtNodeOptions options = DhtNodeOptions.Bootstrapper(node) with { BootstrapNodes = [.. Nodes.Where(other => other != node)] };
            Start(runtime, $"node-{node.HostText}", new DhtNodeActorOptions { Node = options, Bind = node }, states);
        }

        bool AreReady(int count) => states.Values.Count(state => state.IsBootstrapped) == count;
        Assert.True(runtime.Kernel.RunUntil(() => AreReady(PublicNodes), TimeSpan.FromMinutes(1)));
        DhtNodeOptions joining = new() { BootstrapNodes = [.. Nodes] };
        IActorRef server = Start(runtime, "server", new DhtNodeActorOptions { Node = joining, Bind = new PeerAddress(Host + 100, 49737) }, states);
        Assert.True(runtime.Kernel.RunUntil(() => AreReady(PublicNodes + 1), clock.Now + TimeSpan.FromMinutes(1)));
        server.Tell(new Owner.Order(self => new HyperDhtProtocol.Listen(Keys, self)));
        Assert.True(runtime.Kernel.RunUntil(() => announcements.Made.Count == 1, clock.Now + TimeSpan.FromMinutes(1)));

        PartitionRule cut = new(new HashSet<string> { "server" }, Nodes.Select(node => $"node-{node.HostText}").ToHashSet());
        shaper.Add(cut);
        Assert.True(runtime.Kernel.RunUntil(() => !states["server"].IsOnline, clock.Now + TimeSpan.FromMinutes(2)));
        int before = announcements.Made.Count;
        runtime.Kernel.RunUntil(clock.Now + TimeSpan.FromMinutes(10));
        Assert.InRange(announcements.Made.Count - before, 1, 11);

        shaper.Remove(cut);
        Assert.True(runtime.Kernel.RunUntil(() => states["server"].IsOnline, clock.Now + TimeSpan.FromMinutes(2)));
        Assert.True(runtime.Kernel.RunUntil(() => announcements.Made[^1].EndsWith("3 relays", StringComparison.Ordinal), clock.Now + TimeSpan.FromSeconds(2)));
    }

    private static IActorRef Start(VirtualRuntime runtime, string name, DhtNodeActorOptions node, Dictionary<string, DhtNodeState> states)
    {
        PeerRuntime peer = runtime.Peer(name, runtime.CreateFiles(name));
        return runtime.Kernel.System.ActorOf(Props.Create(() => new Owner(peer, new HyperDhtOptions { Node = node }, states)), name);
    }

    /// <summary>What the server has told of its announcements.</summary>
    private sealed class Announcements : IEventRecorder
    {
        public List<string> Made { get; } = [];

        public bool Records(EventKind kind) => kind == EventKind.DhtAnnounce;

        public EventId Record(in EventEntry entry)
        {
            if (entry is { Kind: EventKind.DhtAnnounce, Peer: "server", Text: { } text } && text.StartsWith("server", StringComparison.Ordinal))
                Made.Add(text);
            return default;
        }
    }

    private sealed class Owner : UntypedActor
    {
        private readonly IActorRef _dht;
        private readonly string _name;
        private readonly Dictionary<string, DhtNodeState> _states;

        public Owner(PeerRuntime peer, HyperDhtOptions options, Dictionary<string, DhtNodeState> states)
            => (_dht, _name, _states) = (Context.ActorOf(HyperDhtActor.Props(peer, options), "dht"), peer.Name, states);

        protected override void OnReceive(object message)
        {
            if (message is Order order)
                _dht.Tell(order.Make(Self));
            else if (message is DhtNodeProtocol.StateChanged changed)
                _states[_name] = changed.State;
        }

        public sealed record Order(Func<IActorRef, object> Make);
    }
}

using Akka.Actor;
using AuctionActors.Simulation.Kernel;
using AuctionActors.Simulation.Network;
using AuctionActors.Simulation.Tests.Kernel;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Swarm.Hyperswarm;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht;
using Hyper.Protocol.Hyperswarm;
using Hyper.Protocol.Hyperswarm.Topics;

namespace AuctionActors.Simulation.Tests.Networking;

public sealed class VirtualSwarmTests : IDisposable
{
    private static readonly PeerAddress Bootstrap = PeerAddress.Loopback(30001);
    private static readonly TopicKey Topic = new(Blake2b.Hash256("topic"u8));
    private readonly VirtualClock _clock = new();
    private readonly DigestRecorder _events;
    private readonly VirtualRuntime _runtime;
    private readonly List<(IActorRef Swarm, List<object> Told, KeyPair Keys)> _swarms = [];

    public VirtualSwarmTests()
    {
        LinkConditions lossy = new(0.03, 0.02, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(9));
        _events = new DigestRecorder(_clock);
        _runtime = new VirtualRuntime("swarm", 7, new LinkShaper(7, lossy), _clock, _events);
        SwarmOptions bootstrap = new()
        {
            KeyPair = KeyPair.FromSeed(Blake2b.Hash256("bootstrap"u8)),
            Dht = new HyperDhtOptions { Node = DhtNodeActorOptions.Bootstrapper(Bootstrap, Bootstrap.Host) },
        };
        Start("bootstrap", bootstrap);
        for (int i = 0; i < 3; i++)
        {
            DhtNodeOptions node = new() { BootstrapNodes = [Bootstrap], Persistence = DhtPersistence.Persistent };
            Start($"swarm-{i}", new SwarmOptions
            {
                KeyPair = KeyPair.FromSeed(Blake2b.Hash256([(byte)i])),
                Dht = new HyperDhtOptions { Node = new DhtNodeActorOptions { Node = node, Bind = PeerAddress.Loopback(40000 + i) } },
            });
        }
    }

    public void Dispose() => _runtime.Dispose();

    [Fact]
    public void Three_swarms_on_a_topic_have_one_connection_with_each_other()
    {
        JoinAll();
        RunUntil(() => All.All(swarm => Open(swarm) == 2));
        RunFor(TimeSpan.FromSeconds(30));
        Assert.All(All, swarm => Assert.Equal(2, Open(swarm)));
    }

    [Fact]
    public void A_connection_that_is_destroyed_comes_back_once()
    {
        JoinAll();
        RunUntil(() => All.All(swarm => Open(swarm) == 2));
        Told<SwarmProtocol.ConnectionOpened>(1).First().Connection.Tell(ConnectionProtocol.Destroy.Instance);
        RunUntil(() => Told<SwarmProtocol.ConnectionClosed>(1).Any());
        RunUntil(() => All.All(swarm => Open(swarm) == 2));
    }

    [Fact]
    public void A_topic_that_is_left_is_not_found_any_more()
    {
        Tell(1, new SwarmProtocol.JoinTopic(1, Topic, new JoinOptions(IsClient: false)));
        Tell(1, new SwarmProtocol.Flush(Topic));
        RunUntil(() => Told<SwarmProtocol.Flushed>(1).Any());
        Tell(1, new SwarmProtocol.LeaveSession(1));
        RunUntil(() => Told<SwarmProtocol.TopicLeft>(1).Any());
        Tell(2, new SwarmProtocol.JoinTopic(1, Topic, new JoinOptions(IsServer: false)));
        Tell(2, new SwarmProtocol.Flush());
        RunUntil(() => Told<SwarmProtocol.Flushed>(2).Any());
        Assert.Equal(0, Open(2));
    }

    [Fact]
    public void A_suspended_swarm_is_away_until_it_is_resumed()
    {
        JoinAll();
        RunUntil(() => All.All(swarm => Open(swarm) == 2));
        Tell(1, new SwarmProtocol.Suspend());
        RunUntil(() => Told<SwarmProtocol.Suspended>(1).Any());
        RunUntil(() => Open(2) == 1);
        Assert.Equal(0, Open(1));
        Tell(1, new SwarmProtocol.Resume());
        RunUntil(() => All.All(swarm => Open(swarm) == 2));
    }

    [Fact]
    public void The_node_of_a_suspended_swarm_rests_until_the_swarm_is_resumed()
    {
        JoinAll();
        Tell(1, new SwarmProtocol.Suspend());
        RunUntil(() => Told<SwarmProtocol.Suspended>(1).Any());
        Ping(2, PeerAddress.Loopback(40000));
        RunUntil(() => Told<DhtNodeProtocol.RequestFailed>(2).Any());
        Tell(1, new SwarmProtocol.Resume());
        RunUntil(() => All.All(swarm => Open(swarm) == 2));
        Ping(2, PeerAddress.Loopback(40000));
        RunUntil(() => Told<DhtNodeProtocol.Replied>(2).Any());
    }

    [Fact]
    public void A_swarm_that_is_resumed_or_destroyed_while_it_goes_to_rest_does_so()
    {
        JoinAll();
        RunUntil(() => All.All(swarm => Open(swarm) == 2));
        Tell(1, new SwarmProtocol.Suspend());
        Tell(1, new SwarmProtocol.Resume());
        RunFor(TimeSpan.FromSeconds(1));
        RunUntil(() => All.All(swarm => Open(swarm) == 2));
        Tell(1, new SwarmProtocol.Suspend());
        RunUntil(() => Told<SwarmProtocol.Suspended>(1).Any());
        Tell(1, new SwarmProtocol.Resume());
        Tell(1, new SwarmProtocol.Suspend());
        RunUntil(() => Told<SwarmProtocol.Suspended>(1).Count() == 2);
        Tell(1, new SwarmProtocol.Destroy());
        RunUntil(() => Told<Terminated>(1).Any());
        Assert.Single(Told<SwarmProtocol.Destroyed>(1));
    }

    [Fact]
    public void A_peer_joined_by_its_key_is_connected_and_a_banned_one_is_not()
    {
        Tell(1, new SwarmProtocol.JoinTopic(1, Topic, new JoinOptions(IsClient: false)));
        Tell(1, new SwarmProtocol.BanPeer(_swarms[3].Keys.PublicKey));
        Tell(1, new SwarmProtocol.Flush(Topic));
        RunUntil(() => Told<SwarmProtocol.Flushed>(1).Any());
        Tell(2, new SwarmProtocol.JoinPeer(_swarms[1].Keys.PublicKey));
        Tell(3, new SwarmProtocol.JoinPeer(_swarms[1].Keys.PublicKey));
        RunUntil(() => Open(2) == 1);
        RunFor(TimeSpan.FromSeconds(30));
        Assert.Equal((1, 0), (Open(1), Open(3)));
    }

    [Fact]
    public void A_destroyed_swarm_stops()
    {
        JoinAll();
        RunUntil(() => All.All(swarm => Open(swarm) == 2));
        Tell(1, new SwarmProtocol.Destroy());
        RunUntil(() => Told<Terminated>(1).Any());
        Assert.Single(Told<SwarmProtocol.Destroyed>(1));
        RunUntil(() => Open(2) == 1 && Open(3) == 1);
    }

    [Fact]
    public void The_same_seed_plays_the_same_run()
    {
        using VirtualSwarmTests other = new();
        foreach (VirtualSwarmTests run in new[] { this, other })
        {
            run.JoinAll();
            run.RunUntil(() => run.All.All(swarm => run.Open(swarm) == 2));
            run.RunFor(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(_events.Lines, other._events.Lines);
    }

    private IEnumerable<int> All => Enumerable.Range(1, 3);

    private void JoinAll()
    {
        foreach (int swarm in All)
        {
            Tell(swarm, new SwarmProtocol.JoinTopic(1, Topic, JoinOptions.Default));
            Tell(swarm, new SwarmProtocol.Flush(Topic));
            RunUntil(() => Told<SwarmProtocol.Flushed>(swarm).Any());
        }
    }

    private int Open(int swarm) => Told<SwarmProtocol.ConnectionOpened>(swarm).Count() - Told<SwarmProtocol.ConnectionClosed>(swarm).Count();

    private IEnumerable<T> Told<T>(int swarm) => _swarms[swarm].Told.OfType<T>();

    private void Tell(int swarm, SwarmProtocol.ICommand command) => _swarms[swarm].Swarm.Tell(command);

    private void Ping(int swarm, PeerAddress node)
        => _swarms[swarm].Swarm.Tell(new DhtNodeProtocol.SendRequest(1, new OutgoingRequest(node, DhtCommand.Ping)));

    private void RunFor(TimeSpan time) => _runtime.Kernel.RunUntil(_clock.Now + time);

    private void RunUntil(Func<bool> condition) => Assert.True(_runtime.Kernel.RunUntil(condition, _clock.Now + TimeSpan.FromMinutes(3)));

    private void Start(string name, SwarmOptions options)
    {
        List<object> told = [];
        PeerRuntime peer = _runtime.Peer(name, _runtime.CreateFiles(name));
        IActorRef owner = _runtime.Kernel.System.ActorOf(Props.Create(() => new Owner(peer, options, told)), name);
        _swarms.Add((owner, told, options.KeyPair));
        RunUntil(() => told.OfType<SwarmProtocol.Ready>().Any());
    }

    private sealed class Owner : UntypedActor
    {
        private readonly IActorRef _swarm;
        private readonly List<object> _told;

        public Owner(PeerRuntime peer, SwarmOptions options, List<object> told)
        {
            _swarm = Context.Watch(Context.ActorOf(SwarmActor.Props(peer, options, Self), "swarm"));
            _told = told;
        }

        protected override void OnReceive(object message)
        {
            if (message is SwarmProtocol.ICommand or DhtNodeProtocol.ICommand)
                _swarm.Tell(message);
            else
                _told.Add(message);
        }
    }
}

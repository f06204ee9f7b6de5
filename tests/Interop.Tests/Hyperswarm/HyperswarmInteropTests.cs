using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Swarm.Hyperswarm;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.HyperDht;
using Hyper.Protocol.Hyperswarm;

namespace AuctionActors.Interop.Tests.Hyperswarm;

public sealed class HyperswarmInteropTests : IDisposable
{
    private static readonly TopicKey Topic = new(Blake2b.Hash256("hello world"u8)), Other = new(Blake2b.Hash256("hi world"u8));
    private readonly RealRuntime _runtime = new("hyperswarm-interop");
    private readonly PeerAddress _bootstrap;
    private readonly List<NodePeer> _peers = [];
    private int _started;

    public HyperswarmInteropTests()
    {
        _bootstrap = Discarding.FreePort(_runtime.Ports);
        Start(DhtNodeActorOptions.Bootstrapper(_bootstrap, PeerAddress.Loopback(0).Host));
    }

    public void Dispose()
    {
        foreach (NodePeer peer in _peers)
            peer.Dispose();
        _runtime.Dispose();
    }

    [Fact]
    public async Task A_JavaScript_client_finds_our_server()
    {
        OwnSwarm ours = Start();
        await ours.JoinAsync(Topic, isClient: false);
        (NodePeer theirs, PublicKey key) = StartJavaScript();
        Join(theirs, Topic, server: false);
        Assert.Equal(ours.Key.ToHex(), (string?)theirs.ReadEvent("connection")["key"]);
        Write(theirs, new JsonObject { ["op"] = "flush" });
        Assert.Equal(ours.Key.ToHex(), (string?)theirs.ReadEvent("flushed")["connections"]!.AsArray().Single());
        SwarmProtocol.ConnectionOpened opened = ours.Next<SwarmProtocol.ConnectionOpened>();
        Assert.Equal((false, key), (opened.IsClient, opened.Remote));
        AssertEchoed(ours, theirs, key);
    }

    [Fact]
    public async Task Our_client_finds_a_JavaScript_server()
    {
        OwnSwarm ours = Start();
        (NodePeer theirs, PublicKey key) = StartJavaScript();
        Join(theirs, Topic, client: false);
        await ours.JoinAsync(Topic, isServer: false);
        Assert.True(await ours.Client.FlushAsync());
        SwarmProtocol.ConnectionOpened opened = ours.Next<SwarmProtocol.ConnectionOpened>();
        Assert.Equal((true, key, Topic), (opened.IsClient, opened.Remote, opened.Topics.Single()));
        Assert.False((bool)theirs.ReadEvent("connection")["client"]!);
        AssertEchoed(ours, theirs, key);
    }

    [Fact]
    public async Task Two_that_serve_and_dial_have_one_connection_however_they_meet()
    {
        OwnSwarm ours = Start();
        List<(NodePeer Peer, PublicKey Key)> theirs = [];
        for (int i = 0; i < 3; i++)
            theirs.Add(StartJavaScript());
        await ours.JoinAsync(Topic);
        foreach ((NodePeer peer, _) in theirs)
            Join(peer, Topic, wait: false);
        foreach ((NodePeer peer, _) in theirs)
            peer.ReadEvent("joined");
        // Each of them walks again and finds all others: dials cross.
        ours.Tell(new SwarmProtocol.RefreshTopic(1));
        foreach ((NodePeer peer, _) in theirs)
            Write(peer, new JsonObject { ["op"] = "refresh", ["topic"] = Topic.ToString() });
        await Eventually(async () => await ours.CountConnectionsAsync() == 3);
        foreach ((NodePeer peer, _) in theirs)
            await Eventually(() => Task.FromResult(Connections(peer).Count(key => key == ours.Key.ToHex()) == 1));
    }

    [Fact]
    public async Task A_connection_that_JavaScript_ends_is_dialled_again_by_our_client()
    {
        OwnSwarm ours = Start();
        (NodePeer theirs, PublicKey key) = StartJavaScript();
        Join(theirs, Topic, client: false);
        await ours.JoinAsync(Topic, isServer: false);
        ours.Next<SwarmProtocol.ConnectionOpened>();
        AssertEchoed(ours, theirs, key);
        Write(theirs, new JsonObject { ["op"] = "end", ["key"] = ours.Key.ToHex() });
        Assert.Equal(key, ours.Next<SwarmProtocol.ConnectionClosed>().Remote);
        Assert.Equal(key, ours.Next<SwarmProtocol.ConnectionOpened>().Remote);
        AssertEchoed(ours, theirs, key);
    }

    [Fact]
    public async Task A_connection_that_we_end_is_dialled_again_by_JavaScript()
    {
        OwnSwarm ours = Start();
        await ours.JoinAsync(Topic, isClient: false);
        (NodePeer theirs, PublicKey key) = StartJavaScript();
        Join(theirs, Topic, server: false);
        SwarmProtocol.ConnectionOpened first = ours.Next<SwarmProtocol.ConnectionOpened>();
        AssertEchoed(ours, theirs, key);
        first.Connection.Tell(ConnectionProtocol.Destroy.Instance, Akka.Actor.ActorRefs.NoSender);
        ours.Next<SwarmProtocol.ConnectionClosed>();
        ours.Next<SwarmProtocol.ConnectionOpened>();
        AssertEchoed(ours, theirs, key);
    }

    [Fact]
    public async Task Nobody_finds_a_swarm_of_either_side_that_has_left()
    {
        OwnSwarm ours = Start();
        await ours.JoinAsync(Topic, isClient: false);
        ours.Tell(new SwarmProtocol.LeaveTopic(Topic));
        ours.Next<SwarmProtocol.TopicLeft>();
        (NodePeer theirs, _) = StartJavaScript();
        Join(theirs, Topic, server: false);
        Write(theirs, new JsonObject { ["op"] = "flush" });
        Assert.Empty(theirs.ReadEvent("flushed")["connections"]!.AsArray());

        Join(theirs, Other, client: false);
        Write(theirs, new JsonObject { ["op"] = "leave", ["topic"] = Other.ToString() });
        theirs.ReadEvent("left");
        await ours.JoinAsync(Other, isServer: false);
        await ours.Client.FlushAsync();
        Assert.Equal(0, await ours.CountConnectionsAsync());
    }

    [Fact]
    public async Task Whom_one_side_refuses_is_banned_and_not_connected()
    {
        OwnSwarm refused = Start();
        (NodePeer theirs, PublicKey key) = StartJavaScript("--refused", refused.Key.ToHex());
        OwnSwarm ours = Start(refuses: client => client == key);
        await ours.JoinAsync(Topic, isClient: false);
        Join(theirs, Topic, server: false);
        Assert.Equal(key, ours.Next<SwarmProtocol.PeerBanned>().Remote);
        await refused.JoinAsync(Other, isClient: false);
        Join(theirs, Other, server: false, wait: false);
        Assert.Equal(refused.Key.ToHex(), (string?)theirs.ReadEvent("ban")["key"]);
        Assert.Empty(Connections(theirs));
    }

    [Fact]
    public async Task A_client_that_was_refused_once_may_come_again_but_the_owner_s_rule_is_not_asked_again()
    {
        int asked = 0;
        OwnSwarm ours = Start(refuses: _ => Interlocked.Increment(ref asked) > 0);
        await ours.JoinAsync(Topic, isClient: false);
        (NodePeer theirs, _) = StartJavaScript();
        Join(theirs, Topic, server: false);
        await Eventually(() => Task.FromResult(Attempts(theirs) >= 3));
        Assert.Equal(1, Volatile.Read(ref asked));
        Assert.Equal(1, (await ours.Client.GetStateAsync()).Counts.BannedPeers);
    }

    [Fact]
    public async Task A_peer_banned_later_is_not_accepted_again()
    {
        OwnSwarm ours = Start();
        await ours.JoinAsync(Topic, isClient: false);
        (NodePeer theirs, PublicKey key) = StartJavaScript();
        Join(theirs, Topic, server: false);
        SwarmProtocol.ConnectionOpened opened = ours.Next<SwarmProtocol.ConnectionOpened>();
        ours.Tell(new SwarmProtocol.BanPeer(key));
        ours.Next<SwarmProtocol.PeerBanned>();
        opened.Connection.Tell(ConnectionProtocol.Destroy.Instance, Akka.Actor.ActorRefs.NoSender);
        theirs.ReadEvent("closed");
        // JavaScript gives up after three more attempts.
        await Eventually(() => Task.FromResult(Attempts(theirs) >= 3));
        Assert.Equal(0, await ours.CountConnectionsAsync());
    }

    [Fact]
    public async Task Peers_are_joined_by_their_key_in_both_directions()
    {
        OwnSwarm ours = Start();
        await ours.JoinAsync(Topic, isClient: false);
        (NodePeer theirs, PublicKey key) = StartJavaScript();
        Write(theirs, new JsonObject { ["op"] = "joinPeer", ["key"] = ours.Key.ToHex() });
        theirs.ReadEvent("connection");
        (NodePeer second, PublicKey secondKey) = StartJavaScript();
        Join(second, Other, client: false);
        ours.Tell(new SwarmProtocol.JoinPeer(secondKey));
        Assert.Equal(key, ours.Next<SwarmProtocol.ConnectionOpened>().Remote);
        Assert.Equal(secondKey, ours.Next<SwarmProtocol.ConnectionOpened>().Remote);
    }

    [Fact]
    public async Task Suspended_swarms_of_either_side_come_back()
    {
        OwnSwarm ours = Start();
        await ours.JoinAsync(Topic, isClient: false);
        (NodePeer theirs, _) = StartJavaScript();
        Join(theirs, Topic, server: false);
        theirs.ReadEvent("connection");
        ours.Tell(new SwarmProtocol.Suspend());
        ours.Next<SwarmProtocol.Suspended>();
        theirs.ReadEvent("closed");
        ours.Tell(new SwarmProtocol.Resume());
        await ours.Client.FlushAsync();
        Write(theirs, new JsonObject { ["op"] = "refresh", ["topic"] = Topic.ToString() });
        theirs.ReadEvent("connection");
        Write(theirs, new JsonObject { ["op"] = "suspend" });
        theirs.ReadEvent("suspended");
        Write(theirs, new JsonObject { ["op"] = "resume" });
        theirs.ReadEvent("connection");
        ours.Tell(new SwarmProtocol.Destroy());
        theirs.ReadEvent("closed");
        ours.Next<SwarmProtocol.Destroyed>();
    }

    private static void Write(NodePeer peer, JsonObject message) => peer.WriteLine(message.ToJsonString());

    private static void Join(NodePeer peer, TopicKey topic, bool server = true, bool client = true, bool wait = true)
    {
        Write(peer, new JsonObject { ["op"] = "join", ["topic"] = topic.ToString(), ["server"] = server, ["client"] = client });
        if (wait)
            peer.ReadEvent("joined");
    }

    private static JsonObject State(NodePeer peer)
    {
        Write(peer, new JsonObject { ["op"] = "state" });
        return peer.ReadEvent("state");
    }

    private static IEnumerable<string> Connections(NodePeer peer) => State(peer)["connections"]!.AsArray().Select(key => (string)key!);

    private static int Attempts(NodePeer peer) => (int)State(peer)["stats"]!["client"]!["attempted"]!;

    private static async Task Eventually(Func<Task<bool>> condition)
    {
        for (int i = 0; i < 120; i++)
        {
            if (await condition())
                return;
            await Task.Delay(250);
        }

        Assert.Fail("it did not come to pass");
    }

    private static void AssertEchoed(OwnSwarm ours, NodePeer theirs, PublicKey key)
    {
        if (ours.Key < key)
            Assert.Equal(ours.Key.Value.Span.ToArray(), ours.Next<SwarmOwnerActor.Echoed>().Bytes);
        else
            Assert.Equal(key.ToHex(), (string?)theirs.ReadEvent("echo")["data"]);
    }

    private (NodePeer Peer, PublicKey Key) StartJavaScript(params string[] flags)
    {
        Bytes32 seed = Blake2b.Hash256([77, (byte)_peers.Count]);
        NodePeer peer = NodePeer.Start("hyperswarm.js", ["--bootstrap", _bootstrap.ToString(), "--seed", seed.ToHex(), .. flags]);
        _peers.Add(peer);
        peer.ReadEvent("ready");
        return (peer, KeyPair.FromSeed(seed).PublicKey);
    }

    private OwnSwarm Start(Func<PublicKey, bool>? refuses = null)
    {
        DhtNodeOptions node = new() { BootstrapNodes = [_bootstrap], IsFirewalled = false, HasQuickFirewallCheck = false };
        return Start(new DhtNodeActorOptions { Bind = PeerAddress.Loopback(0), Node = node }, refuses);
    }

    private OwnSwarm Start(DhtNodeActorOptions node, Func<PublicKey, bool>? refuses = null)
    {
        string name = "swarm-" + ++_started;
        return new OwnSwarm(_runtime, name, new SwarmOptions
        {
            KeyPair = KeyPair.FromSeed(Blake2b.Hash256([(byte)_started])),
            Dht = new HyperDhtOptions { Node = node },
            Refuses = refuses ?? (_ => false),
            Swarm = new HyperswarmOptions
            {
                RetryBackoffs = [.. new[] { 300, 600, 900, 1200 }.Select(delay => TimeSpan.FromMilliseconds(delay))],
                RetryJitter = TimeSpan.Zero,
            },
        });
    }
}

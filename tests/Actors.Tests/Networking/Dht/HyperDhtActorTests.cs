using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.Protomux;

namespace AuctionActors.Actors.Tests.Networking.Dht;

public sealed class HyperDhtActorTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly KeyPair ServerKeys = KeyPair.FromSeed(Blake2b.Hash256([1])), ClientKeys = KeyPair.FromSeed(Blake2b.Hash256([2]));
    private static readonly Bytes32 Topic = Blake2b.Hash256([3]);
    private readonly RealRuntime _runtime;
    private readonly PeerAddress _bootstrap;
    private readonly TestProbe _client, _server;
    private int _nodes;

    public HyperDhtActorTests()
        : this(new RealRuntime("hyperdht"))
    {
    }

    private HyperDhtActorTests(RealRuntime runtime)
        : base(runtime.System)
    {
        _runtime = runtime;
        _client = CreateTestProbe("client-owner");
        _server = CreateTestProbe("server-owner");
        using (IDatagramPort probe = runtime.Ports.Bind(PeerAddress.Loopback(0), new Runtime.BatchCollector()))
            _bootstrap = probe.LocalAddress;
        _ = Start(DhtNodeActorOptions.Bootstrapper(_bootstrap, PeerAddress.Loopback(0).Host));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Peers_on_loopback_connect_whether_firewalled_or_not(bool isServerFirewalled, bool isClientFirewalled)
    {
        IActorRef server = Node(isServerFirewalled), client = Node(isClientFirewalled);
        Listen(server);
        (HyperDhtProtocol.Connected connected, HyperDhtProtocol.Accepted accepted) = Connect(client);
        Assert.Equal(connected.Session.HandshakeHash, accepted.Session.HandshakeHash);
        Assert.Equal(ClientKeys.PublicKey, accepted.Session.RemotePublicKey);
        Assert.Equal("hello", Exchange(connected.Connection, accepted.Connection));
    }

    [Fact]
    public void Open_connections_are_listed_with_their_way_and_what_they_carried()
    {
        IActorRef server = Node(true), client = Node(true);
        Listen(server);
        client.Tell(new HyperDhtProtocol.GetConnections(), _client.Ref);
        Assert.Empty(_client.ExpectMsg<HyperDhtProtocol.ConnectionsListed>(Patience).Connections);
        (HyperDhtProtocol.Connected connected, HyperDhtProtocol.Accepted accepted) = Connect(client);
        Assert.Equal((ConnectionPath.Lan, ConnectionPath.Lan), (connected.Path, accepted.Path));
        Exchange(connected.Connection, accepted.Connection);
        client.Tell(new HyperDhtProtocol.GetConnections(), _client.Ref);
        HyperDhtProtocol.ConnectionSummary open = Assert.Single(
            _client.FishForMessage<HyperDhtProtocol.ConnectionsListed>(_ => true, Patience).Connections);
        Assert.Equal((ServerKeys.PublicKey, true, ConnectionPath.Lan), (open.Remote, open.IsInitiator, open.Path));
        Assert.True(open.OpenedIn > TimeSpan.Zero && open.Age > TimeSpan.Zero && open.Traffic is { SentBytes: > 0, ReceivedBytes: > 0 });
    }

    [Fact]
    public void The_same_node_can_serve_and_dial_itself()
    {
        IActorRef node = Node(false);
        Listen(node);
        Connect(node);
    }

    [Fact]
    public void An_unknown_key_is_not_found()
    {
        Node(true).Tell(new HyperDhtProtocol.Connect(7, ServerKeys.PublicKey, ClientKeys), _client.Ref);
        HyperDhtProtocol.ConnectFailed failed = _client.ExpectMsg<HyperDhtProtocol.ConnectFailed>(Patience);
        Assert.Equal((7, ConnectFailureCodes.PeerNotFound), (failed.Tag, failed.Code));
    }

    [Fact]
    public void A_refused_client_hears_nothing_from_the_server()
    {
        IActorRef server = Node(false), client = Node(true);
        Listen(server, (key, _, _) => key == ClientKeys.PublicKey);
        client.Tell(new HyperDhtProtocol.Connect(1, ServerKeys.PublicKey, ClientKeys), _client.Ref);
        Assert.Equal("PEER_CONNECTION_FAILED", _client.ExpectMsg<HyperDhtProtocol.ConnectFailed>(Patience).Code);
        _server.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_key_refused_later_hears_nothing_until_it_is_pardoned()
    {
        IActorRef server = Node(false), client = Node(true);
        Listen(server);
        server.Tell(new HyperDhtProtocol.Refuse(ServerKeys.PublicKey, ClientKeys.PublicKey));
        client.Tell(new HyperDhtProtocol.Connect(1, ServerKeys.PublicKey, ClientKeys) { Relays = [_bootstrap] }, _client.Ref);
        _client.ExpectMsg<HyperDhtProtocol.ConnectFailed>(Patience);
        server.Tell(new HyperDhtProtocol.Refuse(ServerKeys.PublicKey, ClientKeys.PublicKey, IsRefused: false));
        Connect(client);
    }

    [Fact]
    public void Nothing_is_told_of_a_dial_that_was_given_up()
    {
        IActorRef server = Node(false), client = Node(true);
        Listen(server);
        client.Tell(new HyperDhtProtocol.Connect(5, ServerKeys.PublicKey, ClientKeys), _client.Ref);
        client.Tell(new HyperDhtProtocol.CancelConnect(5), _client.Ref);
        Connect(client);
    }

    [Fact]
    public void A_server_that_has_stopped_is_not_found_and_its_connections_live_on()
    {
        IActorRef server = Node(false), client = Node(true);
        Listen(server);
        (HyperDhtProtocol.Connected connected, HyperDhtProtocol.Accepted accepted) = Connect(client);
        server.Tell(new HyperDhtProtocol.StopListening(ServerKeys.PublicKey), _server.Ref);
        _server.FishForMessage<HyperDhtProtocol.ListeningStopped>(_ => true, Patience);
        Assert.Equal("hello", Exchange(connected.Connection, accepted.Connection));
        Node(true).Tell(new HyperDhtProtocol.Connect(2, ServerKeys.PublicKey, ClientKeys), _client.Ref);
        _client.FishForMessage<HyperDhtProtocol.ConnectFailed>(failed => failed.Code == ConnectFailureCodes.PeerNotFound, Patience);
    }

    [Fact]
    public async Task A_suspended_server_is_not_found_and_a_resumed_one_is()
    {
        IActorRef server = Node(true), client = Node(true);
        Listen(server);
        HyperDhtClient host = new(server, Patience);
        await host.SuspendListeningAsync(ServerKeys.PublicKey);
        client.Tell(new HyperDhtProtocol.Connect(2, ServerKeys.PublicKey, ClientKeys), _client.Ref);
        Assert.Equal(ConnectFailureCodes.PeerNotFound, _client.ExpectMsg<HyperDhtProtocol.ConnectFailed>(Patience).Code);
        host.ResumeListening(ServerKeys.PublicKey);
        _server.ExpectMsg<HyperDhtProtocol.Listening>(Patience);
        Connect(client);
    }

    [Fact]
    public void A_suspended_node_ends_its_connections_and_its_servers_come_back_with_it()
    {
        IActorRef server = Node(false), client = Node(true);
        Listen(server);
        Connect(client);
        TestProbe observer = CreateTestProbe();
        server.Tell(new DhtNodeProtocol.ObserveState(observer.Ref));
        server.Tell(new DhtNodeProtocol.Suspend());
        _server.FishForMessage<ConnectionProtocol.Closed>(_ => true, Patience);
        _client.FishForMessage<ConnectionProtocol.Closed>(_ => true, Patience);
        observer.FishForMessage<DhtNodeProtocol.StateChanged>(changed => changed.State.IsSuspended, Patience);
        server.Tell(new HyperDhtProtocol.Connect(3, ServerKeys.PublicKey, ClientKeys), _client.Ref);
        Assert.Equal(ConnectFailureCodes.Suspended, _client.ExpectMsg<HyperDhtProtocol.ConnectFailed>(Patience).Code);
        client.Tell(new HyperDhtProtocol.Connect(4, ServerKeys.PublicKey, ClientKeys), _client.Ref);
        Assert.Equal(ConnectFailureCodes.PeerNotFound, _client.ExpectMsg<HyperDhtProtocol.ConnectFailed>(Patience).Code);
        server.Tell(new DhtNodeProtocol.Resume());
        _server.FishForMessage<HyperDhtProtocol.Listening>(_ => true, Patience);
        Connect(client);
    }

    [Fact]
    public void A_key_is_served_once_for_each_node()
    {
        IActorRef server = Node(false);
        Listen(server);
        server.Tell(new HyperDhtProtocol.Listen(ServerKeys, _client.Ref));
        _client.ExpectMsg<HyperDhtProtocol.ListenRefused>(Patience);
    }

    [Fact]
    public async Task Announcements_are_found_and_taken_back()
    {
        for (int i = 0; i < 3; i++)
            Node(false);
        HyperDhtClient announcer = new(Node(true), Patience), seeker = new(Node(true), Patience);
        HyperDhtProtocol.Stored stored = await announcer.AnnounceAsync(Topic, ClientKeys);
        Assert.Equal((QueryStatus.Completed, 4), (stored.Status, stored.Nodes.Length));
        HyperDhtProtocol.PeersFound found = await seeker.LookupAsync(Topic);
        Assert.Equal(4, found.Peers.Length);
        Assert.All(found.Peers, peer => Assert.Equal(ClientKeys.PublicKey, peer.Record.PublicKey));
        Assert.Equal(4, (await announcer.UnannounceAsync(Topic, ClientKeys)).Nodes.Length);
        Assert.Empty((await seeker.LookupAsync(Topic)).Peers);
    }

    [Fact]
    public async Task Values_are_stored_and_read_back()
    {
        Node(false);
        HyperDhtClient writer = new(Node(true), Patience), reader = new(Node(true), Patience);
        byte[] value = "hello"u8.ToArray();
        Assert.Equal(2, (await writer.PutImmutableAsync(value)).Nodes.Length);
        Assert.Equal(value, (await reader.GetImmutableAsync(Blake2b.Hash256(value))).Value!.Value.ToArray());
        Assert.Null((await reader.GetImmutableAsync(Topic)).Value);
        await writer.PutMutableAsync(ClientKeys, 5, value);
        Assert.Equal(QueryStatus.CommitRefused, (await writer.PutMutableAsync(ClientKeys, 4, value)).Status);
        HyperDhtProtocol.ValueRead read = await reader.GetMutableAsync(ClientKeys.PublicKey);
        Assert.Equal((5ul, "hello"), (read.Sequence, System.Text.Encoding.UTF8.GetString(read.Value!.Value.Span)));
    }

    [Fact]
    public async Task A_listening_server_is_found_at_the_nodes_it_announced_itself_to()
    {
        Node(false);
        Listen(Node(false));
        HyperDhtProtocol.PeersFound found = await new HyperDhtClient(Node(true), Patience).FindPeerAsync(ServerKeys.PublicKey);
        Assert.Contains(_bootstrap, found.Peers.Select(peer => peer.From));
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _runtime.Dispose();
    }

    private IActorRef Node(bool isFirewalled)
        => Start(new DhtNodeActorOptions
        {
            Bind = PeerAddress.Loopback(0),
            Node = new DhtNodeOptions
            {
                BootstrapNodes = [_bootstrap],
                IsFirewalled = isFirewalled,
                Persistence = isFirewalled ? DhtPersistence.Ephemeral : DhtPersistence.Persistent,
                HasQuickFirewallCheck = false,
            },
        });

    private IActorRef Start(DhtNodeActorOptions options)
    {
        PeerRuntime peer = _runtime.Peer("peer-" + ++_nodes, new MemoryFileStore());
        TestProbe owner = CreateTestProbe(peer.Name);
        IActorRef dht = owner.ChildActorOf(HyperDhtActor.Props(peer, new HyperDhtOptions { Node = options }), "dht");
        bool needsId = options.Node.Persistence == DhtPersistence.Persistent;
        owner.FishForMessage(
            fact => fact is DhtNodeProtocol.StateChanged { State.IsBootstrapped: true } changed && (!needsId || changed.State.Id is not null), Patience);
        return dht;
    }

    private void Listen(IActorRef node, ConnectionFirewall? firewall = null)
    {
        node.Tell(new HyperDhtProtocol.Listen(ServerKeys, _server.Ref, firewall));
        Assert.NotEmpty(_server.ExpectMsg<HyperDhtProtocol.Listening>(Patience).Relays);
    }

    private (HyperDhtProtocol.Connected Connected, HyperDhtProtocol.Accepted Accepted) Connect(IActorRef client)
    {
        client.Tell(new HyperDhtProtocol.Connect(1, ServerKeys.PublicKey, ClientKeys), _client.Ref);
        HyperDhtProtocol.Connected connected = _client.ExpectMsg<HyperDhtProtocol.Connected>(Patience);
        HyperDhtProtocol.Accepted accepted = _server.FishForMessage<HyperDhtProtocol.Accepted>(_ => true, Patience);
        _client.ExpectMsg<ConnectionProtocol.Opened>(Patience);
        return (connected, accepted);
    }

    private string Exchange(IActorRef from, IActorRef to)
    {
        TestProbe sender = CreateTestProbe(), receiver = CreateTestProbe();
        ChannelRequest request = new("test", default, 1);
        to.Tell(new ConnectionProtocol.OpenChannel(new ChannelKey(receiver.Ref), request));
        from.Tell(new ConnectionProtocol.OpenChannel(new ChannelKey(sender.Ref), request));
        from.Tell(new ConnectionProtocol.SendMessages(new ChannelKey(sender.Ref), [new ChannelMessage(0, "hello"u8.ToArray())]));
        var messages = receiver.FishForMessage<ConnectionProtocol.ChannelMessages>(_ => true, Patience);
        return System.Text.Encoding.UTF8.GetString(messages.Messages[0].Payload.Span);
    }
}

using Akka.Actor;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.HyperDht.Connecting;

namespace AuctionActors.Actors.Tests.Networking.Dht;

public sealed class HyperDhtActorTests : HyperDhtKit
{
    private static readonly Bytes32 Topic = Blake2b.Hash256([3]);

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
        client.Tell(new HyperDhtProtocol.GetConnections(), Client.Ref);
        Assert.Empty(Client.ExpectMsg<HyperDhtProtocol.ConnectionsListed>(Patience).Connections);
        (HyperDhtProtocol.Connected connected, HyperDhtProtocol.Accepted accepted) = Connect(client);
        Assert.Equal((ConnectionPath.Lan, ConnectionPath.Lan), (connected.Path, accepted.Path));
        Exchange(connected.Connection, accepted.Connection);
        client.Tell(new HyperDhtProtocol.GetConnections(), Client.Ref);
        HyperDhtProtocol.ConnectionSummary open = Assert.Single(
            Client.FishForMessage<HyperDhtProtocol.ConnectionsListed>(_ => true, Patience).Connections);
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_node_that_relays_for_a_server_can_dial_it(bool isServerFirewalled)
    {
        Listen(Node(isServerFirewalled));
        Connect(BootstrapNode);
    }

    [Fact]
    public void An_unknown_key_is_not_found()
    {
        Node(true).Tell(new HyperDhtProtocol.Connect(7, ServerKeys.PublicKey, ClientKeys), Client.Ref);
        HyperDhtProtocol.ConnectFailed failed = Client.ExpectMsg<HyperDhtProtocol.ConnectFailed>(Patience);
        Assert.Equal((7, ConnectFailureCodes.PeerNotFound), (failed.Tag, failed.Code));
    }

    [Fact]
    public void A_refused_client_hears_nothing_from_the_server()
    {
        IActorRef server = Node(false), client = Node(true);
        Listen(server, (key, _, _) => key == ClientKeys.PublicKey);
        client.Tell(new HyperDhtProtocol.Connect(1, ServerKeys.PublicKey, ClientKeys), Client.Ref);
        Assert.Equal("PEER_CONNECTION_FAILED", Client.ExpectMsg<HyperDhtProtocol.ConnectFailed>(Patience).Code);
        Server.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_key_refused_later_hears_nothing_until_it_is_pardoned()
    {
        IActorRef server = Node(false), client = Node(true);
        Listen(server);
        server.Tell(new HyperDhtProtocol.Refuse(ServerKeys.PublicKey, ClientKeys.PublicKey));
        client.Tell(new HyperDhtProtocol.Connect(1, ServerKeys.PublicKey, ClientKeys) { Relays = [Bootstrap] }, Client.Ref);
        Client.ExpectMsg<HyperDhtProtocol.ConnectFailed>(Patience);
        server.Tell(new HyperDhtProtocol.Refuse(ServerKeys.PublicKey, ClientKeys.PublicKey, IsRefused: false));
        Connect(client);
    }

    [Fact]
    public void Nothing_is_told_of_a_dial_that_was_given_up()
    {
        IActorRef server = Node(false), client = Node(true);
        Listen(server);
        client.Tell(new HyperDhtProtocol.Connect(5, ServerKeys.PublicKey, ClientKeys), Client.Ref);
        client.Tell(new HyperDhtProtocol.CancelConnect(5), Client.Ref);
        Connect(client);
    }

    [Fact]
    public void A_server_that_has_stopped_is_not_found_and_its_connections_live_on()
    {
        IActorRef server = Node(false), client = Node(true);
        Listen(server);
        (HyperDhtProtocol.Connected connected, HyperDhtProtocol.Accepted accepted) = Connect(client);
        server.Tell(new HyperDhtProtocol.StopListening(ServerKeys.PublicKey), Server.Ref);
        Server.FishForMessage<HyperDhtProtocol.ListeningStopped>(_ => true, Patience);
        Assert.Equal("hello", Exchange(connected.Connection, accepted.Connection));
        Node(true).Tell(new HyperDhtProtocol.Connect(2, ServerKeys.PublicKey, ClientKeys), Client.Ref);
        Client.FishForMessage<HyperDhtProtocol.ConnectFailed>(failed => failed.Code == ConnectFailureCodes.PeerNotFound, Patience);
    }

    [Fact]
    public void A_key_is_served_once_for_each_node()
    {
        IActorRef server = Node(false);
        Listen(server);
        server.Tell(new HyperDhtProtocol.Listen(ServerKeys, Client.Ref));
        Client.ExpectMsg<HyperDhtProtocol.ListenRefused>(Patience);
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
        Assert.Contains(Bootstrap, found.Peers.Select(peer => peer.From));
    }
}

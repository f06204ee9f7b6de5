using Akka.Actor;
using Akka.TestKit;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Datagrams;
using Hyper.Actors.Networking.Relaying;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.BlindRelay;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux;
using Hyper.Protocol.SecretStream.Noise;

namespace AuctionActors.Actors.Tests.Networking.Connections;

public sealed class ConnectionActorTests : ConnectionKit
{
    [Fact]
    public void The_server_learns_the_address_from_the_first_packet()
    {
        ConnectionProtocol.Reached reached = Server.Owner.ExpectMsg<ConnectionProtocol.Reached>();
        ConnectionProtocol.Opened atServer = Server.Owner.ExpectMsg<ConnectionProtocol.Opened>();
        ConnectionProtocol.Opened atClient = Client.Owner.ExpectMsg<ConnectionProtocol.Opened>();

        Assert.Equal((Client.Address, Server.Datagrams), (reached.RemoteAddress, reached.Datagrams));
        Assert.Equal(Client.Address, atServer.RemoteAddress);
        Assert.Equal(Server.Address, atClient.RemoteAddress);
        Assert.Equal((true, false), (atClient.IsInitiator, atServer.IsInitiator));
    }

    [Fact]
    public void Channels_pair_and_carry_batches_both_ways()
    {
        (TestProbe client, TestProbe server) = OpenChannels();
        ChannelMessage[] batch = [new(0, "one"u8.ToArray()), new(1, "two"u8.ToArray()), new(0, new byte[100_000])];

        Client.Connection.Tell(new ConnectionProtocol.SendMessages(new ChannelKey(client.Ref), batch));
        var received = server.ExpectMsg<ConnectionProtocol.ChannelMessages>();
        Assert.Equal(batch.Select(Describe), received.Messages.Select(Describe));

        Server.Connection.Tell(new ConnectionProtocol.SendMessages(new ChannelKey(server.Ref), batch[..1]));
        Assert.Equal("0:one", Describe(Assert.Single(client.ExpectMsg<ConnectionProtocol.ChannelMessages>().Messages)));
    }

    [Fact]
    public void A_closed_channel_closes_at_the_other_end_and_the_connection_stays()
    {
        (TestProbe client, TestProbe server) = OpenChannels();
        Client.Connection.Tell(new ConnectionProtocol.CloseChannel(new ChannelKey(client.Ref)));

        Assert.False(client.ExpectMsg<ConnectionProtocol.ChannelClosed>().IsRemote);
        Assert.True(server.ExpectMsg<ConnectionProtocol.ChannelClosed>().IsRemote);
        OpenChannels();
    }

    [Fact]
    public void A_channel_closes_when_its_owner_stops()
    {
        (TestProbe client, TestProbe server) = OpenChannels();
        Sys.Stop(client.Ref);

        Assert.True(server.ExpectMsg<ConnectionProtocol.ChannelClosed>().IsRemote);
    }

    [Fact]
    public void A_protocol_nobody_listens_for_is_rejected()
    {
        TestProbe probe = CreateTestProbe();
        Client.Connection.Tell(new ConnectionProtocol.OpenChannel(new ChannelKey(probe.Ref), new ChannelRequest("unknown", default, 1)));

        Assert.True(probe.ExpectMsg<ConnectionProtocol.ChannelClosed>().IsRejected);
    }

    [Fact]
    public void A_graceful_close_ends_both_sides_after_everything_arrived()
    {
        (TestProbe client, TestProbe server) = OpenChannels();
        ChannelMessage[] large = [new(0, new byte[1_000_000])];
        Client.Connection.Tell(new ConnectionProtocol.SendMessages(new ChannelKey(client.Ref), large));
        Client.Connection.Tell(ConnectionProtocol.Close.Instance);

        Assert.Equal(1_000_000, server.FishForMessage<ConnectionProtocol.ChannelMessages>(_ => true).Messages[0].Payload.Length);
        Assert.Equal(ConnectionCloseReason.Ended, Server.Owner.FishForMessage<ConnectionProtocol.Closed>(_ => true).Reason);
        Assert.Equal(ConnectionCloseReason.Ended, Client.Owner.FishForMessage<ConnectionProtocol.Closed>(_ => true).Reason);
    }

    [Fact]
    public void Stopping_the_actor_resets_the_other_end()
    {
        OpenChannels();
        Sys.Stop(Client.Connection);

        Assert.Equal(ConnectionCloseReason.Reset, Server.Owner.FishForMessage<ConnectionProtocol.Closed>(_ => true).Reason);
    }

    [Fact]
    public void A_connection_moves_to_another_port_of_the_remote_and_goes_on()
    {
        (TestProbe client, TestProbe server) = OpenChannels();
        TestProbe owner = CreateTestProbe();
        IActorRef other = owner.ChildActorOf(
            DatagramActor.Props(Runtime.Peer("other", new MemoryFileStore()), DatagramOptions.AnyPort(PeerAddress.Loopback(0).Host)), "other");
        PeerAddress address = owner.ExpectMsg<DatagramProtocol.Bound>().Address;
        other.Tell(new DatagramProtocol.AddStream(Server.StreamId, Server.Connection));
        Client.Connection.Tell(new ConnectionProtocol.Move(address, Client.Datagrams));
        Client.Connection.Tell(new ConnectionProtocol.SendMessages(new ChannelKey(client.Ref), [new(0, "moved"u8.ToArray())]));

        Assert.Equal("0:moved", Describe(server.ExpectMsg<ConnectionProtocol.ChannelMessages>().Messages[0]));
        Assert.Equal(address, Client.Owner.FishForMessage<ConnectionProtocol.Moved>(_ => true).RemoteAddress);
    }

    [Fact]
    public void Who_follows_the_way_of_a_connection_hears_each_that_is_no_relay()
    {
        TestProbe follower = CreateTestProbe();
        Client.Connection.Tell(new ConnectionProtocol.FollowWay(), follower.Ref);
        Assert.Equal(new ConnectionProtocol.Way(Server.Address, Client.Datagrams), follower.ExpectMsg<ConnectionProtocol.Way>());
        Client.Connection.Tell(new ConnectionProtocol.Move(PeerAddress.Loopback(9), Client.Datagrams));
        Assert.Equal(PeerAddress.Loopback(9), follower.ExpectMsg<ConnectionProtocol.Way>().RemoteAddress);

        Node other = Open("other", 11);
        (NoiseResult session, _) = Sessions.Create();
        other.Connection.Tell(new ConnectionProtocol.FollowWay(), follower.Ref);
        other.Connection.Tell(new ConnectionProtocol.Establish(session, 12, null, null));
        other.Connection.Tell(new ConnectionProtocol.UseRelay(PeerAddress.Loopback(10), other.Datagrams, 101), other.Owner);
        other.Connection.Tell(new ConnectionProtocol.Establish(session, 12, PeerAddress.Loopback(12), other.Datagrams));
        Assert.Equal(PeerAddress.Loopback(12), follower.ExpectMsg<ConnectionProtocol.Way>().RemoteAddress);
    }

    [Fact]
    public void A_relayed_connection_moves_to_a_way_of_its_own_and_so_does_its_remote_end()
    {
        Node left = Open("left", 11), right = Open("right", 12), relay = Open("relay", 13);
        RelayServerEffect.OpenLink order = new(new RelayLinkId(1), new RelayEnd(101, 11, default), new RelayEnd(102, 12, default));
        IActorRef link = Sys.ActorOf(RelayLinkActor.Props(order, [null, null], new BlindRelayOptions { KeyPair = KeyPair.FromSeed(default) }));
        relay.Datagrams.Tell(new DatagramProtocol.AddStream(101, link));
        relay.Datagrams.Tell(new DatagramProtocol.AddStream(102, link));
        (NoiseResult initiator, NoiseResult responder) = Sessions.Create();
        left.Connection.Tell(new ConnectionProtocol.Establish(initiator, 12, null, null));
        right.Connection.Tell(new ConnectionProtocol.Establish(responder, 11, null, null));
        left.Connection.Tell(new ConnectionProtocol.UseRelay(relay.Address, left.Datagrams, 101), left.Owner);
        right.Connection.Tell(new ConnectionProtocol.UseRelay(relay.Address, right.Datagrams, 102), right.Owner);
        Assert.Equal(relay.Address, left.Owner.ExpectMsg<ConnectionProtocol.Opened>().RemoteAddress);
        Assert.Equal(relay.Address, right.Owner.ExpectMsg<ConnectionProtocol.Opened>().RemoteAddress);

        left.Connection.Tell(new ConnectionProtocol.Establish(initiator, 12, right.Address, left.Datagrams));
        Assert.Equal(right.Address, left.Owner.ExpectMsg<ConnectionProtocol.Moved>().RemoteAddress);
        Assert.Equal(left.Address, right.Owner.ExpectMsg<ConnectionProtocol.Reached>().RemoteAddress);
        Assert.Equal(left.Address, right.Owner.ExpectMsg<ConnectionProtocol.Moved>().RemoteAddress);
        Sys.Stop(relay.Datagrams);
        left.Connection.Tell(ConnectionProtocol.Close.Instance);
        Assert.Equal(ConnectionCloseReason.Ended, right.Owner.ExpectMsg<ConnectionProtocol.Closed>().Reason);
    }

    [Fact]
    public void What_a_relay_brings_before_it_has_told_us_of_the_pair_is_kept()
    {
        Node left = Open("left", 11), right = Open("right", 12), relay = Open("relay", 13);
        RelayServerEffect.OpenLink order = new(new RelayLinkId(1), new RelayEnd(101, 11, default), new RelayEnd(102, 12, default));
        ConnectionProtocol.Way[] ways = [new(left.Address, relay.Datagrams), new(right.Address, relay.Datagrams)];
        IActorRef link = Sys.ActorOf(RelayLinkActor.Props(order, ways, new BlindRelayOptions { KeyPair = KeyPair.FromSeed(default) }));
        relay.Datagrams.Tell(new DatagramProtocol.AddStream(101, link));
        (NoiseResult initiator, NoiseResult responder) = Sessions.Create();
        left.Connection.Tell(new ConnectionProtocol.Establish(initiator, 12, null, null));
        right.Connection.Tell(new ConnectionProtocol.Establish(responder, 11, null, null));
        right.Connection.Tell(new ConnectionProtocol.UseRelay(relay.Address, right.Datagrams), right.Owner);
        left.Connection.Tell(new ConnectionProtocol.UseRelay(relay.Address, left.Datagrams, 101), left.Owner);
        AwaitAssert(() =>
        {
            right.Connection.Tell(new ConnectionProtocol.GetTraffic(), TestActor);
            Assert.True(ExpectMsg<ConnectionProtocol.Traffic>().ReceivedBytes > 0);
        });

        relay.Datagrams.Tell(new DatagramProtocol.AddStream(102, link));
        right.Connection.Tell(new ConnectionProtocol.UseRelay(relay.Address, right.Datagrams, 102), right.Owner);
        Assert.Equal(relay.Address, right.Owner.ExpectMsg<ConnectionProtocol.Opened>().RemoteAddress);
        Assert.Equal(relay.Address, left.Owner.ExpectMsg<ConnectionProtocol.Opened>().RemoteAddress);
    }

    [Fact]
    public void Random_datagrams_reach_the_owner_and_forged_packets_do_no_harm()
    {
        OpenChannels();
        byte[] forged = new byte[60];
        (forged[0], forged[1], forged[2], forged[4]) = (0xff, 1, 1, 2);
        Client.Datagrams.Tell(new DatagramProtocol.SendAll(
            [new OutgoingDatagram(new byte[] { 3, 1, 4 }, Server.Address), new OutgoingDatagram(forged, Server.Address)]));

        using DatagramBatch plain = Server.Owner.FishForMessage<DatagramProtocol.Received>(_ => true).Batch;
        Assert.Equal([3, 1, 4], plain.Peek(0).ToArray());
        OpenChannels("still-alive");
    }
}

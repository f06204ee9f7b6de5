using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.HyperDht.Holepunching;
using Hyper.Protocol.HyperDht.Messages;

namespace AuctionActors.Protocol.Tests.HyperDht.Connecting;

public sealed class ConnectMachineTests
{
    [Fact]
    public void An_open_server_is_dialled_at_the_address_that_the_relay_saw()
    {
        HandshakeScene scene = new(serverOpen: true);
        scene.ShakeHands();
        ConnectEffect.Connected connected = Assert.IsType<ConnectEffect.Connected>(scene.Take());
        Assert.Equal(new StreamPath(LocalSocket.Client, HandshakeScene.Server), connected.Connection.Path);
        Assert.Equal([HandshakeScene.Relay], connected.RelayAddresses);
        Assert.Null(scene.Accepted.Path);
        HandshakeScene.AssertMirrored(connected.Connection, scene.Accepted);
    }

    [Fact]
    public void A_server_dials_an_open_client_which_learns_the_path_from_its_first_packet()
    {
        HandshakeScene scene = new(clientOpen: true);
        scene.ShakeHands();
        EstablishedConnection client = Assert.IsType<ConnectEffect.Connected>(scene.Take()).Connection;
        Assert.Null(client.Path);
        Assert.Equal(HandshakeScene.Client, scene.Accepted.Path!.Value.Remote);
        HandshakeScene.AssertMirrored(client, scene.Accepted);
    }

    [Fact]
    public void Two_firewalled_peers_on_one_host_meet_at_their_local_addresses()
    {
        HandshakeScene scene = new();
        scene.ShakeHands();
        ConnectEffect.Send ping = scene.TakeSend();
        Assert.Equal((DhtCommand.Ping, HandshakeScene.Server), (ping.Request.Command, ping.Request.To));
        scene.Machine.HandleReply(ping.Ticket, new ReceivedReply(HandshakeScene.Server, null, HandshakeScene.Client), default);
        ConnectEffect.Connected connected = Assert.IsType<ConnectEffect.Connected>(scene.Take());
        Assert.Equal(new StreamPath(LocalSocket.Server, HandshakeScene.Server), connected.Connection.Path);
    }

    [Fact]
    public void Without_a_local_path_between_firewalls_the_failure_says_so()
    {
        HandshakeScene scene = new();
        scene.ShakeHands();
        scene.Machine.HandleFailure(scene.TakeSend().Ticket, default);
        Assert.Equal(new ConnectEffect.Failed(ConnectFailure.CannotHolepunch), scene.Take());
    }

    [Fact]
    public void A_local_path_that_fails_is_followed_by_a_holepunch()
    {
        HandshakeScene scene = new(punches: true);
        scene.ShakeHands();
        scene.Machine.HandleFailure(scene.TakeSend().Ticket, default);
        Assert.IsType<PunchEffect.OpenSocket>(Assert.IsType<ConnectEffect.Punch>(scene.Take()).Order);
    }

    [Fact]
    public void A_local_path_has_a_head_start_and_may_still_win_against_a_holepunch()
    {
        HandshakeScene scene = new(punches: true);
        scene.ShakeHands();
        ConnectTicket ping = scene.TakeSend().Ticket;
        Assert.False(scene.Machine.TryTake(out _));
        scene.Machine.HandleTimeout(scene.Machine.NextDeadline!.Value);
        LocalSocket socket = Assert.IsType<PunchEffect.OpenSocket>(Assert.IsType<ConnectEffect.Punch>(scene.Take()).Order).Socket;
        while (scene.Machine.TryTake(out _))
            continue;
        scene.Machine.HandleReply(ping, new ReceivedReply(HandshakeScene.Server, null, HandshakeScene.Client), default);
        Assert.Equal(new ConnectEffect.Punch(new PunchEffect.CloseSocket(socket)), scene.Take());
        EstablishedConnection connection = Assert.IsType<ConnectEffect.Connected>(scene.Take()).Connection;
        Assert.Equal((ConnectionPath.Lan, LocalSocket.Server), (connection.Kind, connection.Path!.Value.Socket));
    }

    [Fact]
    public void A_dial_that_nobody_wants_any_more_closes_its_socket_and_says_nothing()
    {
        HandshakeScene scene = new(punches: true);
        scene.ShakeHands();
        scene.Machine.HandleFailure(scene.TakeSend().Ticket, default);
        while (scene.Machine.TryTake(out _))
            continue;
        scene.Machine.Cancel();
        Assert.IsType<PunchEffect.CloseSocket>(Assert.IsType<ConnectEffect.Punch>(scene.Take()).Order);
        Assert.False(scene.Machine.TryTake(out _));
    }

    [Fact]
    public void The_way_of_an_earlier_connection_is_tried_before_any_search()
    {
        StreamPath way = new(new LocalSocket(9), HandshakeScene.Server);
        HandshakeScene scene = new(route: way);
        scene.Machine.Start();
        ConnectEffect.Send send = scene.TakeSend();
        Assert.Equal((way.Socket, way.Remote), (send.Request.Socket, send.Request.To));
        scene.Machine.HandleReply(send.Ticket, scene.Carry(send.Request)!, default);
        EstablishedConnection client = Assert.IsType<ConnectEffect.Connected>(scene.Take()).Connection;
        Assert.Equal(way, client.Path);
        Assert.True(client.RemotePayload.Udx!.ReusableSocket && scene.Accepted.RemotePayload.Udx!.ReusableSocket);
        HandshakeScene.AssertMirrored(client, scene.Accepted);
    }

    [Fact]
    public void A_way_that_leads_nowhere_any_more_is_left_and_followed_by_a_search()
    {
        HandshakeScene scene = new(route: new StreamPath(new LocalSocket(9), HandshakeScene.Server));
        scene.Machine.Start();
        scene.Machine.HandleFailure(scene.TakeSend().Ticket, default);
        Assert.Equal(new ConnectEffect.LeaveSocket(new LocalSocket(9)), scene.Take());
        Assert.IsType<ConnectEffect.Walk>(scene.Take());
        scene.Machine.HandleFound(HandshakeScene.Record(HandshakeScene.Relay));
        OutgoingRequest next = scene.TakeSend().Request;
        Assert.Equal((null, HandshakeScene.Relay), (next.Socket, next.To));
    }

    [Fact]
    public void A_server_that_is_known_is_dialled_directly()
    {
        HandshakeScene scene = new(known: [HandshakeScene.Server]);
        scene.Machine.Start();
        Assert.IsType<ConnectEffect.Walk>(scene.Take());
        ConnectEffect.Send send = scene.TakeSend();
        scene.Machine.HandleReply(send.Ticket, scene.Carry(send.Request)!, default);
        Assert.IsType<ConnectEffect.StopWalk>(scene.Take());
        EstablishedConnection client = Assert.IsType<ConnectEffect.Connected>(scene.Take()).Connection;
        Assert.Equal(HandshakeScene.Server, client.Path!.Value.Remote);
        HandshakeScene.AssertMirrored(client, scene.Accepted);
    }

    [Fact]
    public void A_relay_that_answers_with_rubbish_does_not_spoil_the_true_answer()
    {
        HandshakeScene scene = new(serverOpen: true);
        scene.Machine.Start();
        scene.Take();
        scene.Machine.HandleFound(HandshakeScene.Record(HandshakeScene.OtherRelay));
        scene.Machine.HandleFound(HandshakeScene.Record(HandshakeScene.Relay));
        ConnectEffect.Send forged = scene.TakeSend(), honest = scene.TakeSend();
        byte[] rubbish = new HandshakeMessage(PeerRoutingMode.Reply, new byte[100], HandshakeScene.Server).Encode();
        scene.Machine.HandleReply(forged.Ticket, new ReceivedReply(HandshakeScene.OtherRelay, null, default) { Value = rubbish }, default);
        scene.Machine.HandleReply(honest.Ticket, scene.Carry(honest.Request)!, default);
        scene.Take();
        Assert.IsType<ConnectEffect.Connected>(scene.Take());
    }

    [Theory]
    [InlineData(PeerRoutingMode.FromServer, 3000)]
    [InlineData(PeerRoutingMode.Reply, 3999)]
    public void Replies_of_another_mode_or_from_another_address_are_ignored(PeerRoutingMode mode, int from)
    {
        HandshakeScene scene = new(serverOpen: true);
        scene.Machine.Start();
        scene.Take();
        scene.Machine.HandleFound(HandshakeScene.Record(HandshakeScene.Relay));
        ConnectEffect.Send send = scene.TakeSend();
        ReceivedReply honest = scene.Carry(send.Request)!;
        Assert.True(HandshakeMessage.TryDecode(honest.Value!.Value.Span, out HandshakeMessage message));
        ReceivedReply forged = honest with { From = PeerAddress.Loopback(from), Value = (message with { Mode = mode }).Encode() };
        scene.Machine.HandleReply(send.Ticket, forged, default);
        scene.Machine.HandleWalkFinished();
        Assert.Equal(new ConnectEffect.Failed(ConnectFailure.PeerConnectionFailed), scene.Take());
    }

    [Fact]
    public void A_key_that_nobody_knows_is_not_found()
    {
        HandshakeScene scene = new();
        scene.Machine.Start();
        Assert.IsType<ConnectEffect.Walk>(scene.Take());
        scene.Machine.HandleWalkFinished();
        Assert.Equal(new ConnectEffect.Failed(ConnectFailure.PeerNotFound), scene.Take());
    }

    [Fact]
    public void Known_relays_that_are_stale_lead_to_a_second_walk()
    {
        HandshakeScene scene = new(known: [HandshakeScene.OtherRelay]);
        scene.Machine.Start();
        Assert.Equal(HandshakeScene.OtherRelay, Assert.Single(Assert.IsType<ConnectEffect.Walk>(scene.Take()).Definition.StartNodes));
        ConnectEffect.Send send = scene.TakeSend();
        scene.Machine.HandleWalkFinished();
        Assert.False(scene.Machine.TryTake(out _));
        scene.Machine.HandleFailure(send.Ticket, default);
        Assert.Empty(Assert.IsType<ConnectEffect.Walk>(scene.Take()).Definition.StartNodes);
    }

    [Fact]
    public void Records_of_other_keys_are_not_followed()
    {
        HandshakeScene scene = new();
        scene.Machine.Start();
        scene.Take();
        byte[] other = new PeerRecord(HandshakeScene.ClientKeys.PublicKey).Encode();
        scene.Machine.HandleFound(new ReceivedReply(HandshakeScene.Relay, null, default) { Value = other });
        Assert.False(scene.Machine.TryTake(out _));
    }

    [Fact]
    public void No_more_than_two_found_relays_are_tried_at_once_and_twenty_in_all()
    {
        HandshakeScene scene = new();
        scene.Machine.Start();
        scene.Take();
        for (int i = 1; i <= 40; i++)
            scene.Machine.HandleFound(HandshakeScene.Record(PeerAddress.Loopback(i)));
        List<ConnectEffect.Send> sent = [scene.TakeSend(), scene.TakeSend()];
        Assert.False(scene.Machine.TryTake(out _));
        for (int i = 0; i < sent.Count; i++)
        {
            scene.Machine.HandleFailure(sent[i].Ticket, default);
            while (scene.Machine.TryTake(out ConnectEffect? effect))
                sent.Add(Assert.IsType<ConnectEffect.Send>(effect));
        }

        Assert.Equal(20, sent.Count);
        scene.Machine.HandleWalkFinished();
        Assert.Equal(new ConnectEffect.Failed(ConnectFailure.PeerConnectionFailed), scene.Take());
    }

    [Fact]
    public void A_public_key_that_is_no_point_fails_at_once()
    {
        ConnectMachine machine = new(
            new ConnectOptions(), HandshakeScene.ClientKeys, default, 1, new HandshakeScene().ClientReach, [], [], new SeededEntropy(1, "x"));
        machine.Start();
        Assert.True(machine.TryTake(out ConnectEffect? effect));
        Assert.IsType<ConnectEffect.Walk>(effect);
        Assert.True(machine.TryTake(out effect));
        Assert.IsType<ConnectEffect.StopWalk>(effect);
        Assert.True(machine.TryTake(out effect));
        Assert.Equal(new ConnectEffect.Failed(ConnectFailure.InvalidPublicKey), effect);
    }

    [Fact]
    public void What_the_node_learns_about_itself_before_the_first_handshake_leaves_is_told_and_counts()
    {
        HandshakeScene scene = new();
        scene.Machine.Start();
        Assert.IsType<ConnectEffect.Walk>(scene.Take());
        scene.Machine.HandleReachability(new HandshakeScene(clientOpen: true).ClientReach);
        scene.Machine.HandleFound(HandshakeScene.Record(HandshakeScene.Relay));
        ConnectEffect.Send send = scene.TakeSend();
        scene.Machine.HandleReply(send.Ticket, scene.Carry(send.Request)!, scene.Now);
        Assert.IsType<ConnectEffect.StopWalk>(scene.Take());
        Assert.Null(Assert.IsType<ConnectEffect.Connected>(scene.Take()).Connection.Path);
        Assert.Equal(HandshakeScene.Client, scene.Accepted.Path!.Value.Remote);
    }

    [Fact]
    public void A_node_that_opens_after_its_first_handshake_does_not_wait_for_the_server()
    {
        HandshakeScene scene = new(punches: true);
        scene.Machine.Start();
        Assert.IsType<ConnectEffect.Walk>(scene.Take());
        scene.Machine.HandleFound(HandshakeScene.Record(HandshakeScene.Relay));
        ConnectEffect.Send send = scene.TakeSend();
        scene.Machine.HandleReachability(new HandshakeScene(clientOpen: true).ClientReach);
        scene.Machine.HandleReply(send.Ticket, scene.Carry(send.Request)!, scene.Now);
        Assert.IsType<ConnectEffect.StopWalk>(scene.Take());
        Assert.IsType<ConnectEffect.Send>(scene.Take());
    }
}

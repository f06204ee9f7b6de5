using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.HyperDht.Holepunching;
using Hyper.Protocol.HyperDht.Messages;

namespace AuctionActors.Protocol.Tests.HyperDht.Connecting;

public sealed class RelayThroughTests
{
    private static readonly PublicKey ClientsRelay = KeyPair.FromSeed(Blake2b.Hash256([8])).PublicKey,
        ServersRelay = KeyPair.FromSeed(Blake2b.Hash256([9])).PublicKey;

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Both_sides_go_to_the_same_relay_with_one_token_and_the_one_whose_relay_it_is_initiates(bool clientHas, bool serverHas)
    {
        HandshakeScene scene = new(clientRelay: clientHas ? ClientsRelay : null, serverRelay: serverHas ? ServersRelay : null);
        ConnectEffect.Relay client = ShakeHands(scene).Relay;
        ServerHandshakeEffect.RelayThrough server = Assert.IsType<ServerHandshakeEffect.RelayThrough>(scene.ServerEffects[1]);
        Assert.Equal(client.Route with { IsInitiator = serverHas }, server.Route);
        Assert.Equal((serverHas ? ServersRelay : ClientsRelay, !serverHas), (client.Route.Relay, client.Route.IsInitiator));
        Assert.Equal(500u, server.StreamId);
        Assert.Null(client.Connection.Path);
    }

    [Fact]
    public void A_path_that_is_known_needs_no_relay()
    {
        HandshakeScene scene = new(serverOpen: true, clientRelay: ClientsRelay);
        scene.ShakeHands();
        Assert.IsType<ConnectEffect.Connected>(scene.Take());
        HandshakeScene open = new(clientOpen: true, clientRelay: ClientsRelay);
        open.ShakeHands();
        Assert.IsType<ConnectEffect.Connected>(open.Take());
        Assert.Null(Assert.IsType<ServerHandshakeEffect.Connected>(Assert.Single(open.ServerEffects)).Connection.RemotePayload.Holepunch);
    }

    [Fact]
    public void When_no_other_way_is_found_a_relay_that_still_pairs_is_waited_for()
    {
        HandshakeScene scene = new(clientRelay: ClientsRelay);
        scene.Machine.HandleFailure(ShakeHands(scene).Ping, default);
        Assert.False(scene.Machine.TryTake(out _));
        scene.Machine.HandleRelay(isPaired: true);
        Assert.IsType<ConnectEffect.StaysRelayed>(scene.Take());
        Assert.True(scene.Machine.IsOver);
    }

    [Fact]
    public void A_relay_that_fails_ends_the_attempt_only_when_there_is_no_other_way()
    {
        HandshakeScene scene = new(clientRelay: ClientsRelay);
        ConnectTicket ping = ShakeHands(scene).Ping;
        scene.Machine.HandleRelay(isPaired: false);
        Assert.False(scene.Machine.TryTake(out _));
        scene.Machine.HandleFailure(ping, default);
        Assert.Equal(new ConnectEffect.Failed(ConnectFailure.RelayAborted), scene.Take());
    }

    [Fact]
    public void A_way_that_is_found_while_the_relay_carries_the_stream_takes_over()
    {
        HandshakeScene scene = new(clientRelay: ClientsRelay);
        ConnectTicket ping = ShakeHands(scene).Ping;
        scene.Machine.HandleRelay(isPaired: true);
        scene.Machine.HandleReply(ping, new ReceivedReply(HandshakeScene.Server, null, HandshakeScene.Client), default);
        Assert.Equal(ConnectionPath.Lan, Assert.IsType<ConnectEffect.Connected>(scene.Take()).Connection.Kind);
    }

    [Fact]
    public void A_holepunch_goes_on_while_the_relay_carries_the_stream()
    {
        HandshakeScene scene = new(punches: true, clientRelay: ClientsRelay);
        ConnectTicket ping = ShakeHands(scene).Ping;
        scene.Machine.HandleRelay(isPaired: true);
        scene.Machine.HandleFailure(ping, default);
        Assert.IsType<PunchEffect.OpenSocket>(Assert.IsType<ConnectEffect.Punch>(scene.Take()).Order);
        Assert.False(scene.Machine.IsOver);
    }

    [Fact]
    public void A_holepunch_that_comes_to_nothing_leaves_the_stream_with_its_relay()
    {
        HandshakeScene scene = new(punches: true, clientRelay: ClientsRelay);
        ConnectTicket ping = ShakeHands(scene).Ping;
        scene.Machine.HandleRelay(isPaired: true);
        scene.Machine.HandleFailure(ping, default);
        ConnectTicket round = Drain(scene).OfType<ConnectEffect.Send>().Single(send => send.Request.Command == HyperDhtCommand.PeerHolepunch.ToDht()).Ticket;
        scene.Machine.HandleFailure(round, default);
        List<ConnectEffect> effects = Drain(scene);
        Assert.Contains(effects, effect => effect is ConnectEffect.Punch { Order: PunchEffect.CloseSocket });
        Assert.IsType<ConnectEffect.StaysRelayed>(effects[^1]);
    }

    private static List<ConnectEffect> Drain(HandshakeScene scene)
    {
        List<ConnectEffect> effects = [];
        while (scene.Machine.TryTake(out ConnectEffect? effect))
            effects.Add(effect);
        return effects;
    }

    private static (ConnectEffect.Relay Relay, ConnectTicket Ping) ShakeHands(HandshakeScene scene)
    {
        scene.ShakeHands();
        ConnectTicket ping = scene.TakeSend().Ticket;
        return (Assert.IsType<ConnectEffect.Relay>(scene.Take()), ping);
    }
}

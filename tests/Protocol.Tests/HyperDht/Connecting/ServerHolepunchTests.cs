using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.HyperDht.Holepunching;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.SecretStream.Noise;

namespace AuctionActors.Protocol.Tests.HyperDht.Connecting;

public sealed class ServerHolepunchTests
{
    private static readonly NodeReachability Own = new(null, [HandshakeScene.Server], LocalSocket.Client)
    {
        Nodes = [PeerAddress.Loopback(1), PeerAddress.Loopback(2), PeerAddress.Loopback(3)],
    };

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private ServerHandshakeMachine _machine;
    private uint _nextStreamId = 500;

    public ServerHolepunchTests() => _machine = Serve(sharesLocalAddresses: false);

    [Fact]
    public void The_connection_comes_first_then_its_socket_and_the_answer_leaves_from_there()
    {
        List<ServerHandshakeEffect> effects = Shake(1);
        Assert.Equal(500u, Assert.IsType<ServerHandshakeEffect.Connected>(effects[0]).Connection.LocalStreamId);
        LocalSocket socket = OpenedIn(effects[1]);
        Assert.Equal(socket, Assert.IsType<ServerHandshakeEffect.Relay>(effects[^1]).Socket);
        Assert.Equal(socket, Assert.IsType<ServerHandshakeEffect.Relay>(Assert.Single(Shake(1))).Socket);
    }

    [Fact]
    public void A_client_that_sends_no_round_is_abandoned_and_its_socket_closed()
    {
        LocalSocket socket = OpenedIn(Shake(1)[1]);
        _machine.HandleTimeout(10 * Second);
        Assert.Equal(
            [
                new ServerHandshakeEffect.Punch(500, new PunchEffect.CloseSocket(socket)),
                new ServerHandshakeEffect.Abandoned(500),
            ],
            Drain());
        _machine.HandleTimeout(20 * Second);
        Assert.Null(_machine.NextDeadline);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_client_at_our_own_address_may_come_inside_when_the_holepunch_is_given_up(bool comes)
    {
        _machine = Serve(sharesLocalAddresses: true);
        ShakeAndSay(1, HandshakeScene.Client, new HolepunchPayload(HandshakeError.Aborted, FirewallState.Unknown, 1));
        Assert.DoesNotContain(Drain(), effect => effect is ServerHandshakeEffect.Abandoned);
        if (comes)
            _machine.HandleArrived(500, LocalSocket.Server, 2 * Second);
        _machine.HandleTimeout(9 * Second);
        Assert.Empty(Drain());
        _machine.HandleTimeout(10 * Second);
        Assert.Equal(comes ? [] : [new ServerHandshakeEffect.Abandoned(500)], Drain());
    }

    [Fact]
    public void The_socket_on_which_the_stream_arrives_stays_open()
    {
        LocalSocket socket = OpenedIn(Shake(1)[1]);
        _machine.HandleArrived(500, socket, Second);
        _machine.HandleTimeout(60 * Second);
        Assert.Empty(Drain());
    }

    [Fact]
    public void A_server_that_is_suspended_gives_up_its_handshakes_and_remembers_none()
    {
        LocalSocket socket = OpenedIn(Shake(1)[1]);
        _machine.Clear(Second);
        List<ServerHandshakeEffect> effects = Drain();
        Assert.Equal(new ServerHandshakeEffect.Punch(500, new PunchEffect.CloseSocket(socket)), effects[0]);
        Assert.Equal(new ServerHandshakeEffect.Abandoned(500), effects[1]);
        Assert.Null(_machine.NextDeadline);
        Assert.Equal(501u, Assert.IsType<ServerHandshakeEffect.Connected>(Shake(1)[0]).Connection.LocalStreamId);
    }

    [Fact]
    public void Half_open_handshakes_give_way_those_of_the_busiest_host_first()
    {
        Shake(1, host: 7);
        LocalSocket[] flood = [.. Enumerable.Range(2, 3).Select(client => OpenedIn(Shake((ulong)client, host: 8)[1]))];
        List<ServerHandshakeEffect> effects = Shake(5, host: 9);
        Assert.Equal(new ServerHandshakeEffect.Punch(501, new PunchEffect.CloseSocket(flood[0])), effects[0]);
        Assert.Equal(new ServerHandshakeEffect.Abandoned(501), effects[1]);
        Assert.IsType<ServerHandshakeEffect.Connected>(effects[2]);
        Assert.Equal(HandshakeCounts.None with { Displaced = 1 }, _machine.Counts);
    }

    [Fact]
    public void Clients_that_punch_keep_their_places()
    {
        for (ulong client = 1; client <= 4; client++)
            ShakeAndPunch(client);
        Assert.Empty(Shake(5));
        Assert.Equal(HandshakeCounts.None with { TooMany = 1 }, _machine.Counts);
        _machine.HandleArrived(500, LocalSocket.Server, Second);
        Drain();
        Assert.NotEmpty(Shake(6));
    }

    [Fact]
    public void Rounds_of_no_handshake_are_dropped_and_counted()
    {
        Shake(1);
        foreach (ulong id in (ulong[])[7, ulong.MaxValue])
            HandleRound(new HolepunchMessage(PeerRoutingMode.FromRelay, id, new byte[60], HandshakeScene.Client));
        HandleRound(new HolepunchMessage(PeerRoutingMode.FromRelay, 0, new byte[60], HandshakeScene.Client));
        HandleRound(new HolepunchMessage(PeerRoutingMode.FromRelay, 0, new byte[60]));
        Assert.Equal(HandshakeCounts.None with { Rounds = 4 }, _machine.Counts);
        Assert.Empty(Drain());
    }

    [Fact]
    public void Probes_on_a_client_s_socket_are_sent_back_from_it()
    {
        LocalSocket socket = OpenedIn(Shake(1)[1]);
        _machine.HandleProbe(socket, HandshakeScene.Client, Second);
        _machine.HandleProbe(LocalSocket.Server, HandshakeScene.Client, Second);
        Assert.Equal([new ServerHandshakeEffect.Punch(500, new PunchEffect.Probe(socket, HandshakeScene.Client, 0))], Drain());
    }

    private static LocalSocket OpenedIn(ServerHandshakeEffect effect)
        => Assert.IsType<PunchEffect.OpenSocket>(Assert.IsType<ServerHandshakeEffect.Punch>(effect).Order).Socket;

    private ServerHandshakeMachine Serve(bool sharesLocalAddresses)
        => new(
            new ServerHandshakeOptions { SharesLocalAddresses = sharesLocalAddresses, MaxHolepunches = 4 }, HandshakeScene.ServerKeys,
            (_, _, _) => false, [], () => _nextStreamId++, new SeededEntropy(1, "server"));

    private List<ServerHandshakeEffect> Shake(ulong client, uint host = 0) => Shake(client, AddressOf(host));

    private List<ServerHandshakeEffect> Shake(ulong client, PeerAddress address)
    {
        PeerRoute.Accept accept = new(Handshake(client).Message!, address, false, HandshakeScene.Relay, address);
        _machine.Handle(Request(HyperDhtCommand.PeerHandshake), accept, Own, default);
        return Drain();
    }

    /// <summary>Goes on to the round in which the client begins to punch.</summary>
    private void ShakeAndPunch(ulong client)
    {
        ShakeAndSay(client, AddressOf(0), new HolepunchPayload(HandshakeError.None, FirewallState.Consistent, 1, Punching: true, Addresses: [AddressOf(0)]));
        Assert.Single(Drain().OfType<ServerHandshakeEffect.Relay>());
    }

    private void ShakeAndSay(ulong client, PeerAddress address, HolepunchPayload said)
    {
        List<ServerHandshakeEffect> effects = Shake(client, address);
        foreach (PunchEffect.Send ping in effects.OfType<ServerHandshakeEffect.Punch>().Select(punch => punch.Order).OfType<PunchEffect.Send>())
            _machine.HandleReply(ping.Ticket, new ReceivedReply(ping.Request.To, null, HandshakeScene.Server), Second);
        Assert.True(HandshakeMessage.TryDecode(effects.OfType<ServerHandshakeEffect.Relay>().Single().Value.Span, out HandshakeMessage reply));
        InitiatorHandshake handshake = Handshake(client);
        Assert.True(handshake.TryReceive(reply.Noise.Span, out NoiseResult? noise, out NoisePayload answer));
        byte[] payload = new HolepunchSession(noise.HandshakeHash, new SeededEntropy(client, "session")).Seal(said);
        HandleRound(new HolepunchMessage(PeerRoutingMode.FromRelay, answer.Holepunch!.Id, payload, address));
    }

    private static PeerAddress AddressOf(uint host) => new(0x06060600 + host, 6000);

    private static InitiatorHandshake Handshake(ulong client)
        => HandshakeScene.Offer(
            HandshakeScene.ClientKeys, HandshakeScene.ServerKeys.PublicKey, new NoisePayload { Udx = new UdxInfo(1) }, new SeededEntropy(client, "client"));

    private void HandleRound(HolepunchMessage message) => _machine.HandleHolepunch(Request(HyperDhtCommand.PeerHolepunch), message, Second);

    private static ReceivedRequest Request(HyperDhtCommand command)
        => new(
            new DhtRequest(9, HandshakeScene.Server, command.ToDht()) { Target = HandshakeScene.Target },
            HandshakeScene.Relay, IsIdVerified: false, LocalSocket.Client);

    private List<ServerHandshakeEffect> Drain()
    {
        List<ServerHandshakeEffect> effects = [];
        while (_machine.TryTake(out ServerHandshakeEffect? effect))
            effects.Add(effect);
        return effects;
    }
}

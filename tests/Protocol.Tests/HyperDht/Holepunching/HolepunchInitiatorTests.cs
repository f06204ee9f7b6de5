using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.HyperDht.Holepunching;
using Hyper.Protocol.HyperDht.Messages;

namespace AuctionActors.Protocol.Tests.HyperDht.Holepunching;

public sealed class HolepunchInitiatorTests
{
    private static HolepunchPayload Answer(PunchScene scene, FirewallState firewall = FirewallState.Consistent)
        => new(HandshakeError.None, firewall, 0, Addresses: [PunchScene.Remote], Token: scene.Far.TokenFor(PunchScene.Own));

    [Fact]
    public void The_first_round_opens_the_own_NAT_and_says_for_whom()
    {
        PunchScene scene = new(isInitiator: true);
        scene.Initiator.Start();
        PunchEffect.Probe knock = Assert.Single(scene.Effects.OfType<PunchEffect.Probe>());
        Assert.Equal((PunchScene.Remote, 5), (knock.To, knock.TimeToLive));
        (_, HolepunchPayload round) = scene.TakeRound();
        Assert.Equal((0ul, false, PunchScene.Remote), (round.Round, round.Punching, round.RemoteAddress));
        Assert.Null(round.Token);
    }

    [Fact]
    public void A_probe_that_comes_in_is_the_way()
    {
        PunchScene scene = new(isInitiator: true);
        scene.Initiator.Start();
        scene.Drain();
        scene.Initiator.HandleProbe(new LocalSocket(7), PunchScene.Remote);
        Assert.Null(scene.Initiator.Found);
        scene.Initiator.HandleProbe(scene.Puncher.Socket, PunchScene.Remote with { Port = 9 });
        Assert.Equal((scene.Puncher.Socket, PunchScene.Remote with { Port = 9 }), scene.Initiator.Found);
        Assert.Empty(scene.DrainProbes());
        Assert.Null(scene.Initiator.NextDeadline);
    }

    [Fact]
    public void Two_consistent_NATs_agree_in_the_second_round()
    {
        PunchScene scene = Agreed(out PunchTicket ticket, out HolepunchPayload punch);
        Assert.Equal((1ul, true, FirewallState.Consistent), (punch.Round, punch.Punching, punch.Firewall));
        Assert.Equal(scene.Far.TokenFor(PunchScene.Own), punch.RemoteToken);
        scene.ReplyToRound(ticket, Answer(scene) with { Punching = true, RemoteToken = punch.Token });
        Assert.Equal(new PunchEffect.Begun(IsSearch: false), Assert.Single(scene.Effects.OfType<PunchEffect.Begun>()));
        Assert.Equal(new PunchEffect.Probe(scene.Puncher.Socket, PunchScene.Remote, 0), Assert.Single(scene.DrainProbes()));
        scene.RunUntil(TimeSpan.FromSeconds(30));
        Assert.Equal(9, scene.DrainProbes().Count);
        Assert.Equal(HolepunchFailure.Aborted, scene.Initiator.Failure);
    }

    [Fact]
    public void A_server_that_does_not_know_its_NAT_is_given_a_second_and_asked_once_more()
    {
        PunchScene scene = new(isInitiator: true);
        scene.Initiator.Start();
        scene.AnswerPings(5000, 5000, 5000);
        PunchTicket first = scene.TakeRound().Ticket;
        scene.ReplyToRound(first, Answer(scene, FirewallState.Unknown));
        Assert.Empty(scene.Drain());
        Assert.Equal(TimeSpan.FromSeconds(1), scene.Initiator.NextDeadline);
        scene.RunUntil(TimeSpan.FromSeconds(1));
        scene.ReplyToRound(scene.TakeRound().Ticket, Answer(scene, FirewallState.Unknown));
        scene.RunUntil(TimeSpan.FromSeconds(2));
        (PunchTicket abort, HolepunchPayload word) = scene.TakeRound();
        Assert.Equal(HandshakeError.Aborted, word.Error);
        scene.Initiator.HandleFailure(abort, scene.Now);
        Assert.Equal(HolepunchFailure.ProbeTimeout, scene.Initiator.Failure);
    }

    [Fact]
    public void Two_random_NATs_end_with_word_to_the_server()
    {
        PunchScene scene = new(isInitiator: true, new HolepunchOptions { MaxReopens = 1 });
        scene.Initiator.Start();
        scene.AnswerPings(5000, 5001, 5002, 5003);
        scene.ReplyToRound(scene.TakeRound().Ticket, Answer(scene, FirewallState.Random));
        scene.AnswerPings(5000, 5001, 5002, 5003);
        (PunchTicket abort, HolepunchPayload word) = scene.TakeRound();
        Assert.Equal(HandshakeError.Aborted, word.Error);
        scene.ReplyToRound(abort, new HolepunchPayload(HandshakeError.Aborted, FirewallState.Unknown, 2));
        Assert.Equal(HolepunchFailure.DoubleRandomizedNats, scene.Initiator.Failure);
        Assert.Single(scene.Effects.OfType<PunchEffect.CloseSocket>());
    }

    [Fact]
    public void A_socket_whose_NAT_makes_no_sense_is_replaced_and_the_round_repeated()
    {
        PunchScene scene = new(isInitiator: true);
        scene.Initiator.Start();
        scene.AnswerPings(0, 0, 0, 0);
        LocalSocket first = scene.Puncher.Socket;
        scene.ReplyToRound(scene.TakeRound().Ticket, Answer(scene));
        Assert.NotEqual(first, scene.Puncher.Socket);
        scene.AnswerPings(5000, 5000, 5000);
        Assert.Equal((1ul, FirewallState.Consistent), (scene.TakeRound().Payload.Round, scene.Puncher.Nat.Firewall));
    }

    [Fact]
    public void A_search_needs_leave_and_ends_without()
    {
        PunchScene scene = new(isInitiator: true);
        scene.Initiator.Start();
        scene.AnswerPings(5000, 5000, 5000);
        scene.ReplyToRound(scene.TakeRound().Ticket, Answer(scene, FirewallState.Random));
        Assert.Single(scene.Drain().OfType<PunchEffect.ReserveRandomPunch>());
        scene.Initiator.HandlePermit(false, scene.Now);
        Assert.Equal(HolepunchFailure.Aborted, scene.Initiator.Failure);
    }

    [Fact]
    public void A_socket_found_by_search_is_kept_and_the_others_are_closed()
    {
        PunchScene scene = new(isInitiator: true, new HolepunchOptions { BirthdaySockets = 16 });
        scene.Initiator.Start();
        scene.AnswerPings(5000, 5001, 5002, 5003);
        scene.ReplyToRound(scene.TakeRound().Ticket, Answer(scene));
        scene.Initiator.HandlePermit(true, scene.Now);
        (PunchTicket ticket, HolepunchPayload punch) = scene.TakeRound();
        scene.ReplyToRound(ticket, Answer(scene) with { Punching = true, RemoteToken = punch.Token });
        LocalSocket[] sockets = [.. scene.Drain().OfType<PunchEffect.OpenSocket>().Select(open => open.Socket)];
        Assert.Equal(15, sockets.Length);
        scene.Initiator.HandleProbe(sockets[4], PunchScene.Remote);
        Assert.Equal((sockets[4], PunchScene.Remote), scene.Initiator.Found);
        Assert.True(scene.Initiator.WasSearch);
        List<PunchEffect> effects = scene.Drain();
        Assert.Equal(15, effects.OfType<PunchEffect.CloseSocket>().Count());
        Assert.DoesNotContain(new PunchEffect.CloseSocket(sockets[4]), effects);
        Assert.Contains(new PunchEffect.ReleaseRandomPunch(WasUsed: true), effects);
    }

    [Theory]
    [InlineData(HandshakeError.Aborted)]
    [InlineData(HandshakeError.TryLater)]
    public void An_error_of_the_server_ends_it(HandshakeError error)
    {
        PunchScene scene = Agreed(out PunchTicket ticket, out _);
        scene.ReplyToRound(ticket, new HolepunchPayload(error, FirewallState.Unknown, 1));
        Assert.Equal(HolepunchFailure.Aborted, scene.Initiator.Failure);
        Assert.Null(scene.Initiator.NextDeadline);
    }

    [Fact]
    public void With_a_relay_at_hand_a_busy_server_is_asked_again_through_its_own_relay()
    {
        PunchScene scene = Searching(out PunchTicket ticket, out HolepunchPayload punch);
        Assert.NotNull(punch.Token);
        scene.ReplyToRound(ticket, Answer(scene, FirewallState.Random) with { Error = HandshakeError.TryLater, RemoteToken = punch.Token });
        Assert.Equal(new PunchEffect.ReleaseRandomPunch(WasUsed: false), Assert.Single(scene.Drain()));
        Assert.InRange(scene.Initiator.NextDeadline!.Value, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20));
        scene.RunUntil(TimeSpan.FromSeconds(20));
        Assert.IsType<PunchEffect.ReserveRandomPunch>(Assert.Single(scene.Drain()));
        scene.Initiator.HandlePermit(true, scene.Now);
        (ticket, punch) = scene.TakeRound();
        Assert.Equal((true, null, scene.Far.TokenFor(PunchScene.Own)), (punch.Punching, punch.Token, punch.RemoteToken));
        scene.ReplyToRound(ticket, Answer(scene, FirewallState.Random) with { Punching = true });
        Assert.NotEmpty(scene.DrainProbes());
    }

    [Fact]
    public void With_a_relay_at_hand_a_busy_client_says_so_and_waits_for_its_turn()
    {
        PunchScene scene = Reserving();
        scene.Initiator.HandlePermit(false, scene.Now);
        (PunchTicket ticket, HolepunchPayload word) = scene.TakeRound();
        Assert.Equal((false, 1ul), (word.Punching, word.Round));
        Assert.NotNull(word.Token);
        scene.ReplyToRound(ticket, Answer(scene, FirewallState.Random) with { RemoteToken = word.Token });
        for (int turn = 1; turn <= 3; turn++)
        {
            scene.RunUntil(turn * TimeSpan.FromSeconds(20));
            Assert.IsType<PunchEffect.ReserveRandomPunch>(Assert.Single(scene.Drain()));
            scene.Initiator.HandlePermit(turn == 3, scene.Now);
        }

        Assert.True(scene.TakeRound().Payload.Punching);
    }

    [Fact]
    public void A_reply_from_somebody_else_than_the_relay_is_not_believed()
    {
        PunchScene scene = Agreed(out PunchTicket ticket, out HolepunchPayload punch);
        scene.ReplyToRound(ticket, Answer(scene) with { Punching = true, RemoteToken = punch.Token }, from: PeerAddress.Loopback(9));
        Assert.Equal(HolepunchFailure.Aborted, scene.Initiator.Failure);
        Assert.Empty(scene.DrainProbes());
    }

    [Fact]
    public void The_application_may_veto()
    {
        PunchScene scene = new(isInitiator: true, vetoes: true);
        scene.Initiator.Start();
        scene.AnswerPings(5000, 5000, 5000);
        scene.ReplyToRound(scene.TakeRound().Ticket, Answer(scene));
        Assert.Equal(HandshakeError.Aborted, scene.TakeRound().Payload.Error);
    }

    private static PunchScene Reserving()
    {
        PunchScene scene = new(isInitiator: true, isPatient: true);
        scene.Initiator.Start();
        scene.AnswerPings(5000, 5000, 5000);
        scene.ReplyToRound(scene.TakeRound().Ticket, Answer(scene, FirewallState.Random));
        Assert.Single(scene.Drain().OfType<PunchEffect.ReserveRandomPunch>());
        return scene;
    }

    private static PunchScene Searching(out PunchTicket ticket, out HolepunchPayload punch)
    {
        PunchScene scene = Reserving();
        scene.Initiator.HandlePermit(true, scene.Now);
        (ticket, punch) = scene.TakeRound();
        return scene;
    }

    private static PunchScene Agreed(out PunchTicket ticket, out HolepunchPayload punch)
    {
        PunchScene scene = new(isInitiator: true);
        scene.Initiator.Start();
        scene.AnswerPings(5000, 5000, 5000);
        scene.ReplyToRound(scene.TakeRound().Ticket, Answer(scene));
        (ticket, punch) = scene.TakeRound();
        return scene;
    }
}

using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.HyperDht.Holepunching;
using Hyper.Protocol.HyperDht.Messages;

namespace AuctionActors.Protocol.Tests.HyperDht.Holepunching;

public sealed class HolepunchResponderTests
{
    private static readonly HolepunchPayload Question = new(HandshakeError.None, FirewallState.Unknown, 0, RemoteAddress: PunchScene.Own);

    private static HolepunchPayload Punch(PunchScene scene, FirewallState firewall = FirewallState.Consistent)
        => new(
            HandshakeError.None, firewall, 1, Punching: true, Addresses: [PunchScene.Remote], Token: scene.Far.TokenFor(PunchScene.Own),
            RemoteToken: scene.TakeAnswer().Token);

    [Fact]
    public void A_round_is_answered_when_three_nodes_agree_on_the_own_address()
    {
        PunchScene scene = new(isInitiator: false);
        scene.HandleRound(Question);
        scene.AnswerPings(5000, 5000);
        Assert.False(scene.Responder.TryTakeAnswer(out _));
        scene.AnswerPings(5000);
        HolepunchPayload answer = scene.TakeAnswer();
        Assert.Equal((HandshakeError.None, FirewallState.Consistent, false), (answer.Error, answer.Firewall, answer.Punching));
        Assert.Equal([PunchScene.Own], answer.Addresses);
        Assert.NotNull(answer.Token);
    }

    [Fact]
    public void A_client_that_has_opened_its_own_NAT_for_us_is_probed_at_once()
    {
        PunchScene scene = new(isInitiator: false);
        scene.AnswerPings(5000, 5000, 5000);
        scene.HandleRound(Question);
        Assert.Equal(new PunchEffect.Probe(scene.Responder.Socket, PunchScene.Remote, 0), Assert.Single(scene.DrainProbes()));
        scene.HandleRound(Question with { RemoteAddress = PunchScene.Own with { Port = 1 } });
        Assert.Empty(scene.DrainProbes());
    }

    [Fact]
    public void Tokens_are_given_through_our_own_relays_only()
    {
        PunchScene scene = new(isInitiator: false);
        scene.AnswerPings(5000, 5000, 5000);
        scene.HandleRound(Question, isOwnRelay: false);
        Assert.Null(scene.TakeAnswer().Token);
    }

    [Fact]
    public void A_punching_client_is_probed_every_second_ten_times_and_then_given_up()
    {
        PunchScene scene = Begun();
        scene.HandleRound(Punch(scene));
        Assert.True(scene.TakeAnswer().Punching);
        Assert.Empty(scene.DrainProbes());
        scene.RunUntil(TimeSpan.FromSeconds(30));
        Assert.Equal(10, scene.DrainProbes().Count(probe => probe.To == PunchScene.Remote));
        Assert.True(scene.Responder.IsOver);
    }

    [Fact]
    public void An_address_that_echoed_no_token_is_probed_only_now_and_then()
    {
        PunchScene scene = Begun();
        scene.HandleRound(Punch(scene) with { RemoteToken = new Bytes32(new byte[32]) });
        scene.RunUntil(TimeSpan.FromSeconds(30));
        Assert.Equal(2, scene.DrainProbes().Count);
    }

    [Fact]
    public void A_forged_echo_does_not_set_off_a_search()
    {
        PunchScene scene = Begun();
        scene.HandleRound(Punch(scene, FirewallState.Random) with { RemoteToken = new Bytes32(new byte[32]) });
        scene.Responder.HandlePermit(true, scene.Now);
        Assert.Equal(HandshakeError.Aborted, scene.TakeAnswer().Error);
        Assert.Empty(scene.DrainProbes());
    }

    [Fact]
    public void An_echo_through_a_foreign_relay_proves_nothing()
    {
        PunchScene scene = Begun();
        scene.HandleRound(Punch(scene, FirewallState.Random), isOwnRelay: false);
        scene.Responder.HandlePermit(true, scene.Now);
        Assert.Equal(HandshakeError.Aborted, scene.TakeAnswer().Error);
    }

    [Fact]
    public void The_ports_of_a_random_NAT_are_searched_once_there_is_leave()
    {
        PunchScene scene = Begun();
        scene.HandleRound(Punch(scene, FirewallState.Random));
        Assert.Single(scene.Drain().OfType<PunchEffect.ReserveRandomPunch>());
        Assert.False(scene.Responder.TryTakeAnswer(out _));
        scene.Responder.HandlePermit(true, scene.Now);
        Assert.True(scene.TakeAnswer().Punching);
        Assert.Equal(new PunchEffect.Begun(IsSearch: true), Assert.Single(scene.Effects.OfType<PunchEffect.Begun>()));
        scene.RunUntil(TimeSpan.FromSeconds(2));
        List<PunchEffect.Probe> probes = scene.DrainProbes();
        Assert.InRange(probes.Count, 99, 102);
        Assert.All(probes, probe => Assert.Equal((scene.Responder.Socket, PunchScene.Remote.Host), (probe.Socket, probe.To.Host)));
        Assert.All(probes, probe => Assert.InRange(probe.To.Port, 1000, 65535));
        scene.RunUntil(TimeSpan.FromSeconds(60));
        Assert.Equal(1750, probes.Count + scene.Effects.OfType<PunchEffect.Probe>().Count());
        Assert.Equal(new PunchEffect.ReleaseRandomPunch(WasUsed: true), Assert.Single(scene.Effects.OfType<PunchEffect.ReleaseRandomPunch>()));
    }

    [Fact]
    public void Without_leave_to_search_the_client_is_told_to_try_later()
    {
        PunchScene scene = Begun();
        scene.HandleRound(Punch(scene, FirewallState.Random));
        scene.Responder.HandlePermit(false, scene.Now);
        Assert.Equal(HandshakeError.TryLater, scene.TakeAnswer().Error);
        Assert.True(scene.Responder.IsOver);
    }

    [Fact]
    public void With_a_relay_at_hand_a_client_that_was_told_to_try_later_may_do_so()
    {
        PunchScene scene = Begun(isPatient: true);
        HolepunchPayload punch = Punch(scene, FirewallState.Random);
        scene.HandleRound(punch);
        scene.Responder.HandlePermit(false, scene.Now);
        HolepunchPayload later = scene.TakeAnswer();
        Assert.Equal((HandshakeError.TryLater, FirewallState.Consistent, false), (later.Error, later.Firewall, later.Punching));
        Assert.False(scene.Responder.IsOver);
        scene.Drain();
        scene.HandleRound(punch with { Round = 2 });
        Assert.IsType<PunchEffect.ReserveRandomPunch>(Assert.Single(scene.Drain()));
        scene.Responder.HandlePermit(true, scene.Now);
        Assert.True(scene.TakeAnswer().Punching);
    }

    [Fact]
    public void A_timer_that_is_late_does_not_slow_a_search_nor_make_it_a_flood()
    {
        PunchScene scene = Begun();
        scene.HandleRound(Punch(scene, FirewallState.Random));
        scene.Responder.HandlePermit(true, scene.Now);
        scene.DrainProbes();
        for (scene.Now = TimeSpan.FromMilliseconds(35); scene.Now <= TimeSpan.FromMilliseconds(2000); scene.Now += TimeSpan.FromMilliseconds(35))
            scene.Responder.HandleTimeout(scene.Now);
        Assert.InRange(scene.DrainProbes().Count, 97, 100);
        scene.Responder.HandleTimeout(TimeSpan.FromSeconds(10));
        Assert.Equal(4, scene.DrainProbes().Count);
    }

    [Fact]
    public void Behind_a_random_NAT_many_sockets_are_opened_with_probes_that_die_on_the_way()
    {
        PunchScene scene = new(isInitiator: false, new HolepunchOptions { BirthdaySockets = 32 });
        scene.AnswerPings(5000, 5001, 5002, 5003);
        scene.HandleRound(Question);
        scene.HandleRound(Punch(scene));
        scene.Responder.HandlePermit(true, scene.Now);
        List<PunchEffect> effects = scene.Drain();
        Assert.Equal(32, effects.OfType<PunchEffect.OpenSocket>().Count());
        Assert.Equal(31, effects.OfType<PunchEffect.Probe>().Count(probe => probe.TimeToLive == 5 && probe.To == PunchScene.Remote));
        scene.RunUntil(TimeSpan.FromSeconds(1.5));
        List<PunchEffect.Probe> probes = scene.DrainProbes();
        Assert.All(probes.Take(32), probe => Assert.Equal(5, probe.TimeToLive));
        Assert.All(probes.Skip(32), probe => Assert.Equal(0, probe.TimeToLive));
        Assert.Equal(32, probes.Take(32).Select(probe => probe.Socket).Distinct().Count());
        scene.Responder.Close(kept: probes[3].Socket);
        Assert.Equal(31, scene.Drain().OfType<PunchEffect.CloseSocket>().Count());
    }

    [Fact]
    public void Two_random_NATs_are_hopeless_after_three_more_sockets()
    {
        PunchScene scene = new(isInitiator: false);
        scene.HandleRound(Question with { Firewall = FirewallState.Random });
        for (int socket = 0; socket < 4; socket++)
            scene.AnswerPings(5000, 5001, 5002, 5003);
        Assert.Equal(HandshakeError.Aborted, scene.TakeAnswer().Error);
        Assert.Equal((4, 4), (scene.Effects.OfType<PunchEffect.OpenSocket>().Count(), scene.Effects.OfType<PunchEffect.CloseSocket>().Count()));
    }

    [Fact]
    public void The_application_may_veto()
    {
        PunchScene scene = new(isInitiator: false, vetoes: true);
        scene.AnswerPings(5000, 5000, 5000);
        scene.HandleRound(Question);
        scene.HandleRound(Punch(scene));
        Assert.Equal(HandshakeError.Aborted, scene.TakeAnswer().Error);
        Assert.True(scene.Responder.IsOver);
    }

    [Fact]
    public void A_client_that_gives_up_is_let_go()
    {
        PunchScene scene = Begun();
        scene.HandleRound(new HolepunchPayload(HandshakeError.Aborted, FirewallState.Unknown, 1));
        scene.TakeAnswer();
        Assert.Equal(HandshakeError.Aborted, scene.TakeAnswer().Error);
        Assert.True(scene.Responder.IsOver);
        Assert.Single(scene.Effects.OfType<PunchEffect.CloseSocket>());
    }

    [Fact]
    public void A_client_that_never_punches_is_given_up_after_ten_seconds()
    {
        PunchScene scene = Begun();
        scene.RunUntil(TimeSpan.FromSeconds(9.9));
        Assert.False(scene.Responder.IsOver);
        scene.RunUntil(TimeSpan.FromSeconds(10));
        Assert.True(scene.Responder.IsOver);
    }

    [Fact]
    public void Rounds_with_a_wrong_seal_and_rounds_beyond_the_limit_are_dropped()
    {
        PunchScene scene = new(isInitiator: false);
        for (int length = 0; length < 100; length++)
            scene.HandleRound(new byte[length]);
        Assert.Equal(100, scene.Responder.DroppedCount);
        for (int round = 0; round < 50; round++)
            scene.HandleRound(Question);
        Assert.Equal(100 + 50 - scene.Options.MaxWaitingRounds, scene.Responder.DroppedCount);
    }

    [Fact]
    public void A_replayed_earlier_round_changes_nothing()
    {
        PunchScene scene = Begun();
        scene.HandleRound(Punch(scene));
        scene.HandleRound(Question with { Addresses = [PeerAddress.Loopback(1)] });
        Assert.Equal([PunchScene.Remote], scene.Puncher.Remote.Addresses);
        Assert.True(scene.Puncher.Remote.IsPunching);
    }

    [Fact]
    public void A_long_list_of_addresses_is_cut_so_that_nobody_is_flooded_through_us()
    {
        PunchScene scene = Begun();
        PeerAddress[] many = [.. Enumerable.Range(1, 5000).Select(port => PunchScene.Remote with { Port = (ushort)port })];
        scene.HandleRound(Punch(scene) with { Addresses = many });
        scene.RunUntil(TimeSpan.FromSeconds(1));
        Assert.Equal(scene.Options.MaxRemoteAddresses, scene.DrainProbes().Count);
    }

    [Fact]
    public void Probes_are_sent_back_up_to_a_limit()
    {
        PunchScene scene = new(isInitiator: false, new HolepunchOptions { MaxEchoes = 5 });
        for (int i = 0; i < 20; i++)
            scene.Responder.HandleProbe(scene.Responder.Socket, PunchScene.Remote);
        scene.Responder.HandleProbe(new LocalSocket(12345), PunchScene.Remote);
        Assert.Equal(5, scene.DrainProbes().Count);
    }

    private static PunchScene Begun(bool isPatient = false)
    {
        PunchScene scene = new(isInitiator: false, isPatient: isPatient);
        scene.AnswerPings(5000, 5000, 5000);
        scene.HandleRound(Question with { RemoteAddress = null });
        return scene;
    }
}

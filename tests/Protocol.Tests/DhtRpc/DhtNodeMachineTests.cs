using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.DhtRpc.Routing;

namespace AuctionActors.Protocol.Tests.DhtRpc;

public sealed class DhtNodeMachineTests
{
    private static readonly PeerAddress Own = new(0x0a000001, 49737);
    private static readonly PeerAddress Other = new(0x0a000002, 49737);
    private static readonly Bytes32 Target = new SeededEntropy(1, "target").Next32();
    private readonly DhtNodeMachine _node = new(DhtNodeOptions.Bootstrapper(Own), new SeededEntropy(1, "node"));
    private TimeSpan _now;

    public DhtNodeMachineTests()
    {
        _node.Start(Own.Port, _now);
        _node.HandleBackgroundQueryFinished(_now);
        _node.HandleBackgroundQueryFinished(_now);
        _node.HandleRouting(new RoutingSnapshot([RoutingNode.At(new PeerAddress(3, 3)), RoutingNode.At(Other)]));
        Drain();
    }

    [Fact]
    public void Ping_is_answered_with_the_id_and_nothing_else()
    {
        DhtReply reply = AskOne(DhtCommand.Ping, Target);
        Assert.Equal(NodeId.Of(Own), reply.Id);
        Assert.Equal(Other, reply.To);
        Assert.True(reply is { Token: null, Value: null, CloserNodes.Length: 0, Error: DhtError.None });
    }

    [Fact]
    public void Find_node_is_answered_with_closer_nodes_and_no_token()
    {
        DhtReply reply = AskOne(DhtCommand.FindNode, Target);
        Assert.Equal(2, reply.CloserNodes.Length);
        Assert.Null(reply.Token);
    }

    [Fact]
    public void Replies_from_the_client_socket_carry_no_id()
        => Assert.Null(AskOne(DhtCommand.Ping, null, socket: LocalSocket.Client).Id);

    [Fact]
    public void Unknown_internal_commands_get_an_error_and_closer_nodes()
    {
        DhtReply reply = AskOne(new DhtCommand(true, 9), Target);
        Assert.Equal(DhtError.UnknownCommand, reply.Error);
        Assert.Equal(2, reply.CloserNodes.Length);
        Assert.Null(reply.Token);
        Assert.Empty(AskOne(new DhtCommand(true, 9), null).CloserNodes);
    }

    [Fact]
    public void Ping_nat_is_answered_to_the_port_it_names()
    {
        DhtNodeEffect.Transmit sent = Assert.Single(Ask(new DhtRequest(7, Own, DhtCommand.PingNat) { Value = new byte[] { 0x39, 0x30 } }));
        Assert.Equal(Other with { Port = 12345 }, sent.To);
        Assert.Equal(sent.To, Decode(sent).To);
    }

    [Theory]
    [InlineData(1, "00")]
    [InlineData(1, "0000")]
    [InlineData(1, null)]
    [InlineData(2, null)]
    [InlineData(3, "0102030405")]
    [InlineData(4, "010000")]
    [InlineData(4, "11270000")]
    public void Senseless_internal_requests_are_dropped_and_counted(int command, string? value)
    {
        byte[]? bytes = value is null ? null : Convert.FromHexString(value);
        Assert.Empty(Ask(new DhtRequest(7, Own, new DhtCommand(true, (ulong)command)) { Value = bytes }));
        Assert.Equal(1, _node.Counters.RequestsIgnored);
    }

    [Fact]
    public void A_delayed_ping_is_answered_after_its_delay()
    {
        Assert.Empty(Ask(new DhtRequest(7, Own, DhtCommand.DelayedPing) { Value = new byte[] { 50, 0, 0, 0 } }));
        Assert.Equal(_now + TimeSpan.FromMilliseconds(50), _node.NextDeadline);
        _now += TimeSpan.FromMilliseconds(50);
        _node.HandleTimeout(_now);
        Assert.Single(Drain().OfType<DhtNodeEffect.Transmit>());
    }

    [Fact]
    public void A_ping_with_too_long_a_delay_is_never_answered()
    {
        Assert.Empty(Ask(new DhtRequest(7, Own, DhtCommand.DelayedPing) { Value = BitConverter.GetBytes(10_001) }));
        Assert.Equal(1, _node.Counters.RequestsIgnored);
        Assert.DoesNotContain(RunFor(TimeSpan.FromSeconds(12)), seen => seen.Effect is DhtNodeEffect.Transmit);
    }

    [Fact]
    public void Down_hints_have_a_budget_for_each_tick()
    {
        for (int i = 0; i < 60; i++)
            _node.SendDownHint(Other, new PeerAddress((uint)i, 1), _now);
        Assert.Equal(50, _node.OutstandingRequests);
        RunFor(TimeSpan.FromSeconds(6));
        int before = _node.OutstandingRequests;
        _node.SendDownHint(Other, new PeerAddress(99, 1), _now);
        Assert.Equal(before + 1, _node.OutstandingRequests);
    }

    [Fact]
    public void A_wrong_token_gets_an_error_with_a_fresh_token_that_is_then_accepted()
    {
        DhtRequest request = new(7, Own, DhtCommand.External(4)) { Target = Target, Token = Target };
        DhtReply reply = Decode(Assert.Single(Ask(request)));
        Assert.Equal(DhtError.InvalidToken, reply.Error);
        Assert.Equal(2, reply.CloserNodes.Length);
        Assert.Equal(1, _node.Counters.InvalidTokens);
        _node.HandleDatagram(DhtMessageCodec.Encode(request with { Token = reply.Token }), Other, LocalSocket.Server, _now);
        ReceivedRequest received = Assert.IsType<DhtNodeEvent.RequestReceived>(Assert.Single(Events())).Request;
        Assert.True(received.HasValidToken);
    }

    [Fact]
    public void A_relayed_request_keeps_transaction_command_and_target()
    {
        Deliver(new DhtRequest(99, Own, DhtCommand.External(0)) { Target = Target });
        ReceivedRequest received = Assert.IsType<DhtNodeEvent.RequestReceived>(Assert.Single(Events())).Request;
        _node.Relay(received, new byte[] { 1 }, new PeerAddress(9, 9));
        DhtNodeEffect.Transmit sent = Assert.Single(Drain().OfType<DhtNodeEffect.Transmit>());
        Assert.True(DhtMessageCodec.TryDecode(sent.Datagram.Span, out DhtMessage? relayed));
        DhtRequest expected = new(99, new PeerAddress(9, 9), received.Command) { Id = NodeId.Of(Own), Target = Target, Value = relayed.Value };
        Assert.Equal(expected, relayed);
    }

    [Fact]
    public void A_foreign_id_counts_as_no_id()
    {
        Deliver(new DhtRequest(1, Own, DhtCommand.Ping) { Id = NodeId.Of(Own) });
        Assert.DoesNotContain(Events(), happened => happened is DhtNodeEvent.NodeHeard);
        Assert.Equal(1, _node.Counters.ForeignIds);
    }

    [Fact]
    public void A_verified_node_is_reported_once_in_a_tick()
    {
        byte[] ping = DhtMessageCodec.Encode(new DhtRequest(1, Own, DhtCommand.Ping) { Id = NodeId.Of(Other) });
        _node.HandleDatagram(ping, Other, LocalSocket.Server, _now);
        _node.HandleDatagram(ping, Other, LocalSocket.Server, _now);
        Assert.Equal(new DhtNodeEvent.NodeHeard(Other), Assert.Single(Events()));
    }

    [Fact]
    public void A_plain_request_is_sent_four_times_a_second_apart_with_the_same_bytes_and_then_fails()
    {
        RequestId id = _node.Send(new OutgoingRequest(Other, DhtCommand.Ping), _now);
        List<(TimeSpan At, DhtNodeEffect Effect)> seen = RunFor(TimeSpan.FromSeconds(10));
        List<(TimeSpan At, DhtNodeEffect Effect)> sends = [.. seen.Where(one => one.Effect is DhtNodeEffect.Transmit)];
        Assert.Equal([0, 1, 2, 3], sends.Select(send => (int)send.At.TotalSeconds));
        Assert.Single(sends.Select(send => Convert.ToHexString(((DhtNodeEffect.Transmit)send.Effect).Datagram.Span)).Distinct());
        DhtNodeEvent failure = new DhtNodeEvent.RequestFailed(id, RequestFailure.TimedOut);
        Assert.Contains((TimeSpan.FromSeconds(4), new DhtNodeEffect.Raise(failure)), seen);
        Assert.Contains((TimeSpan.FromSeconds(1), new DhtNodeEffect.Raise(new DhtNodeEvent.RequestSlow(id))), seen);
    }

    [Fact]
    public void A_reply_from_another_address_than_the_one_asked_is_counted_and_ignored()
    {
        RequestId id = _node.Send(new OutgoingRequest(Other, DhtCommand.Ping), _now);
        DhtRequest sent = DecodeRequest(Assert.Single(Drain().OfType<DhtNodeEffect.Transmit>()));
        byte[] reply = DhtMessageCodec.Encode(new DhtReply(sent.TransactionId, Own));
        _node.HandleDatagram(reply, Other with { Port = 1 }, LocalSocket.Server, _now);
        Assert.Empty(Events());
        Assert.Equal(1, _node.Counters.SpoofedReplies);
        _node.HandleDatagram(reply, Other, LocalSocket.Client, _now);
        Assert.Equal(id, Assert.IsType<DhtNodeEvent.Replied>(Assert.Single(Events())).Request);
        _node.HandleDatagram(reply, Other, LocalSocket.Server, _now);
        Assert.Empty(Events());
        Assert.Equal(1, _node.Counters.UnmatchedReplies);
    }

    [Fact]
    public void Requests_beyond_the_congestion_window_wait_for_the_next_slot()
    {
        for (int index = 0; index < 100; index++)
            _node.Send(new OutgoingRequest(new PeerAddress((uint)index, 1), DhtCommand.Ping), _now);
        Assert.Equal(80, Drain().OfType<DhtNodeEffect.Transmit>().Count());
        _now = TimeSpan.FromMilliseconds(750);
        _node.HandleTimeout(_now);
        Assert.Equal(20, Drain().OfType<DhtNodeEffect.Transmit>().Count());
    }

    [Fact]
    public void A_reply_lets_the_request_go_that_has_waited_longest_for_the_congestion_window()
    {
        for (uint index = 0; index < 82; index++)
            _node.Send(new OutgoingRequest(new PeerAddress(index, 1), DhtCommand.Ping), _now);
        DhtNodeEffect.Transmit first = Drain().OfType<DhtNodeEffect.Transmit>().First();
        byte[] reply = DhtMessageCodec.Encode(new DhtReply(DecodeRequest(first).TransactionId, Own));
        _node.HandleDatagram(reply, first.To, LocalSocket.Client, _now);
        Assert.Equal([new PeerAddress(80, 1)], Drain().OfType<DhtNodeEffect.Transmit>().Select(transmit => transmit.To));
    }

    [Fact]
    public void An_answer_that_comes_a_slot_later_still_makes_room_in_the_congestion_window()
    {
        for (int round = 0; round < 6; round++)
        {
            for (uint index = 0; index < 80; index++)
                _node.Send(new OutgoingRequest(new PeerAddress(index, 1), DhtCommand.Ping), _now);
            DhtNodeEffect.Transmit[] sent = [.. Drain().OfType<DhtNodeEffect.Transmit>()];
            Assert.Equal(80, sent.Length);
            _now += TimeSpan.FromMilliseconds(750);
            foreach (DhtNodeEffect.Transmit transmit in sent)
            {
                byte[] reply = DhtMessageCodec.Encode(new DhtReply(DecodeRequest(transmit).TransactionId, Own));
                _node.HandleDatagram(reply, transmit.To, LocalSocket.Client, _now);
            }
        }
    }

    [Fact]
    public void Requests_beyond_the_limit_fail_at_once()
    {
        for (int index = 0; index < 4096; index++)
            _node.Send(new OutgoingRequest(Other, DhtCommand.Ping), _now);
        Drain();
        RequestId id = _node.Send(new OutgoingRequest(Other, DhtCommand.Ping), _now);
        Assert.Contains(new DhtNodeEvent.RequestFailed(id, RequestFailure.Refused), Events());
        _node.CancelAll(_now);
        Assert.Equal(4096, Events().Count(happened => happened is DhtNodeEvent.RequestFailed { Reason: RequestFailure.Cancelled }));
        Assert.Equal(0, _node.OutstandingRequests);
    }

    [Fact]
    public void Random_datagrams_are_counted_and_change_nothing()
    {
        SeededEntropy entropy = new(5, "noise");
        for (int round = 0; round < 2000; round++)
        {
            byte[] datagram = new byte[entropy.NextInt32(120)];
            entropy.Fill(datagram);
            _node.HandleDatagram(datagram, new PeerAddress(entropy.NextUInt32(), 1), LocalSocket.Server, _now);
        }

        byte[] ping = DhtMessageCodec.Encode(new DhtRequest(1, Own, DhtCommand.Ping));
        _node.HandleDatagram(ping, Other with { Port = 0 }, LocalSocket.Server, _now);
        Assert.InRange(_node.Counters.Malformed, 1950, 2001);
        Assert.Equal(0, _node.OutstandingRequests);
    }

    private void Deliver(DhtRequest request)
        => _node.HandleDatagram(DhtMessageCodec.Encode(request), Other, LocalSocket.Server, _now);

    private DhtReply AskOne(DhtCommand command, Bytes32? target, LocalSocket? socket = null)
        => Decode(Assert.Single(Ask(new DhtRequest(7, Own, command) { Target = target }, socket)));

    private DhtNodeEffect.Transmit[] Ask(DhtRequest request, LocalSocket? socket = null)
    {
        _node.HandleDatagram(DhtMessageCodec.Encode(request), Other, socket ?? LocalSocket.Server, _now);
        return [.. Drain().OfType<DhtNodeEffect.Transmit>()];
    }

    private static DhtReply Decode(DhtNodeEffect.Transmit sent)
    {
        Assert.True(DhtMessageCodec.TryDecode(sent.Datagram.Span, out DhtMessage? message));
        return Assert.IsType<DhtReply>(message);
    }

    private static DhtRequest DecodeRequest(DhtNodeEffect.Transmit sent)
    {
        Assert.True(DhtMessageCodec.TryDecode(sent.Datagram.Span, out DhtMessage? message));
        return Assert.IsType<DhtRequest>(message);
    }

    private DhtNodeEvent[] Events()
        => [.. Drain().OfType<DhtNodeEffect.Raise>().Select(raise => raise.Event).Where(one => one is not DhtNodeEvent.StateChanged)];

    private List<DhtNodeEffect> Drain()
    {
        List<DhtNodeEffect> effects = [];
        while (_node.TryTake(out DhtNodeEffect? effect))
            effects.Add(effect);
        return effects;
    }

    private List<(TimeSpan At, DhtNodeEffect Effect)> RunFor(TimeSpan duration)
    {
        List<(TimeSpan At, DhtNodeEffect Effect)> seen = [.. Drain().Select(effect => (_now, effect))];
        TimeSpan end = _now + duration;
        while (_node.NextDeadline is { } due && due <= end)
        {
            _now = due;
            _node.HandleTimeout(_now);
            seen.AddRange(Drain().Select(effect => (_now, effect)));
        }

        return seen;
    }
}

using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Announcing;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.HyperDht.Records;

namespace AuctionActors.Protocol.Tests.HyperDht.Announcing;

public sealed class AnnouncerMachineTests
{
    private static readonly KeyPair Keys = KeyPair.FromSeed(Blake2b.Hash256([1]));
    private static readonly Bytes32 Target = PeerRecord.TargetOf(Keys.PublicKey);
    private static readonly PeerAddress Own = PeerAddress.Loopback(9000);
    private readonly AnnouncerMachine _machine = new(new AnnouncerOptions(), Keys);
    private readonly Dictionary<PeerAddress, Node> _nodes = [];
    private readonly List<AnnouncerEffect> _effects = [];
    private TimeSpan _now;

    [Fact]
    public void A_server_announces_itself_to_the_three_closest_nodes_each_signed_for_that_node()
    {
        PeerAddress[] nodes = Nodes(1, 5);
        _machine.Start();
        Run(nodes);
        Assert.Equal(nodes[..3], Announced.Relays.Select(relay => relay.RelayAddress));
        Assert.Equal(nodes[..3], Announced.Addresses);
        Assert.All(Announced.Relays, relay => Assert.Equal(Own, relay.PeerAddress));
        Assert.Equal([true, true, true, false, false], nodes.Select(Holds));
    }

    [Fact]
    public void An_open_server_names_its_own_address_first()
    {
        PeerAddress[] nodes = Nodes(1, 3);
        _machine.HandleOpenAddress(Own, _now);
        _machine.Start();
        Run(nodes);
        Assert.Equal([Own, nodes[0], nodes[1]], Announced.Addresses);
    }

    [Fact]
    public void A_node_that_turns_out_to_be_open_announces_itself_anew_at_once()
    {
        _machine.Start();
        Run(Nodes(1, 3));
        _machine.HandleOpenAddress(null, _now);
        Assert.False(_machine.TryTake(out _));
        _machine.HandleOpenAddress(Own, _now);
        Run(Nodes(4, 3));
        Assert.Equal([Own, .. Nodes(4, 2)], Announced.Addresses);
    }

    [Fact]
    public void Relays_are_pinged_every_three_seconds()
    {
        _machine.Start();
        Run(Nodes(1, 3));
        int before = _nodes.Values.Sum(node => node.Pings);
        Rest(Nodes(1, 3));
        Assert.Equal(before + 3, _nodes.Values.Sum(node => node.Pings));
        Assert.Equal(TimeSpan.FromSeconds(6), _machine.NextDeadline);
    }

    [Fact]
    public void A_lost_relay_starts_a_new_cycle_and_relays_that_were_not_chosen_again_are_told()
    {
        PeerAddress[] first = Nodes(1, 3), second = [.. Nodes(2, 1), .. Nodes(7, 2)];
        _machine.Start();
        Run(first);
        _nodes[first[2]].IsDown = true;
        Rest(second);
        Assert.Equal(second, _machine.Relays.Select(relay => relay.RelayAddress));
        Assert.False(Holds(first[0]));
        Assert.True(_machine.IsRelay(first[0]));
    }

    [Fact]
    public void Relays_of_three_cycles_count_as_known()
    {
        _machine.Start();
        Run(Nodes(1, 3));
        for (int i = 1; i <= 3; i++)
        {
            Assert.True(_machine.IsRelay(Nodes(1, 1)[0]));
            _machine.Refresh(_now);
            Run(Nodes(10 * i, 3));
        }

        Assert.False(_machine.IsRelay(Nodes(1, 1)[0]));
    }

    [Fact]
    public void A_full_cycle_ends_after_a_hundred_rounds()
    {
        _machine.Start();
        Run(Nodes(1, 3));
        for (int i = 0; i < 99; i++)
            Rest(Nodes(4, 3));
        Assert.Equal(Nodes(4, 3), _machine.Relays.Select(relay => relay.RelayAddress));
    }

    [Fact]
    public void Nodes_that_refuse_or_stay_silent_are_no_relays()
    {
        PeerAddress[] nodes = Nodes(1, 3);
        _machine.Start();
        _nodes[nodes[0]].IsDown = true;
        _nodes[nodes[1]].Refuses = true;
        Run(nodes);
        Assert.Equal([nodes[2]], _machine.Relays.Select(relay => relay.RelayAddress));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void With_fewer_relays_than_wanted_nothing_is_asked_before_the_next_round(int relays)
    {
        _machine.Start();
        Run(Nodes(1, relays));
        Assert.Equal(relays, _machine.Relays.Count);
        Assert.False(_machine.TryTake(out _));
        Assert.Equal(TimeSpan.FromSeconds(3), _machine.NextDeadline);
    }

    [Fact]
    public void A_server_without_any_relay_tries_again_soon()
    {
        _machine.Start();
        Run([]);
        Assert.Empty(Announced.Relays);
        Rest([]);
        Rest(Nodes(1, 3));
        Assert.Equal(3, _machine.Relays.Count);
        Assert.True(_now < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void A_server_whose_node_is_offline_asks_nobody_until_it_is_online_again_and_then_goes_on_at_once()
    {
        _machine.Start();
        _machine.HandleOnline(false, _now);
        Run([]);
        Assert.Equal(TimeSpan.FromMinutes(1), _machine.NextDeadline);
        _machine.HandleOnline(false, _now);
        Assert.False(_machine.TryTake(out _));
        _now = TimeSpan.FromSeconds(20);
        _machine.HandleOnline(true, _now);
        Run(Nodes(1, 3));
        Assert.Equal(3, _machine.Relays.Count);
        Assert.Equal(TimeSpan.FromSeconds(23), _machine.NextDeadline);
    }

    [Fact]
    public void A_server_whose_node_is_offline_looks_once_a_minute_and_when_the_machine_has_another_address()
    {
        _machine.Start();
        _machine.HandleOnline(false, _now);
        Run([]);
        Rest([]);
        Assert.Equal(2, _effects.OfType<AnnouncerEffect.Walk>().Count());
        Assert.Equal(TimeSpan.FromMinutes(2), _machine.NextDeadline);
        _machine.Refresh(_now);
        Run(Nodes(1, 3));
        Assert.Equal(3, _machine.Relays.Count);
        int pings = _nodes.Values.Sum(node => node.Pings);
        Rest([]);
        Assert.Equal(pings + 3, _nodes.Values.Sum(node => node.Pings));
        Assert.Equal(3, _effects.OfType<AnnouncerEffect.Walk>().Count());
    }

    [Fact]
    public void A_server_whose_node_is_offline_is_suspended_resumed_and_stopped_at_once()
    {
        _machine.Start();
        _machine.HandleOnline(false, _now);
        Run([]);
        _machine.Suspend();
        Run([]);
        Assert.IsType<AnnouncerEffect.Suspended>(_effects[^1]);
        Assert.Null(_machine.NextDeadline);
        _machine.HandleOnline(true, _now);
        _machine.HandleOnline(false, _now);
        Assert.False(_machine.TryTake(out _));

        _machine.Resume();
        Run([]);
        Assert.Equal(2, _effects.OfType<AnnouncerEffect.Walk>().Count());
        _machine.Stop();
        Run([]);
        Assert.IsType<AnnouncerEffect.Stopped>(_effects[^1]);
    }

    [Fact]
    public void Stopping_makes_the_relays_forget_the_server()
    {
        PeerAddress[] nodes = Nodes(1, 3);
        _machine.Start();
        Run(nodes);
        _machine.Stop();
        Run([]);
        Assert.IsType<AnnouncerEffect.Stopped>(_effects[^1]);
        Assert.DoesNotContain(true, nodes.Select(Holds));
        Assert.Null(_machine.NextDeadline);
    }

    [Fact]
    public void Stopping_during_a_walk_ends_when_the_walk_does()
    {
        _machine.Start();
        _machine.Stop();
        Run(Nodes(1, 3));
        Assert.IsType<AnnouncerEffect.Stopped>(_effects[^1]);
        Assert.DoesNotContain(true, Nodes(1, 3).Select(Holds));
    }

    [Fact]
    public void A_suspended_server_is_forgotten_and_a_resumed_one_announced_anew()
    {
        PeerAddress[] nodes = Nodes(1, 3);
        _machine.Start();
        Run(nodes);
        _machine.Suspend();
        Run([]);
        Assert.IsType<AnnouncerEffect.Suspended>(_effects[^1]);
        Assert.DoesNotContain(true, nodes.Select(Holds));
        Assert.Null(_machine.NextDeadline);
        _machine.HandleOpenAddress(Own, _now);
        Assert.False(_machine.TryTake(out _));

        _machine.Resume();
        Run(nodes);
        Assert.DoesNotContain(false, nodes.Select(Holds));
        Assert.NotNull(_machine.NextDeadline);
    }

    [Fact]
    public void A_server_suspended_during_a_walk_announces_nothing_and_one_resumed_meanwhile_goes_on()
    {
        PeerAddress[] nodes = Nodes(1, 3);
        _machine.Start();
        _machine.Suspend();
        Run(nodes);
        Assert.IsType<AnnouncerEffect.Suspended>(_effects[^1]);
        Assert.DoesNotContain(true, nodes.Select(Holds));

        _machine.Resume();
        _machine.Suspend();
        _machine.Resume();
        Run(nodes);
        Assert.DoesNotContain(false, nodes.Select(Holds));
        Assert.Single(_effects.OfType<AnnouncerEffect.Suspended>());
    }

    [Fact]
    public void A_suspended_server_stops_at_once()
    {
        _machine.Start();
        Run(Nodes(1, 3));
        _machine.Suspend();
        Run([]);
        _machine.Stop();
        Run([]);
        Assert.IsType<AnnouncerEffect.Stopped>(_effects[^1]);
    }

    private AnnouncerEffect.Announced Announced => _effects.OfType<AnnouncerEffect.Announced>().Last();

    private PeerAddress[] Nodes(int first, int count)
    {
        PeerAddress[] addresses = [.. Enumerable.Range(first, count).Select(PeerAddress.Loopback)];
        foreach (PeerAddress address in addresses)
            _nodes.TryAdd(address, new Node(address));
        return addresses;
    }

    private bool Holds(PeerAddress address) => _nodes[address].Holds;

    private void Rest(IReadOnlyList<PeerAddress> closest)
    {
        _now = _machine.NextDeadline!.Value;
        _machine.HandleTimeout(_now);
        Run(closest);
    }

    private void Run(IReadOnlyList<PeerAddress> closest)
    {
        while (_machine.TryTake(out AnnouncerEffect? effect))
        {
            _effects.Add(effect);
            if (effect is AnnouncerEffect.Walk)
                _machine.HandleWalkFinished([.. closest.Select(address => _nodes[address].Greeting)], _now);
            else if (effect is AnnouncerEffect.Send send && _nodes[send.Request.To].Answer(send.Request, _now) is { } reply)
                _machine.HandleReply(send.Ticket, reply, _now);
            else if (effect is AnnouncerEffect.Send lost)
                _machine.HandleFailure(lost.Ticket, _now);
        }
    }

    /// <summary>A persistent node that checks signatures as a real one does.</summary>
    private sealed class Node
    {
        private readonly PeerAddress _address;
        private readonly NodeId _id;
        private readonly Bytes32 _token;
        private readonly ForwardTable _forwards = new(new RecordOptions());
        private readonly RecordServer _server;

        public Node(PeerAddress address)
        {
            RecordOptions options = new();
            (_address, _id, _token) = (address, NodeId.Of(address), Blake2b.Hash256([(byte)address.Port]));
            _server = new RecordServer(options, new RecordStore(options, new SeededEntropy(1, "node")), _forwards);
        }

        public bool IsDown { get; set; }

        public bool Refuses { get; set; }

        public int Pings { get; private set; }

        public bool Holds => _forwards.TryFind(Target, default, out _);

        public ReceivedReply Greeting => new(_address, _id, Own) { Token = _token };

        public ReceivedReply? Answer(OutgoingRequest request, TimeSpan now)
        {
            if (IsDown)
                return null;
            if (Refuses)
                return Greeting with { Error = DhtError.UnknownCommand };
            if (request.Command == DhtCommand.Ping)
            {
                Pings++;
                return Greeting;
            }

            Assert.True(request.Token is null || request.Token == _token);
            RecordRequest record = new((HyperDhtCommand)request.Command.Number, request.Target, request.Token, request.Value, Own);
            return _server.Handle(record, _id.Value, 0, now) is RecordAnswer.Reply reply ? Greeting with { Value = reply.Value } : null;
        }
    }
}

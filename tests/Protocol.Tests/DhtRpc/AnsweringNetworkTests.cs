using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;

namespace AuctionActors.Protocol.Tests.DhtRpc;

/// <summary>Walks and requests among nodes that serve a command, and one that keeps silent.</summary>
public sealed class AnsweringNetworkTests
{
    private static readonly PeerAddress Bootstrap = new(0x0a000001, 30001);
    private static readonly DhtCommand Served = DhtCommand.External(52);
    private readonly VirtualNetwork _network = new(41);
    private readonly List<DhtRequest> _sent = [];

    public AnsweringNetworkTests() => _network.Watch = datagram =>
    {
        if (DhtMessageCodec.TryDecode(datagram.Span, out DhtMessage? message) && message is DhtRequest request)
            _sent.Add(request);
    };

    private int DownHints => _sent.Count(request => request.Command == DhtCommand.DownHint);

    [Fact]
    public void A_commit_reaches_the_twenty_closest_each_with_its_own_token()
    {
        Grow(60);
        List<(PeerAddress Node, bool HasToken)> asked = [];
        foreach (VirtualNode node in _network.Nodes)
        {
            node.Serve = request =>
            {
                asked.Add((node.ServerAddress, request.HasValidToken));
                return DhtAnswer.Success();
            };
        }

        Bytes32 target = _network.Entropy("target").Next32();
        QueryDefinition definition = new(target, Served);
        QueryResult result = Finish(_network.Nodes[1], definition with { Commit = definition.CommitSame(Served, null) });
        IEnumerable<PeerAddress> others = _network.Nodes.Where(node => node != _network.Nodes[1]).Select(node => node.ServerAddress);
        PeerAddress[] closest = [.. others.OrderBy(address => NodeId.Of(address).DistanceTo(target)).Take(20)];
        Assert.Equal(closest.Order(), asked.Where(one => one.HasToken).Select(one => one.Node).Order());
        Assert.Equal(closest.Order(), result.Accepted.Order());
        Assert.True(asked.Count(one => !one.HasToken) >= 20);
    }

    [Theory]
    [InlineData(50, 1)]
    [InlineData(0, 0)]
    public void A_step_that_nobody_answers_is_sent_six_times_and_then_hinted_at_once_if_hints_are_allowed(int hintsPerTick, int hints)
    {
        (VirtualNode asking, VirtualNode silent) = AddAskingAndSilent(hintsPerTick);
        QueryDefinition definition = new(NodeId.Of(silent.ServerAddress).Value, Served);
        _sent.Clear();
        QueryResult result = Finish(asking, definition with { Commit = definition.CommitSame(Served, null) });
        Assert.Equal(6, _sent.Count(request => request.Command == Served && request.To == silent.ServerAddress));
        Assert.Equal((QueryStatus.TooFewNodes, hints), (result.Status, DownHints));
    }

    [Theory]
    [InlineData(OutgoingRequest.PlainRetries, 4)]
    [InlineData(0, 1)]
    public void A_request_is_repeated_as_often_as_it_says(int retries, int sends)
    {
        (VirtualNode asking, VirtualNode silent) = AddAskingAndSilent(hintsPerTick: 50);
        long before = asking.Machine.Counters.Retries;
        _sent.Clear();
        asking.Ask(new OutgoingRequest(silent.ServerAddress, Served) { Retries = retries }, (_, _) => { });
        _network.RunFor(TimeSpan.FromSeconds(30));
        Assert.Equal(sends, _sent.Count(request => request.Command == Served));
        Assert.Equal(sends - 1, asking.Machine.Counters.Retries - before);
    }

    [Fact]
    public void Two_hundred_nodes_find_each_other_and_hint_at_nobody()
    {
        Grow(200);
        NodeId sought = NodeId.Of(_network.Nodes[25].ServerAddress);
        QueryResult first = Finish(_network.Nodes[^1], QueryDefinition.FindNode(sought.Value));
        Assert.Equal(sought, first.Closest[0].Id);

        QueryDefinition again = QueryDefinition.FindNode(sought.Value) with { StartNodes = [.. first.Closest.Select(reply => reply.From)] };
        Assert.Equal(sought, Finish(_network.Nodes[150], again).Closest[0].Id);
        Assert.Equal(0, DownHints);
    }

    [Fact]
    public void A_ping_is_counted_when_it_leaves_and_when_it_is_answered_and_its_round_trip_measured()
    {
        Grow(2);
        DhtNodeCounters counters = _network.Nodes[2].Machine.Counters;
        (long made, long answered) = (counters.RequestsMade, counters.RepliesReceived);
        ReceivedReply? reply = null;
        _network.Nodes[2].Ask(new OutgoingRequest(_network.Nodes[1].ServerAddress, DhtCommand.Ping), (answer, _) => reply = answer);
        Assert.Equal((1, 0), (counters.RequestsMade - made, counters.RepliesReceived - answered));
        _network.RunFor(2 * _network.Latency);
        Assert.Equal((1, 1), (counters.RequestsMade - made, counters.RepliesReceived - answered));
        Assert.Equal(2 * _network.Latency, reply?.RoundTrip);
    }

    [Fact]
    public void A_node_learns_its_address_when_it_has_peers_first_that_of_its_client_socket_and_then_that_of_its_server_socket()
    {
        VirtualNode alone = _network.Add(new DhtNodeOptions { Persistence = DhtPersistence.Persistent, IsFirewalled = false }, Bootstrap);
        _network.RunFor(TimeSpan.FromSeconds(10));
        Assert.Null(alone.State.ReflexiveAddress);

        VirtualNode node = _network.Add(Persistent, new PeerAddress(0x0a000010, 49737));
        List<PeerAddress?> seen = [node.State.ReflexiveAddress];
        for (int step = 0; step < 10_000; step++)
        {
            _network.RunFor(TimeSpan.FromMilliseconds(1));
            if (node.State.ReflexiveAddress != seen[^1])
                seen.Add(node.State.ReflexiveAddress);
        }

        Assert.Equal([null, node.ClientAddress, node.ServerAddress], seen);
        Assert.Equal(alone.ServerAddress, alone.State.ReflexiveAddress);
    }

    private static DhtNodeOptions Persistent => new() { BootstrapNodes = [Bootstrap], Persistence = DhtPersistence.Persistent };

    private void Grow(int nodes)
    {
        _network.Add(DhtNodeOptions.Bootstrapper(Bootstrap), Bootstrap);
        for (int index = 0; index < nodes; index++)
        {
            _network.Add(Persistent, new PeerAddress(0x0a000010u + (uint)index, 49737));
            _network.RunFor(TimeSpan.FromMilliseconds(200));
        }

        _network.RunFor(TimeSpan.FromSeconds(60));
    }

    private (VirtualNode Asking, VirtualNode Silent) AddAskingAndSilent(int hintsPerTick)
    {
        _network.Add(DhtNodeOptions.Bootstrapper(Bootstrap), Bootstrap);
        VirtualNode asking = _network.Add(Persistent with { DownHintsPerTick = hintsPerTick }, new PeerAddress(0x0a000010, 49737));
        _network.RunFor(TimeSpan.FromSeconds(20));
        VirtualNode silent = _network.Add(Persistent, new PeerAddress(0x0a000011, 49737));
        silent.Serve = _ => null;
        _network.RunFor(TimeSpan.FromSeconds(20));
        return (asking, silent);
    }

    private QueryResult Finish(VirtualNode node, QueryDefinition definition)
    {
        QueryResult? result = null;
        node.Look(definition, null, ended => result = ended);
        _network.RunFor(TimeSpan.FromSeconds(60));
        return Assert.IsType<QueryResult>(result);
    }
}

using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;

namespace AuctionActors.Protocol.Tests.DhtRpc;

public sealed class SuspensionTests
{
    private static readonly PeerAddress Bootstrap = new(0x0a000001, 30001);
    private readonly VirtualNetwork _network = new(31);
    private readonly VirtualNode _node;

    public SuspensionTests()
    {
        _network.Add(DhtNodeOptions.Bootstrapper(Bootstrap), Bootstrap);
        for (int index = 2; index < 6; index++)
        {
            _network.Add(Options(DhtPersistence.Persistent), new PeerAddress(0x0a000000u + (uint)index, 30000));
            _network.RunFor(TimeSpan.FromSeconds(5));
        }

        _node = _network.Add(Options(DhtPersistence.Persistent), new PeerAddress(0x0a000010, 30000));
        _network.RunFor(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Suspending_fails_what_is_outstanding_once()
    {
        List<RequestFailure?> ended = [];
        _node.Ask(new OutgoingRequest(new PeerAddress(9, 9), DhtCommand.Ping), (_, failure) => ended.Add(failure));
        _node.Suspend();
        _node.Suspend();
        _network.RunFor(TimeSpan.FromMinutes(1));
        Assert.Equal([RequestFailure.Suspended], ended);
        Assert.True(_node.State.IsSuspended);
    }

    [Fact]
    public void A_suspended_node_answers_nobody_sends_nothing_and_keeps_its_table()
    {
        int known = _node.Snapshot.Count;
        _node.Suspend();
        long made = _node.Machine.Counters.RequestsMade;
        ReceivedReply? reply = null;
        _network.Nodes[1].Ask(new OutgoingRequest(_node.ServerAddress, DhtCommand.Ping), (answer, _) => reply ??= answer);
        _network.RunFor(TimeSpan.FromMinutes(30));
        Assert.Null(reply);
        Assert.Equal(made, _node.Machine.Counters.RequestsMade);
        Assert.Equal((known, true), (_node.Snapshot.Count, known > 0));
    }

    [Fact]
    public void A_resumed_node_looks_around_at_once_and_is_asked_again()
    {
        _node.Suspend();
        _network.RunFor(TimeSpan.FromMinutes(30));
        long made = _node.Machine.Counters.RequestsMade;
        _node.Start();
        _network.RunFor(TimeSpan.FromSeconds(1));
        Assert.False(_node.State.IsSuspended);
        Assert.True(_node.Machine.Counters.RequestsMade > made);

        ReceivedReply? reply = null;
        _network.Nodes[1].Ask(new OutgoingRequest(_node.ServerAddress, DhtCommand.Ping), (answer, _) => reply ??= answer);
        _network.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(_node.State.Id, Assert.IsType<ReceivedReply>(reply).Id);
    }

    [Fact]
    public void A_node_suspended_during_its_first_walk_joins_when_it_is_resumed()
    {
        VirtualNode late = _network.Add(Options(DhtPersistence.Adaptive), new PeerAddress(0x0a000020, 30000));
        late.Suspend();
        _network.RunFor(TimeSpan.FromSeconds(10));
        late.Start();
        _network.RunFor(TimeSpan.FromSeconds(30));
        Assert.True(late.State.IsBootstrapped);
        Assert.True(late.Snapshot.Count > 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_node_that_was_offline_is_online_again_until_it_knows_better_when_it_is_resumed_or_wakes_up(bool rests)
    {
        foreach (VirtualNode other in _network.Nodes.Where(node => node != _node).ToArray())
            _network.Remove(other);
        for (int tick = 0; tick < 12; tick++)
        {
            for (uint host = 1; host <= 5; host++)
                _node.Ask(new OutgoingRequest(new PeerAddress(host, 9), DhtCommand.Ping) { Retries = 0 }, (_, _) => { });
            _network.RunFor(TimeSpan.FromSeconds(5));
        }

        Assert.False(_node.State.IsOnline);
        if (rests)
        {
            _node.Suspend();
            _node.Start();
        }
        else
        {
            _node.Machine.HandleTimeout(_network.Now + TimeSpan.FromHours(1));
        }

        Assert.Equal((true, false), (_node.State.IsOnline, _node.State.IsDegraded));
    }

    [Fact]
    public void Whom_the_filter_refuses_is_neither_visited_nor_known()
    {
        PeerAddress refused = _network.Nodes[2].ServerAddress;
        VirtualNode picky = _network.Add(
            Options(DhtPersistence.Persistent) with { AdmitsNode = address => address != refused }, new PeerAddress(0x0a000030, 30000));
        _network.RunFor(TimeSpan.FromMinutes(10));
        Assert.DoesNotContain(refused, picky.Snapshot.Nodes.Select(node => node.Address));
        Assert.Contains(_network.Nodes[3].ServerAddress, picky.Snapshot.Nodes.Select(node => node.Address));
        Assert.DoesNotContain(refused, picky.Look(QueryDefinition.FindNode(default)).Select(reply => reply.From));
    }

    private static DhtNodeOptions Options(DhtPersistence persistence)
        => new() { BootstrapNodes = [Bootstrap], Persistence = persistence };
}

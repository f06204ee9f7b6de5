using System.Collections.Immutable;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Queries;
using Hyper.Protocol.DhtRpc.Requests;

namespace AuctionActors.Protocol.Tests.DhtRpc;

public sealed class VirtualNetworkTests
{
    private static readonly PeerAddress Bootstrap = new(0x0a000001, 30001);

    [Fact]
    public void An_isolated_bootstrap_node_finishes_bootstrapping_at_once()
    {
        VirtualNetwork network = new(1);
        VirtualNode node = network.Add(DhtNodeOptions.Bootstrapper(Bootstrap), Bootstrap);
        Assert.True(node.State.IsBootstrapped);
        Assert.Equal(NodeId.Of(Bootstrap), node.State.Id);
        Assert.False(node.State.IsFirewalled);
    }

    [Fact]
    public void Persistent_nodes_meet_through_a_bootstrap_node_and_are_in_each_others_tables()
    {
        VirtualNetwork network = Grow(2, 20, DhtPersistence.Persistent);
        Assert.All(network.Nodes, node => Assert.True(node.State is { IsBootstrapped: true, IsEphemeral: false, IsFirewalled: false }));
        Assert.All(network.Nodes, node => Assert.Equal(NodeId.Of(node.ServerAddress), node.State.Id));
        Assert.All(network.Nodes, node => Assert.InRange(node.Snapshot.Count, 15, 20));
    }

    [Fact]
    public void A_lookup_returns_the_closest_nodes_first()
    {
        VirtualNetwork network = Grow(3, 60, DhtPersistence.Persistent);
        Bytes32 target = network.Entropy("target").Next32();
        ImmutableArray<ReceivedReply> closest = network.Nodes[^1].Look(QueryDefinition.FindNode(target));
        IEnumerable<NodeId> others = network.Nodes.SkipLast(1).Select(node => NodeId.Of(node.ServerAddress));
        NodeId[] expected = [.. others.OrderBy(id => id.DistanceTo(target)).Take(20)];
        Assert.Equal(expected, closest.Select(reply => reply.Id!.Value));
    }

    [Fact]
    public void Ephemeral_nodes_stay_out_of_the_tables_but_can_look_up()
    {
        VirtualNetwork network = Grow(4, 5, DhtPersistence.Persistent);
        VirtualNode guest = network.Add(Options(DhtPersistence.Ephemeral), new PeerAddress(0x0a000100, 40000));
        network.RunFor(TimeSpan.FromSeconds(10));
        Assert.True(guest.State is { IsBootstrapped: true, IsEphemeral: true, Id: null });
        Assert.Equal(6, guest.Look(QueryDefinition.FindNode(default)).Length);
        Assert.DoesNotContain(network.Nodes, node => node.Snapshot.Nodes.Any(known => known.Address.Host == guest.ServerAddress.Host));
    }

    [Fact]
    public void A_node_with_an_open_port_notices_it_early_and_one_behind_a_firewall_does_not()
    {
        VirtualNetwork network = Grow(5, 5, DhtPersistence.Persistent);
        VirtualNode open = network.Add(Options(DhtPersistence.Adaptive), new PeerAddress(0x0a000200, 40000));
        VirtualNode closed = network.Add(Options(DhtPersistence.Adaptive), new PeerAddress(0x0a000201, 40000), isBehindFirewall: true);
        network.RunFor(TimeSpan.FromSeconds(20));
        Assert.True(open.State is { IsFirewalled: false, IsEphemeral: true });
        Assert.Equal(open.ServerAddress, open.State.OpenAddress);
        Assert.True(closed.State is { IsFirewalled: true, IsEphemeral: true, OpenAddress: null });
    }

    [Fact]
    public void An_open_adaptive_node_becomes_persistent_after_twenty_minutes()
    {
        VirtualNetwork network = Grow(6, 5, DhtPersistence.Persistent);
        VirtualNode node = network.Add(Options(DhtPersistence.Adaptive), new PeerAddress(0x0a000200, 40000));
        network.RunFor(TimeSpan.FromMinutes(19));
        Assert.True(node.State.IsEphemeral);
        network.RunFor(TimeSpan.FromMinutes(2));
        Assert.Equal(NodeId.Of(node.ServerAddress), node.State.Id);
        network.RunFor(TimeSpan.FromMinutes(1));
        Assert.Contains(network.Nodes[0].Snapshot.Nodes, known => known.Address == node.ServerAddress);
    }

    [Fact]
    public void A_network_that_loses_a_fifth_of_its_datagrams_still_bootstraps_and_looks_up()
    {
        VirtualNetwork network = new(7) { LossRate = 0.2 };
        Fill(network, 15, DhtPersistence.Persistent);
        network.RunFor(TimeSpan.FromMinutes(3));
        Assert.All(network.Nodes, node => Assert.False(node.State.IsEphemeral));
        Assert.InRange(network.Nodes[3].Look(QueryDefinition.FindNode(default)).Length, 12, 15);
    }

    [Fact]
    public void Nodes_that_vanish_leave_the_tables()
    {
        VirtualNetwork network = Grow(8, 10, DhtPersistence.Persistent);
        VirtualNode gone = network.Nodes[5];
        network.Remove(gone);
        network.RunFor(TimeSpan.FromMinutes(10));
        Assert.DoesNotContain(network.Nodes, node => node.Snapshot.Nodes.Any(known => known.Address == gone.ServerAddress));
    }

    [Fact]
    public void A_lone_node_meets_the_bootstrap_node_once_that_is_up()
    {
        VirtualNetwork network = new(9);
        VirtualNode early = network.Add(Options(DhtPersistence.Persistent), new PeerAddress(0x0a000300, 40000));
        network.RunFor(TimeSpan.FromSeconds(30));
        Assert.True(early.State is { IsBootstrapped: true, IsEphemeral: true });
        network.Add(DhtNodeOptions.Bootstrapper(Bootstrap), Bootstrap);
        network.RunFor(TimeSpan.FromMinutes(10));
        Assert.Equal(NodeId.Of(early.ServerAddress), early.State.Id);
        Assert.Contains(network.Nodes[1].Snapshot.Nodes, known => known.Address == early.ServerAddress);
    }

    [Fact]
    public void The_same_seed_gives_the_same_traffic()
        => Assert.Equal(Grow(11, 12, DhtPersistence.Persistent).Datagrams, Grow(11, 12, DhtPersistence.Persistent).Datagrams);

    [Fact]
    public void A_fleet_started_together_does_not_tick_in_lockstep()
    {
        VirtualNetwork network = new(12);
        Fill(network, 20, DhtPersistence.Ephemeral);
        Assert.InRange(network.Nodes.Select(node => node.Routing.NextDeadline).Distinct().Count(), 15, 21);
    }

    private static DhtNodeOptions Options(DhtPersistence persistence) => new() { BootstrapNodes = [Bootstrap], Persistence = persistence };

    private static VirtualNetwork Grow(ulong seed, int nodes, DhtPersistence persistence)
    {
        VirtualNetwork network = new(seed);
        Fill(network, nodes, persistence, TimeSpan.FromMilliseconds(200));
        network.RunFor(TimeSpan.FromSeconds(60));
        return network;
    }

    private static void Fill(VirtualNetwork network, int nodes, DhtPersistence persistence, TimeSpan apart = default)
    {
        network.Add(DhtNodeOptions.Bootstrapper(Bootstrap), Bootstrap);
        for (int index = 0; index < nodes; index++)
        {
            network.Add(Options(persistence), new PeerAddress(0x0a000010u + (uint)index, 49737));
            network.RunFor(apart);
        }
    }
}

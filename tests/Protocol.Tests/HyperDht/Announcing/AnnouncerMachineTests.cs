using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.HyperDht.Announcing;

namespace AuctionActors.Protocol.Tests.HyperDht.Announcing;

public sealed class AnnouncerMachineTests : AnnouncerKit
{
    [Fact]
    public void A_server_announces_itself_to_the_three_closest_nodes_each_signed_for_that_node()
    {
        PeerAddress[] nodes = Nodes(1, 5);
        Machine.Start();
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
        Machine.HandleOpenAddress(Own, Now);
        Machine.Start();
        Run(nodes);
        Assert.Equal([Own, nodes[0], nodes[1]], Announced.Addresses);
    }

    [Fact]
    public void A_node_that_turns_out_to_be_open_announces_itself_anew_at_once()
    {
        Machine.Start();
        Run(Nodes(1, 3));
        Machine.HandleOpenAddress(null, Now);
        Assert.False(Machine.TryTake(out _));
        Machine.HandleOpenAddress(Own, Now);
        Run(Nodes(4, 3));
        Assert.Equal([Own, .. Nodes(4, 2)], Announced.Addresses);
    }

    [Fact]
    public void Relays_are_pinged_every_three_seconds()
    {
        Machine.Start();
        Run(Nodes(1, 3));
        int before = KnownNodes.Values.Sum(node => node.Pings);
        Rest(Nodes(1, 3));
        Assert.Equal(before + 3, KnownNodes.Values.Sum(node => node.Pings));
        Assert.Equal(TimeSpan.FromSeconds(6), Machine.NextDeadline);
    }

    [Fact]
    public void A_lost_relay_starts_a_new_cycle_and_relays_that_were_not_chosen_again_are_told()
    {
        PeerAddress[] first = Nodes(1, 3), second = [.. Nodes(2, 1), .. Nodes(7, 2)];
        Machine.Start();
        Run(first);
        KnownNodes[first[2]].IsDown = true;
        Rest(second);
        Assert.Equal(second, Machine.Relays.Select(relay => relay.RelayAddress));
        Assert.False(Holds(first[0]));
        Assert.True(Machine.IsRelay(first[0]));
    }

    [Fact]
    public void Relays_of_three_cycles_count_as_known()
    {
        Machine.Start();
        Run(Nodes(1, 3));
        for (int i = 1; i <= 3; i++)
        {
            Assert.True(Machine.IsRelay(Nodes(1, 1)[0]));
            Machine.Refresh(Now);
            Run(Nodes(10 * i, 3));
        }

        Assert.False(Machine.IsRelay(Nodes(1, 1)[0]));
    }

    [Fact]
    public void A_full_cycle_ends_after_a_hundred_rounds()
    {
        Machine.Start();
        Run(Nodes(1, 3));
        for (int i = 0; i < 99; i++)
            Rest(Nodes(4, 3));
        Assert.Equal(Nodes(4, 3), Machine.Relays.Select(relay => relay.RelayAddress));
    }

    [Fact]
    public void Nodes_that_refuse_or_stay_silent_are_no_relays()
    {
        PeerAddress[] nodes = Nodes(1, 3);
        Machine.Start();
        KnownNodes[nodes[0]].IsDown = true;
        KnownNodes[nodes[1]].Refuses = true;
        Run(nodes);
        Assert.Equal([nodes[2]], Machine.Relays.Select(relay => relay.RelayAddress));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void With_fewer_relays_than_wanted_nothing_is_asked_before_the_next_round(int relays)
    {
        Machine.Start();
        Run(Nodes(1, relays));
        Assert.Equal(relays, Machine.Relays.Count);
        Assert.False(Machine.TryTake(out _));
        Assert.Equal(TimeSpan.FromSeconds(3), Machine.NextDeadline);
    }

    [Fact]
    public void A_server_without_any_relay_tries_again_soon()
    {
        Machine.Start();
        Run([]);
        Assert.Empty(Announced.Relays);
        Rest([]);
        Rest(Nodes(1, 3));
        Assert.Equal(3, Machine.Relays.Count);
        Assert.True(Now < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Stopping_makes_the_relays_forget_the_server()
    {
        PeerAddress[] nodes = Nodes(1, 3);
        Machine.Start();
        Run(nodes);
        Machine.Stop();
        Run([]);
        Assert.IsType<AnnouncerEffect.Stopped>(Effects[^1]);
        Assert.DoesNotContain(true, nodes.Select(Holds));
        Assert.Null(Machine.NextDeadline);
    }

    [Fact]
    public void Stopping_during_a_walk_ends_when_the_walk_does()
    {
        Machine.Start();
        Machine.Stop();
        Run(Nodes(1, 3));
        Assert.IsType<AnnouncerEffect.Stopped>(Effects[^1]);
        Assert.DoesNotContain(true, Nodes(1, 3).Select(Holds));
    }

    [Fact]
    public void A_suspended_server_is_forgotten_and_a_resumed_one_announced_anew()
    {
        PeerAddress[] nodes = Nodes(1, 3);
        Machine.Start();
        Run(nodes);
        Machine.Suspend();
        Run([]);
        Assert.IsType<AnnouncerEffect.Suspended>(Effects[^1]);
        Assert.DoesNotContain(true, nodes.Select(Holds));
        Assert.Null(Machine.NextDeadline);
        Machine.HandleOpenAddress(Own, Now);
        Assert.False(Machine.TryTake(out _));

        Machine.Resume();
        Run(nodes);
        Assert.DoesNotContain(false, nodes.Select(Holds));
        Assert.NotNull(Machine.NextDeadline);
    }

    [Fact]
    public void A_server_suspended_during_a_walk_announces_nothing_and_one_resumed_meanwhile_goes_on()
    {
        PeerAddress[] nodes = Nodes(1, 3);
        Machine.Start();
        Machine.Suspend();
        Run(nodes);
        Assert.IsType<AnnouncerEffect.Suspended>(Effects[^1]);
        Assert.DoesNotContain(true, nodes.Select(Holds));

        Machine.Resume();
        Machine.Suspend();
        Machine.Resume();
        Run(nodes);
        Assert.DoesNotContain(false, nodes.Select(Holds));
        Assert.Single(Effects.OfType<AnnouncerEffect.Suspended>());
    }

    [Fact]
    public void A_suspended_server_stops_at_once()
    {
        Machine.Start();
        Run(Nodes(1, 3));
        Machine.Suspend();
        Run([]);
        Machine.Stop();
        Run([]);
        Assert.IsType<AnnouncerEffect.Stopped>(Effects[^1]);
    }
}

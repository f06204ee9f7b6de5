using Hyper.Protocol.HyperDht.Announcing;

namespace AuctionActors.Protocol.Tests.HyperDht.Announcing;

public sealed class OfflineAnnouncerTests : AnnouncerKit
{
    [Fact]
    public void A_server_whose_node_is_offline_asks_nobody_until_it_is_online_again_and_then_goes_on_at_once()
    {
        Machine.Start();
        Machine.HandleOnline(false, Now);
        Run([]);
        Assert.Equal(TimeSpan.FromMinutes(1), Machine.NextDeadline);
        Machine.HandleOnline(false, Now);
        Assert.False(Machine.TryTake(out _));
        Now = TimeSpan.FromSeconds(20);
        Machine.HandleOnline(true, Now);
        Run(Nodes(1, 3));
        Assert.Equal(3, Machine.Relays.Count);
        Assert.Equal(TimeSpan.FromSeconds(23), Machine.NextDeadline);
    }

    [Fact]
    public void A_server_whose_node_is_offline_looks_once_a_minute_and_when_the_machine_has_another_address()
    {
        Machine.Start();
        Machine.HandleOnline(false, Now);
        Run([]);
        Rest([]);
        Assert.Equal(2, Effects.OfType<AnnouncerEffect.Walk>().Count());
        Assert.Equal(TimeSpan.FromMinutes(2), Machine.NextDeadline);
        Machine.Refresh(Now);
        Run(Nodes(1, 3));
        Assert.Equal(3, Machine.Relays.Count);
        int pings = KnownNodes.Values.Sum(node => node.Pings);
        Rest([]);
        Assert.Equal(pings + 3, KnownNodes.Values.Sum(node => node.Pings));
        Assert.Equal(3, Effects.OfType<AnnouncerEffect.Walk>().Count());
    }

    [Fact]
    public void A_server_whose_node_is_offline_is_suspended_resumed_and_stopped_at_once()
    {
        Machine.Start();
        Machine.HandleOnline(false, Now);
        Run([]);
        Machine.Suspend();
        Run([]);
        Assert.IsType<AnnouncerEffect.Suspended>(Effects[^1]);
        Assert.Null(Machine.NextDeadline);
        Machine.HandleOnline(true, Now);
        Machine.HandleOnline(false, Now);
        Assert.False(Machine.TryTake(out _));

        Machine.Resume();
        Run([]);
        Assert.Equal(2, Effects.OfType<AnnouncerEffect.Walk>().Count());
        Machine.Stop();
        Run([]);
        Assert.IsType<AnnouncerEffect.Stopped>(Effects[^1]);
    }
}

using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.HyperDht.Connecting;

namespace AuctionActors.Protocol.Tests.HyperDht.Connecting;

public sealed class LocalHostTableTests
{
    [Fact]
    public void Each_host_is_tried_once_and_only_those_of_use_are_named()
    {
        LocalHostTable table = new();
        PeerAddress[] addresses = [At(1), At(2), At(2) with { Port = 8 }];
        Assert.Equal([1u, 2u], table.Begin(addresses));
        Assert.Empty(table.Begin(addresses));
        Assert.True(table.IsTrying(addresses));
        Assert.Empty(table.Usable(addresses));

        table.End(1, isUsable: false);
        Assert.True(table.IsTrying(addresses));
        table.End(2, isUsable: true);
        Assert.False(table.IsTrying(addresses));
        Assert.Equal(addresses[1..], table.Usable(addresses));
        Assert.Empty(table.Begin(addresses));
    }

    [Fact]
    public void What_was_found_out_about_a_host_stays_while_the_machine_has_others()
    {
        LocalHostTable table = new();
        Settle(table, [At(1)]);
        Settle(table, [At(2)]);
        Assert.Empty(table.Begin([At(1)]));
        Assert.Equal([At(1)], table.Usable([At(1)]));
    }

    [Fact]
    public void Hosts_that_are_gone_give_way_when_the_table_is_full_and_then_no_more_are_taken()
    {
        LocalHostTable table = new(capacity: 2);
        Settle(table, [At(1), At(2)]);
        Assert.Equal([3u], table.Begin([At(2), At(3), At(4)]));
        Assert.False(table.IsTrying([At(4)]));
        table.End(3, isUsable: true);
        Assert.Equal([At(2), At(3)], table.Usable([At(1), At(2), At(3), At(4)]));
    }

    private static void Settle(LocalHostTable table, PeerAddress[] addresses)
    {
        foreach (uint host in table.Begin(addresses))
            table.End(host, isUsable: true);
    }

    private static PeerAddress At(uint host) => new(host, 7);
}

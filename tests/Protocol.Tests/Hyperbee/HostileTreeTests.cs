using Hyper.Protocol.Hyperbee.Nodes;
using Hyper.Protocol.Hyperbee.Reading;

namespace AuctionActors.Protocol.Tests.Hyperbee;

public sealed class HostileTreeTests
{
    [Fact]
    public void A_child_that_points_at_itself_is_refused()
    {
        MemoryLog log = LogWith(new TreeLevel([1], [new NodeAddress(1, 0), new NodeAddress(1, 0)]));
        AssertMalformed(log, [9]);
    }

    [Fact]
    public void A_chain_of_nodes_without_keys_is_refused_at_the_depth_limit()
    {
        IEnumerable<TreeLevel> keyless = Enumerable.Range(0, 100).Select(level => new TreeLevel([], [new NodeAddress(1, level + 1)]));
        TreeLevel[] chain = [.. keyless, new TreeLevel([1], [])];
        AssertMalformed(LogWith(chain), [9]);
    }

    [Fact]
    public void A_block_from_the_future_is_refused()
        => AssertMalformed(LogWith(new TreeLevel([7], [])), [9]);

    [Fact]
    public void Half_a_child_address_is_refused()
        => AssertMalformed(LogWith(new TreeLevel([1], [new NodeAddress(1, 0)])), [9]);

    [Fact]
    public void A_level_that_the_block_does_not_have_is_refused()
        => AssertMalformed(LogWith(new TreeLevel([1], [new NodeAddress(1, 5), new NodeAddress(1, 6)])), [9]);

    [Fact]
    public void A_scan_over_repeated_keys_ends()
    {
        TreeLevel leaf = new([1, 1, 1], []);
        BeeScan scan = new(LogWith(leaf).Open(), 2);
        Assert.Equal(BeeProgress.Done, scan.Next(out BeeEntry? first));
        Assert.NotNull(first);
        Assert.Equal(BeeProgress.Failed, scan.Next(out _));
        Assert.Equal(BeeFault.MalformedTree, scan.Fault);
    }

    [Fact]
    public void A_block_that_nobody_has_ends_the_lookup()
    {
        MemoryLog log = LogWith(new TreeLevel([1], []));
        log.Hidden.Add(1);
        BeeLookup lookup = new(log.Open(), 2, new byte[] { 9 });
        Assert.Equal(BeeProgress.NeedsBlock, lookup.Advance());
        lookup.Unavailable(1);
        Assert.Equal(BeeProgress.Failed, lookup.Advance());
        Assert.Equal(BeeFault.Unavailable, lookup.Fault);
    }

    private static MemoryLog LogWith(params TreeLevel[] levels)
    {
        MemoryLog log = new();
        log.Blocks.Add(new BeeHeader().Encode());
        log.Blocks.Add(BeeBlock.Encode(new byte[] { 1 }, new byte[] { 1 }, levels));
        return log;
    }

    private static void AssertMalformed(MemoryLog log, byte[] key)
    {
        BeeLookup lookup = new(log.Open(), log.Length, key);
        Assert.Equal(BeeProgress.Failed, lookup.Advance());
        Assert.Equal(BeeFault.MalformedTree, lookup.Fault);
    }
}

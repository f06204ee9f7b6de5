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

    [Fact]
    public void A_node_with_more_keys_than_any_writer_leaves_is_refused()
    {
        AssertMalformed(LogWith(new TreeLevel([.. Enumerable.Repeat(1UL, 65)], [])), [9]);
        BeeLookup wide = new(LogWith(new TreeLevel([.. Enumerable.Repeat(1UL, 64)], [])).Open(), 2, new byte[] { 9 });
        Assert.Equal(BeeProgress.Done, wide.Advance());
    }

    [Fact]
    public void Large_values_do_not_fill_the_memory_and_are_read_all_the_same()
    {
        const int Values = 200, ValueBytes = 100_000;
        BeeOptions options = new() { CachedBytes = 1_000_000 };
        MemoryLog log = new();
        BeeBlocks writer = log.Open(options);
        for (int i = 0; i < Values; i++)
        {
            log.Put(writer, [(byte)i], new byte[ValueBytes]);
            Assert.InRange(writer.HeldBytes, 0, options.CachedBytes);
        }

        for (ulong sequence = 1; sequence < log.Length; sequence++)
            log.Hidden.Add(sequence);
        BeeBlocks reader = log.Open(options);
        Assert.Equal(Values, log.Scan(reader).Count);
        Assert.All(Enumerable.Range(0, Values), i => Assert.Equal(ValueBytes, log.Get(reader, [(byte)i])!.Value!.Value.Length));
        Assert.InRange(reader.HeldBytes, 1, options.CachedBytes);
        reader.Truncate(0);
        Assert.Equal(0, reader.HeldBytes);
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

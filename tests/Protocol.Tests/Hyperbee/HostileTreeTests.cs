using Hyper.Protocol.Hyperbee.Nodes;
using Hyper.Protocol.Hyperbee.Reading;
using Hyper.Protocol.Hyperbee.Writing;

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
    public void An_index_of_millions_of_nodes_is_refused_before_memory_is_taken_for_them()
    {
        byte[] index = new byte[BeeLimits.MaxBlockBytes - 100];
        for (int i = 0; i < index.Length; i += 2)
            index[i] = 0x0a;
        AssertRefusedCheaply(BlockBytes.Of([1], [1], index));
        AssertMalformed(LogWith([.. Enumerable.Repeat(new TreeLevel([1], []), BeeLimits.MaxLevels + 1)]), [9]);
        BeeLookup most = new(LogWith([.. Enumerable.Repeat(new TreeLevel([1], []), BeeLimits.MaxLevels)]).Open(), 2, new byte[] { 9 });
        Assert.Equal(BeeProgress.Done, most.Advance());
    }

    [Fact]
    public void A_node_of_millions_of_keys_is_refused_before_memory_is_taken_for_them()
    {
        byte[] keys = new byte[BeeLimits.MaxBlockBytes - 100];
        Array.Fill(keys, (byte)1);
        byte[] level = [0x0a, .. Varint(keys.Length), .. keys];
        AssertRefusedCheaply(BlockBytes.Of([1], [1], [0x0a, .. Varint(level.Length), .. level]));
    }

    [Fact]
    public void What_is_decoded_of_a_block_counts_for_the_memory_too()
    {
        TreeLevel[] levels = [.. Enumerable.Repeat(new TreeLevel([1, 1, 1, 1], []), 1000)];
        MemoryLog log = LogWith(levels);
        BeeBlocks blocks = log.Open();
        BeeLookup lookup = new(blocks, 2, new byte[] { 9 });
        Assert.Equal(BeeProgress.Done, lookup.Advance());
        Assert.InRange(blocks.HeldBytes, log.Blocks[1].Length + 100_000, log.Blocks[1].Length + 200_000);
        blocks.Truncate(0);
        Assert.Equal(0, blocks.HeldBytes);
    }

    [Theory]
    [InlineData("0a 05 0a 04 01", "the list of keys ends behind its node")]
    [InlineData("0a 03 0a 01", "the node ends behind the index")]
    [InlineData("0a 04 0a 02 01 81", "a number ends behind its list")]
    [InlineData("0a 0a 0a ff ff ff ff ff ff ff 0f 01", "the list has more bytes than anything")]
    [InlineData("0a 02 08 01", "the keys are not packed")]
    [InlineData("0a 06 0a 01 01 0a 01 01", "there are two lists of keys")]
    public void A_list_that_is_longer_than_its_block_is_refused(string index, string why)
    {
        byte[] bytes = Convert.FromHexString(index.Replace(" ", "", StringComparison.Ordinal));
        BeeLookup lookup = new(LogWith(BlockBytes.Of([1], [1], bytes)).Open(), 2, new byte[] { 9 });
        Assert.True(lookup.Advance() == BeeProgress.Failed, why);
        Assert.Equal(BeeFault.MalformedTree, lookup.Fault);
    }

    [Fact]
    public void A_field_that_is_longer_than_its_block_is_refused()
    {
        byte[] block = BlockBytes.Of([1], [1], new TreeLevel([1], []));
        for (int length = 0; length < block.Length; length++)
        {
            // What is cut off the end is the value, which may be absent.
            bool isWhole = length == block.Length - 3;
            Assert.Equal(isWhole, BeeBlock.TryDecode(1, block.AsMemory(0, length), out _));
        }
    }

    [Fact]
    public void Numbers_above_two_to_the_53rd_are_refused()
    {
        const ulong Most = BeeLimits.MaxInteger;
        AssertIndexed(true, new TreeLevel([Most], []));
        AssertIndexed(false, new TreeLevel([Most + 1], []));
        AssertIndexed(false, new TreeLevel([ulong.MaxValue], []));
        AssertIndexed(true, new TreeLevel([1], [new NodeAddress(Most, 0), new NodeAddress(1, int.MaxValue)]));
        AssertIndexed(false, new TreeLevel([1], [new NodeAddress(Most + 1, 0), new NodeAddress(1, 0)]));
        AssertIndexed(false, new TreeLevel([1], [new NodeAddress(1, 0), new NodeAddress(1, -1)]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_scan_of_a_hostile_tree_does_not_leave_its_bounds(bool reverse)
    {
        // The key 5 with children that hold 2 and 9, on the wrong sides: 1 = "5", 2 = "9" left of it, 3 = "2" right of it.
        MemoryLog log = new();
        log.Blocks.Add(new BeeHeader().Encode());
        log.Blocks.Add(BlockBytes.Of([5], [], new TreeLevel([1], [])));
        log.Blocks.Add(BlockBytes.Of([9], [], new TreeLevel([2], [])));
        log.Blocks.Add(BlockBytes.Of([2], [], new TreeLevel([1], [new NodeAddress(2, 0), new NodeAddress(3, 1)]), new TreeLevel([3], [])));
        BeeRange range = reverse
            ? new BeeRange { LessThan = new byte[] { 5 }, Reverse = true }
            : new BeeRange { GreaterThan = new byte[] { 5 } };
        BeeScan scan = new(log.Open(), log.Length, range);
        Assert.Equal(BeeProgress.Failed, scan.Next(out _));
        Assert.Equal(BeeFault.MalformedTree, scan.Fault);
        BeeScan bounded = new(log.Open(), log.Length, new BeeRange { LessThan = new byte[] { 6 } });
        Assert.Equal(BeeProgress.Done, bounded.Next(out BeeEntry? none));
        Assert.Null(none);
    }

    [Fact]
    public void A_deletion_in_a_hostile_tree_ends_with_a_fault()
    {
        TreeLevel root = new([1], [new NodeAddress(1, 1), new NodeAddress(1, 1)]), empty = new([], []);
        MemoryLog log = LogWith(root, empty);
        BeeBatch batch = new(log.Open(), log.Length);
        Assert.Equal(BeeWrite.Failed, batch.Delete(new byte[] { 1 }));
        Assert.Equal(BeeFault.MalformedTree, batch.Fault);
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

    private static MemoryLog LogWith(params TreeLevel[] levels) => LogWith(BlockBytes.Of([1], [1], levels));

    private static MemoryLog LogWith(byte[] block)
    {
        MemoryLog log = new();
        log.Blocks.Add(new BeeHeader().Encode());
        log.Blocks.Add(block);
        return log;
    }

    private static byte[] Varint(int number)
    {
        List<byte> bytes = [];
        for (; number >= 0x80; number >>= 7)
            bytes.Add((byte)(number | 0x80));
        return [.. bytes, (byte)number];
    }

    private static void AssertRefusedCheaply(byte[] block)
    {
        MemoryLog log = LogWith(block);
        BeeLookup lookup = new(log.Open(), 2, new byte[] { 9 });
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(BeeProgress.Failed, lookup.Advance());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Equal(BeeFault.MalformedTree, lookup.Fault);
    }

    private static void AssertIndexed(bool expected, TreeLevel level)
    {
        Assert.True(BeeBlock.TryDecode(ulong.MaxValue, BlockBytes.Of([1], [1], level), out BeeBlock? block));
        Assert.Equal(expected, block.TryGetLevels(out IReadOnlyList<TreeLevel?>? levels) && levels[0] is not null);
    }

    private static void AssertMalformed(MemoryLog log, byte[] key)
    {
        BeeLookup lookup = new(log.Open(), log.Length, key);
        Assert.Equal(BeeProgress.Failed, lookup.Advance());
        Assert.Equal(BeeFault.MalformedTree, lookup.Fault);
    }
}

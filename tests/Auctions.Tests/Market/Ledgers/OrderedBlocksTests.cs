using AuctionActors.Auctions.Market.Ledgers;

namespace AuctionActors.Auctions.Tests.Market.Ledgers;

public sealed class OrderedBlocksTests
{
    [Fact]
    public void Blocks_are_asked_for_a_window_at_a_time_and_given_in_order()
    {
        var blocks = new OrderedBlocks(2);
        blocks.HandleLength(3);
        Assert.Equal([0, 1], Ask(blocks));
        Assert.Empty(blocks.HandleBlock(1, new byte[] { 1 }));
        Assert.Equal([0, 1], blocks.HandleBlock(0, new byte[] { 0 }).Select(block => block.Span[0]));
        Assert.Equal([2], Ask(blocks));
        blocks.HandleBlock(2, new byte[] { 2 });
        Assert.True(blocks.IsCaughtUp);
    }

    [Fact]
    public void Stored_blocks_wait_for_those_before_them()
    {
        var blocks = new OrderedBlocks(16);
        blocks.HandleStored(2, 1);
        Assert.Empty(Ask(blocks));
        blocks.HandleStored(0, 2);
        Assert.Equal([0, 1, 2], Ask(blocks));
        blocks.HandleStored(1, 1);
        Assert.Empty(Ask(blocks));
        blocks.HandleStored(3, 2);
        Assert.Equal([3, 4], Ask(blocks));
    }

    [Fact]
    public void What_was_cut_is_read_again()
    {
        var blocks = new OrderedBlocks(16);
        blocks.HandleStored(0, 3);
        foreach (long index in Ask(blocks))
            blocks.HandleBlock(index, new byte[] { (byte)index });
        blocks.HandleCut(1);
        Assert.Empty(Ask(blocks));
        blocks.HandleStored(1, 1);
        Assert.Equal([1], Ask(blocks));
    }

    [Fact]
    public void Blocks_that_nobody_asked_for_are_ignored()
    {
        var blocks = new OrderedBlocks(16);
        blocks.HandleLength(1);
        Assert.Empty(blocks.HandleBlock(0, default));
        Ask(blocks);
        Assert.Empty(blocks.HandleBlock(7, default));
        Assert.Single(blocks.HandleBlock(0, default));
        Assert.Empty(blocks.HandleBlock(0, default));
    }

    private static List<long> Ask(OrderedBlocks blocks)
    {
        var asked = new List<long>();
        while (blocks.TryAsk(out long index))
            asked.Add(index);
        return asked;
    }
}

using Hyper.Protocol.Hypercore;

namespace AuctionActors.Protocol.Tests.Hypercore;

public sealed class PendingBlocksTests
{
    [Fact]
    public void The_newest_block_of_an_index_is_read_until_its_own_change_is_persisted()
    {
        PendingBlocks blocks = new();
        blocks.Add(0, Batch(20, 1), new PersistId(1));
        blocks.Add(7, new byte[] { 2 }, new PersistId(2));
        blocks.Add(5, Batch(30, 3), new PersistId(3));
        blocks.Add(9, new byte[] { 4 }, new PersistId(4));
        Assert.Equal((byte?[])[1, 1, 3, 3, 4, 3, null], Read(blocks));

        blocks.HandlePersisted(new PersistId(2));
        Assert.Equal((byte?[])[null, null, 3, 3, 4, 3, null], Read(blocks));

        blocks.HandlePersisted(new PersistId(3));
        Assert.Equal((byte?[])[null, null, null, null, 4, null, null], Read(blocks));

        blocks.HandlePersisted(new PersistId(4));
        Assert.All(Read(blocks), Assert.Null);
    }

    private static byte?[] Read(PendingBlocks blocks)
        => [.. ((long[])[0, 4, 5, 7, 9, 34, 35]).Select(
            index => blocks.TryGet(index, out ReadOnlyMemory<byte> block) ? block.Span[0] : (byte?)null)];

    private static ReadOnlyMemory<byte>[] Batch(int count, byte value)
        => [.. Enumerable.Range(0, count).Select(_ => (ReadOnlyMemory<byte>)new byte[] { value })];
}

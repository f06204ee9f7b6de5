using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication;
using Hyper.Protocol.HypercoreReplication.Messages;
using Hyper.Protocol.HypercoreReplication.Uploads;

namespace AuctionActors.Protocol.Tests.HypercoreReplication;

public sealed class UploadQueueTests
{
    [Theory]
    [InlineData(1024, 64)]
    [InlineData(1 << 16, 16)]
    [InlineData(1 << 22, 8)]
    public void Fewer_long_blocks_than_short_ones_are_read_ahead(int blockLength, int expected)
    {
        UploadQueue queue = new(ReplicationOptions.Default);
        for (int i = 1; i <= 100; i++)
            Assert.True(queue.TryAdd(new RequestMessage(i, 0, new ProofRequest(new NodeTarget(i, 0)))));
        queue.NoteBlock(blockLength);
        int started = 0;
        while (queue.TryStart(out _))
            started++;
        Assert.Equal(expected, started);
    }
}

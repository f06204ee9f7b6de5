using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Protocol.Tests.Hypercore.Merkle;

public sealed class NodeCacheTests
{
    [Fact]
    public void A_cached_node_is_the_one_asked_for_and_the_roots_of_a_large_core_do_not_push_each_other_out()
    {
        NodeCache cache = new();
        MerkleNode[] high = [.. Enumerable.Range(14, 16).Select(depth => new MerkleNode(FlatTreeIndex.At(depth, 0), depth, Bytes32.Zero))];
        foreach (MerkleNode node in high)
            cache.Add(node);
        Assert.All(high, node => Assert.True(cache.TryGet(node.Index, out MerkleNode found) && found == node));

        for (long index = 0; index < 200_000; index++)
            cache.Add(new MerkleNode(index, 1, Bytes32.Zero));
        Assert.False(cache.TryGet(0, out _));
        Assert.True(cache.TryGet(199_999, out MerkleNode last) && last.Index == 199_999);

        cache.Remove(199_999);
        Assert.False(cache.TryGet(199_999, out _));
    }
}

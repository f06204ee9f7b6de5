using CsCheck;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Protocol.Tests.Hypercore.Merkle;

public sealed class NodePagesTests
{
    [Fact]
    public void Pages_hold_what_a_sorted_dictionary_holds()
        => Gen.Select(Gen.Long[0, 300], Gen.Int[0, 9]).Array[0, 200].Sample(steps =>
        {
            NodePages pages = new();
            SortedDictionary<long, MerkleNode> model = [];
            foreach ((long index, int kind) in steps)
            {
                if (kind == 0)
                {
                    pages.RemoveFrom(index);
                    foreach (long cut in model.Keys.Where(key => key >= index).ToArray())
                        model.Remove(cut);
                    continue;
                }

                MerkleNode node = new(index, kind, Bytes32.Zero);
                pages.Set(node);
                model[index] = node;
            }

            Assert.Equal(model.Values, NodesOf(pages));
            for (long index = 0; index <= 300; index++)
            {
                Assert.Equal(model.TryGetValue(index, out MerkleNode expected), pages.TryGet(index, out MerkleNode found));
                Assert.Equal(expected, found);
            }
        });

    private static IEnumerable<MerkleNode> NodesOf(NodePages pages)
    {
        foreach (NodePages.Page page in pages.InOrder())
        {
            foreach (int at in page)
                yield return page.Nodes[at];
        }
    }
}

using System.Text.Json;
using CsCheck;
using Hyper.Protocol.Hypercore.FlatTree;

namespace AuctionActors.Protocol.Tests.Hypercore.FlatTree;

public sealed class FlatTreeIndexTests
{
    [Fact]
    public void Nodes_have_the_upstream_relatives()
    {
        JsonElement[] nodes = [.. HypercoreVectors.Root.GetProperty("flatTree").GetProperty("nodes").EnumerateArray()];
        foreach (JsonElement node in nodes)
        {
            long index = node.Number("index");
            Assert.Equal(node.Number("depth"), FlatTreeIndex.Depth(index));
            Assert.Equal(node.Number("offset"), FlatTreeIndex.Offset(index));
            Assert.Equal(node.Number("parent"), FlatTreeIndex.Parent(index));
            Assert.Equal(node.Number("sibling"), FlatTreeIndex.Sibling(index));
            Assert.Equal(node.Number("leftSpan"), FlatTreeIndex.LeftSpan(index));
            Assert.Equal(node.Number("rightSpan"), FlatTreeIndex.RightSpan(index));
            if (!node.Has("children"))
                continue;
            long[] children = [.. node.GetProperty("children").EnumerateArray().Select(child => child.GetInt64())];
            Assert.Equal(children, new[] { FlatTreeIndex.LeftChild(index), FlatTreeIndex.RightChild(index) });
        }

        Assert.Equal(16, nodes.Length);
    }

    [Fact]
    public void Roots_of_a_length_are_the_upstream_ones()
    {
        JsonElement[] lengths = [.. HypercoreVectors.Root.GetProperty("flatTree").GetProperty("fullRoots").EnumerateArray()];
        foreach (JsonElement length in lengths)
        {
            Assert.Equal(
                length.GetProperty("roots").EnumerateArray().Select(root => root.GetInt64()),
                FlatTreeIndex.Roots(length.Number("length")));
        }

        Assert.Equal(12, lengths.Length);
    }

    [Fact]
    public void A_parent_spans_exactly_its_two_children()
        => Gen.Long[0, 1L << 50].Sample(index =>
        {
            long parent = FlatTreeIndex.Parent(index);
            return FlatTreeIndex.Contains(parent, index)
                && (FlatTreeIndex.LeftChild(parent) == index || FlatTreeIndex.RightChild(parent) == index)
                && FlatTreeIndex.LeafCount(parent) == 2 * FlatTreeIndex.LeafCount(index)
                && FlatTreeIndex.Sibling(FlatTreeIndex.Sibling(index)) == index;
        });

    [Fact]
    public void The_path_between_two_lengths_covers_every_new_leaf_once()
        => Gen.Select(Gen.Long[0, 3000], Gen.Long[1, 3000]).Sample((start, more) =>
            FlatTreeIndex.Path(start, start + more).Sum(FlatTreeIndex.LeafCount) == more);
}

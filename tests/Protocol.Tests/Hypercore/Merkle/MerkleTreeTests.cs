using System.Text.Json;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Manifests;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Protocol.Tests.Hypercore.Merkle;

public sealed class MerkleTreeTests
{
    [Fact]
    public void Namespaces_are_the_upstream_constants()
    {
        JsonElement names = HypercoreVectors.Root.GetProperty("namespaces");
        Assert.Equal(names.Hash("TREE"), CoreNamespace.Tree);
        Assert.Equal(names.Hash("REPLICATE_INITIATOR"), CoreNamespace.ReplicateInitiator);
        Assert.Equal(names.Hash("REPLICATE_RESPONDER"), CoreNamespace.ReplicateResponder);
        Assert.Equal(names.Hash("MANIFEST"), CoreNamespace.Manifest);
        Assert.Equal(names.Hash("DEFAULT_NAMESPACE"), CoreNamespace.DefaultSigner);
        Assert.Equal(names.Hash("BLOCK_ENCRYPTION"), CoreNamespace.BlockEncryption);
    }

    [Fact]
    public void Keys_have_the_upstream_discovery_keys()
    {
        foreach (JsonElement pair in HypercoreVectors.Root.GetProperty("keyPairs").EnumerateArray())
        {
            CoreKey key = new(pair.KeyPair("seed").PublicKey.Value);
            Assert.Equal(pair.Hash("publicKey"), key.Value);
            Assert.Equal(pair.Hash("discoveryKeyOfPublicKey"), key.ToDiscoveryKey().Value);
        }
    }

    [Fact]
    public void Leaves_and_parents_hash_as_upstream()
    {
        foreach (JsonElement leaf in HypercoreVectors.Root.GetProperty("leafHash").EnumerateArray())
            Assert.Equal(new MerkleNode(0, leaf.Number("size"), leaf.Hash("hash")), MerkleHash.Leaf(0, leaf.Bytes("data")));
        foreach (JsonElement parent in HypercoreVectors.Root.GetProperty("parentHash").EnumerateArray())
        {
            MerkleNode expected = new(parent.Number("parentIndex"), parent.Number("size"), parent.Hash("hash"));
            Assert.Equal(expected, MerkleHash.Parent(parent.GetProperty("right").Node(), parent.GetProperty("left").Node()));
        }
    }

    [Fact]
    public void A_copied_batch_grows_on_its_own()
    {
        MerkleBatch batch = new(MerkleTree.Empty);
        batch.Append(new byte[] { 1 });
        batch.Append(new byte[] { 2 });
        MerkleBatch copy = batch.Clone();
        Assert.Equal((batch.Length, batch.ByteLength, batch.TreeHash), (copy.Length, copy.ByteLength, copy.TreeHash));
        Bytes32 before = batch.TreeHash;
        copy.Append(new byte[] { 3 });
        Assert.Equal((2, before), (batch.Length, batch.TreeHash));
        batch.Append(new byte[] { 3 });
        Assert.Equal(copy.TreeHash, batch.TreeHash);
    }

    [Fact]
    public void Blocks_appended_together_leave_the_nodes_that_they_leave_one_by_one()
    {
        for (int before = 0; before < 20; before++)
        {
            for (int count = 1; count < 40; count++)
            {
                ReadOnlyMemory<byte>[] blocks = [.. Enumerable.Range(0, before + count).Select(i => new byte[i % 7 == 0 ? 0 : 10 * i])];
                MerkleBatch start = new(MerkleTree.Empty);
                foreach (ReadOnlyMemory<byte> block in blocks.AsSpan(0, before))
                    start.Append(block.Span);
                MerkleBatch alone = start.Clone(), together = start.Clone();
                foreach (ReadOnlyMemory<byte> block in blocks.AsSpan(before))
                    alone.Append(block.Span);
                together.Append(blocks[before..]);
                Assert.Equal(alone.Nodes, together.Nodes);
                Assert.Equal(alone.Roots, together.Roots);
                Assert.Equal((alone.Length, alone.ByteLength, alone.TreeHash), (together.Length, together.ByteLength, together.TreeHash));
            }
        }
    }

    [Fact]
    public void Appending_reaches_the_upstream_state_at_every_length()
    {
        SampleTree sample = new();
        JsonElement vector = HypercoreVectors.Root.GetProperty("tree");
        MerkleBatch batch = new(MerkleTree.Empty);
        Assert.Equal(vector.Hash("emptyTreeHash"), batch.TreeHash);
        foreach (JsonElement state in vector.GetProperty("lengths").EnumerateArray())
        {
            batch.Append(sample.Blocks[(int)batch.Length]);
            Assert.Equal(state.Number("length"), batch.Length);
            Assert.Equal(state.Number("byteLength"), batch.ByteLength);
            Assert.Equal(state.Nodes("roots"), batch.Roots);
            Assert.Equal(state.Hash("treeHash"), batch.TreeHash);
            Assert.Equal(state.Bytes("signable"), sample.Verifier.Signable(sample.Verifier.Manifest.Signers[0], batch));
            Assert.True(sample.Verifier.TrySign(batch, vector.KeyPair("keyPairSeed"), out byte[] signature));
            Assert.Equal(state.Bytes("signature"), signature);
            Assert.True(sample.Verifier.Verify(batch, signature));
        }

        Assert.Equal(vector.Nodes("nodes"), batch.Nodes.OrderBy(node => node.Index));
    }

    [Fact]
    public void Compat_cores_sign_without_a_manifest_hash()
    {
        JsonElement vector = HypercoreVectors.Root.GetProperty("compatSignable");
        CoreKey key = new(vector.Hash("coreKey"));
        SampleTree sample = new();
        MerkleBatch batch = new(sample.Tree);
        TreeVerifier verifier = new(key, Manifest.ForSigner(new(key.Value)));
        Assert.True(verifier.Compat);
        Assert.Equal(vector.Bytes("signable"), verifier.Signable(verifier.Manifest.Signers[0], batch));
        Assert.True(verifier.Verify(batch, vector.Bytes("signature")));
    }

    [Fact]
    public void Missing_nodes_are_counted_as_upstream()
    {
        SampleTree sample = new();
        RootsOnly roots = new(sample.Tree);
        foreach (JsonElement pair in HypercoreVectors.Root.GetProperty("missingNodes").GetProperty("values").EnumerateArray())
            Assert.Equal(pair[1].GetInt32(), sample.Tree.CountMissingNodes(roots, 2 * pair[0].GetInt64()));
    }

    [Fact]
    public void Byte_offsets_follow_from_the_sizes_on_the_left()
    {
        SampleTree sample = new();
        long expected = 0;
        for (int block = 0; block < sample.Blocks.Count; block++)
        {
            Assert.True(sample.Tree.TryByteOffset(sample, 2 * block, out long offset));
            Assert.Equal(expected, offset);
            expected += sample.Blocks[block].Length;
        }
    }

    private sealed class RootsOnly(MerkleTree tree) : IMerkleNodes
    {
        public bool TryGet(long index, out MerkleNode node)
        {
            node = tree.Roots.FirstOrDefault(root => root.Index == index);
            return node.Hash != default;
        }
    }
}

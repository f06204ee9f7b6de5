using System.Text.Json;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Protocol.Tests.Hypercore.Merkle;

public sealed class ProofTests
{
    private readonly SampleTree _sample = new();

    private static IEnumerable<JsonElement> Cases
        => HypercoreVectors.Root.GetProperty("proofs").GetProperty("cases").EnumerateArray();

    [Fact]
    public void Every_upstream_request_gets_the_upstream_nodes()
    {
        int proven = 0, refused = 0;
        foreach (JsonElement vector in Cases)
        {
            bool built = ProofBuilder.TryBuild(
                _sample.Tree, _sample, Request(vector), null, out MerkleProof proof, out ProofFailure failure);
            if (vector.Has("error") || vector.Has("unexpected"))
            {
                Assert.False(built, vector.GetProperty("name").GetString());
                Assert.NotEqual(ProofFailure.None, failure);
                refused++;
                continue;
            }

            Assert.True(built, vector.GetProperty("name").GetString());
            AssertSame(vector, proof);
            proven++;
        }

        Assert.Equal((31, 5), (proven, refused));
    }

    [Fact]
    public void Upstream_proofs_verify_and_add_the_upstream_nodes()
    {
        int verified = 0;
        foreach (JsonElement vector in Cases.Where(vector => vector.Has("verify")))
        {
            string? name = vector.GetProperty("name").GetString();
            JsonElement expected = vector.GetProperty("verify");
            VerifiedProof outcome = Verify(vector, Proof(vector));
            Assert.True(outcome.Verdict == ProofVerdict.Valid, name);
            Assert.Equal(
                expected.GetProperty("addedNodeIndexes").EnumerateArray().Select(index => index.GetInt64()),
                outcome.Batch.Nodes.Select(node => node.Index));
            if (expected.Has("resultTreeHash"))
            {
                Assert.Equal(expected.Number("resultLength"), outcome.Batch.Length);
                Assert.Equal(expected.Hash("resultTreeHash"), outcome.Batch.TreeHash);
                Assert.True(_sample.Verifier.Verify(outcome.Batch, outcome.Signature.Span), name);
            }

            verified++;
        }

        Assert.Equal(31, verified);
    }

    [Fact]
    public void A_changed_node_never_verifies()
    {
        foreach (JsonElement vector in Cases.Where(vector => vector.Has("verify")))
        {
            foreach (MerkleProof forged in Forgeries(Proof(vector)))
            {
                VerifiedProof outcome = Verify(vector, forged);
                bool accepted = outcome.Verdict == ProofVerdict.Valid
                    && (forged.Upgrade is null || _sample.Verifier.Verify(outcome.Batch, outcome.Signature.Span));
                bool harmless = forged.Upgrade is null && outcome.Provisional.Count > 0;
                Assert.False(accepted && !harmless, vector.GetProperty("name").GetString());
            }
        }
    }

    /// <summary>Upstream's readers hold the tree up to the upgrade's start, or the roots of the whole tree.</summary>
    private VerifiedProof Verify(JsonElement vector, MerkleProof proof)
    {
        long start = Request(vector).Upgrade?.Start ?? _sample.Tree.Length;
        MerkleTree tree = _sample.Shortened(start);
        return ProofVerifier.Verify(tree, new Reader(_sample, start), proof, null);
    }

    private static IEnumerable<MerkleProof> Forgeries(MerkleProof proof)
    {
        if (proof.Block is { } block)
        {
            yield return proof with { Block = block with { Value = new byte[] { 1, 2, 3 } } };
            foreach (MerkleNode[] nodes in Changed(block.Nodes))
                yield return proof with { Block = block with { Nodes = nodes } };
        }

        if (proof.Hash is { } hash)
        {
            foreach (MerkleNode[] nodes in Changed(hash.Nodes))
                yield return proof with { Hash = hash with { Nodes = nodes } };
        }

        if (proof.Upgrade is { } upgrade)
        {
            foreach (MerkleNode[] nodes in Changed(upgrade.Nodes))
                yield return proof with { Upgrade = upgrade with { Nodes = nodes } };
            foreach (MerkleNode[] nodes in Changed(upgrade.AdditionalNodes))
                yield return proof with { Upgrade = upgrade with { AdditionalNodes = nodes } };
        }
    }

    private static IEnumerable<MerkleNode[]> Changed(IReadOnlyList<MerkleNode> nodes)
    {
        for (int i = 0; i < nodes.Count; i++)
        {
            yield return Replace(nodes, i, nodes[i] with { Index = nodes[i].Index + 2 });
            yield return Replace(nodes, i, nodes[i] with { ByteLength = nodes[i].ByteLength + 1 });
            yield return Replace(nodes, i, nodes[i] with { Hash = MerkleHash.Leaf(0, [9]).Hash });
            yield return Replace(nodes, i, nodes[i] with { ByteLength = MerkleBatch.MaxByteLength });
        }
    }

    private static MerkleNode[] Replace(IReadOnlyList<MerkleNode> nodes, int at, MerkleNode node)
        => [.. nodes.Select((old, i) => i == at ? node : old)];

    private static void AssertSame(JsonElement vector, MerkleProof proof)
    {
        Assert.Equal(vector.Has("block"), proof.Block is not null);
        Assert.Equal(vector.Has("hash"), proof.Hash is not null);
        Assert.Equal(vector.Has("seek"), proof.Seek is not null);
        Assert.Equal(vector.Has("upgrade"), proof.Upgrade is not null);
        if (proof.Block is { } block)
            Assert.Equal(vector.GetProperty("block").Nodes("nodes"), block.Nodes);
        if (proof.Hash is { } hash)
            Assert.Equal(vector.GetProperty("hash").Nodes("nodes"), hash.Nodes);
        if (proof.Seek is { } seek)
            Assert.Equal(vector.GetProperty("seek").Nodes("nodes"), seek.Nodes);
        if (proof.Upgrade is not { } upgrade)
            return;
        Assert.Equal(vector.GetProperty("upgrade").Nodes("nodes"), upgrade.Nodes);
        Assert.Equal(vector.GetProperty("upgrade").Nodes("additionalNodes"), upgrade.AdditionalNodes);
        Assert.Equal(vector.GetProperty("upgrade").Bytes("signature"), upgrade.Signature.ToArray());
    }

    private static ProofRequest Request(JsonElement vector)
    {
        JsonElement request = vector.GetProperty("request");
        return new ProofRequest(
            request.Has("block") ? Target(request.GetProperty("block")) : null,
            request.Has("hash") ? Target(request.GetProperty("hash")) : null,
            request.Has("seek")
                ? new SeekTarget(request.GetProperty("seek").Number("bytes"), request.GetProperty("seek").Number("padding"))
                : null,
            request.Has("upgrade")
                ? new UpgradeTarget(request.GetProperty("upgrade").Number("start"), request.GetProperty("upgrade").Number("length"))
                : null);
    }

    private static NodeTarget Target(JsonElement element) => new(element.Number("index"), element.Number("nodes"));

    private static MerkleProof Proof(JsonElement vector)
    {
        JsonElement block = vector.GetProperty("block"), hash = vector.GetProperty("hash");
        JsonElement seek = vector.GetProperty("seek"), upgrade = vector.GetProperty("upgrade");
        return new MerkleProof(
            vector.Number("fork"),
            vector.Has("block") ? new BlockProof(block.Number("index"), block.Bytes("value"), block.Nodes("nodes")) : null,
            vector.Has("hash") ? new HashProof(hash.Number("index"), hash.Nodes("nodes")) : null,
            vector.Has("seek") ? new SeekProof(seek.Number("bytes"), seek.Nodes("nodes")) : null,
            vector.Has("upgrade")
                ? new UpgradeProof(
                    upgrade.Number("start"),
                    upgrade.Number("length"),
                    upgrade.Nodes("nodes"),
                    upgrade.Nodes("additionalNodes"),
                    upgrade.Bytes("signature"))
                : null);
    }

    private sealed class Reader(SampleTree sample, long length) : IMerkleNodes
    {
        public bool TryGet(long index, out MerkleNode node)
        {
            node = default;
            return Hyper.Protocol.Hypercore.FlatTree.FlatTreeIndex.RightSpan(index) < 2 * length && sample.TryGet(index, out node);
        }
    }
}

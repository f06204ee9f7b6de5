using System.Text.Json;
using AuctionActors.Protocol.Tests.Hypercore.Merkle;
using CsCheck;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Manifests;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Protocol.Tests.Hypercore.Manifests;

public sealed class ManifestTests
{
    [Fact]
    public void Manifests_of_every_version_encode_and_hash_as_upstream()
    {
        int count = 0;
        foreach (JsonElement vector in HypercoreVectors.Root.GetProperty("manifests").EnumerateArray())
        {
            Manifest manifest = HypercoreVectors.Manifest(vector.Bytes("encoded"));
            Assert.Equal(vector.Bytes("encoded"), manifest.Encode());
            Assert.Equal(vector.Number("version"), manifest.Version);
            Assert.Equal(vector.Number("quorum"), manifest.Quorum);
            Assert.Equal(vector.GetProperty("allowPatch").GetBoolean(), manifest.AllowPatch);
            Assert.Equal(vector.Has("prologue"), manifest.Prologue is not null);
            Assert.Equal(vector.Hash("key"), manifest.ToKey().Value);
            Assert.True(manifest.Matches(new CoreKey(vector.Hash("key"))));
            if (vector.Has("discoveryKey"))
                Assert.Equal(vector.Hash("discoveryKey"), manifest.ToKey().ToDiscoveryKey().Value);
            count++;
        }

        Assert.Equal(13, count);
    }

    [Fact]
    public void A_version_0_signature_is_bound_to_the_signers_namespace()
    {
        JsonElement vector = HypercoreVectors.Root.GetProperty("v0Signature");
        TreeVerifier verifier = new(new CoreKey(vector.Hash("key")), HypercoreVectors.Manifest(vector.Bytes("manifest")));
        MerkleBatch batch = new(new SampleTree().Shortened(vector.Number("length")));
        Assert.Equal(vector.Bytes("signable"), verifier.Signable(verifier.Manifest.Signers[0], batch));
        Assert.True(verifier.Verify(batch, vector.Bytes("signature")));
    }

    [Fact]
    public void Upstream_multi_signatures_verify()
    {
        int count = 0;
        foreach (JsonElement vector in HypercoreVectors.Root.GetProperty("multisig").EnumerateArray())
        {
            Manifest manifest = HypercoreVectors.Manifest(vector.Bytes("manifest"));
            TreeVerifier verifier = new(new CoreKey(vector.Hash("key")), manifest);
            byte[] assembled = vector.Bytes("assembled");
            MerkleBatch batch = new(new SampleTree().Shortened(5));
            Assert.True(verifier.Verify(batch, assembled), vector.GetProperty("name").GetString());
            Assert.False(verifier.Verify(new MerkleBatch(new SampleTree().Shortened(6)), assembled));
            Assert.False(verifier.Verify(batch, assembled.AsSpan(0, assembled.Length / 2)));
            if (manifest.Version > 0)
            {
                Assert.True(MultiSignature.TryDecode(assembled, out MultiSignature decoded));
                Assert.Equal(assembled, decoded.Encode());
            }

            count++;
        }

        Assert.Equal(3, count);
    }

    [Fact]
    public void One_signer_cannot_fill_a_quorum_of_two()
    {
        JsonElement vector = HypercoreVectors.Root.GetProperty("multisig")[1];
        TreeVerifier verifier = new(new CoreKey(vector.Hash("key")), HypercoreVectors.Manifest(vector.Bytes("manifest")));
        Assert.True(MultiSignature.TryDecode(vector.Bytes("assembled"), out MultiSignature decoded));
        MultiSignature repeated = decoded with { Proofs = [decoded.Proofs[0], decoded.Proofs[0]] };
        Assert.False(verifier.Verify(new MerkleBatch(new SampleTree().Shortened(5)), repeated.Encode()));
    }

    [Fact]
    public void A_static_prologue_needs_no_signature_and_allows_nothing_else()
    {
        SampleTree sample = new();
        Manifest manifest = new() { Prologue = new Prologue(sample.Tree.Hash, sample.Tree.Length) };
        TreeVerifier verifier = new(manifest.ToKey(), manifest);
        Assert.True(verifier.Verify(new MerkleBatch(sample.Tree), []));
        Assert.False(verifier.Verify(new MerkleBatch(sample.Shortened(12)), sample.Tree.Signature.Span));
    }

    [Fact]
    public void Decoders_are_total_on_random_bytes()
        => Gen.Byte.Array[0, 200].Sample(bytes =>
        {
            CompactReader reader = new(bytes);
            _ = Manifest.TryDecode(ref reader, out _);
            _ = MultiSignature.TryDecode(bytes, out _);
            _ = MultiSignature.TryDecodeFirst(bytes, out _);
            CompactReader nodes = new(bytes);
            _ = MerkleNode.TryDecodeList(ref nodes, out _);
            return true;
        });
}

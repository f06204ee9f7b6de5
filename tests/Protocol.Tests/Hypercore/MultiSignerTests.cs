using AuctionActors.Protocol.Tests.Hypercore.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Manifests;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Protocol.Tests.Hypercore;

public sealed class MultiSignerTests
{
    private static readonly KeyPair[] s_signers
        = [.. Enumerable.Range(1, 3).Select(i => KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)i, 32)])))];

    private static readonly Manifest s_manifest = new()
    {
        Quorum = 2,
        Signers = [.. s_signers.Select(pair => new ManifestSigner(CoreNamespace.DefaultSigner, pair.PublicKey))],
    };

    private readonly MemoryCoreFiles _files = new();

    [Fact]
    public void Blocks_are_appended_when_enough_signers_have_signed()
    {
        HypercoreMachine core = HypercoreMachine.Create(_files, CoreIdentity.ForManifest(s_manifest), new HypercoreOptions());
        ReadOnlyMemory<byte>[] blocks = [new byte[] { 1 }, new byte[] { 2 }];
        byte[] signature = Sign(core, core.Preview(blocks), 2, 0);
        core.Append(blocks, signature);
        Assert.Contains(_files.Run(core), effect => effect is Appended);
        Assert.Equal(2, HypercoreMachine.Open(_files, new HypercoreOptions()).Tree.Length);
    }

    [Fact]
    public void Too_few_signers_or_the_same_one_twice_are_refused()
    {
        HypercoreMachine core = HypercoreMachine.Create(_files, CoreIdentity.ForManifest(s_manifest, s_signers[0]), new HypercoreOptions());
        ReadOnlyMemory<byte>[] blocks = [new byte[] { 1 }];
        MerkleTree preview = core.Preview(blocks);
        core.Append(blocks);
        core.Append(blocks, Sign(core, preview, 1));
        core.Append(blocks, Sign(core, preview, 1, 1));
        core.Append([new byte[] { 9 }], Sign(core, preview, 1, 2));
        Assert.Equal(4, _files.Run(core).Count(effect => effect is OrderFailed { Failure: CoreFailure.NotWritable }));
        Assert.Equal(0, core.Tree.Length);
    }

    private static byte[] Sign(HypercoreMachine core, MerkleTree tree, params int[] signers)
    {
        TreeVerifier verifier = new(core.Key, s_manifest);
        MerkleBatch batch = new(tree);
        return new MultiSignature(
            [.. signers.Select(i => new SignerProof(i, Ed25519.Sign(s_signers[i], verifier.Signable(s_manifest.Signers[i], batch)), 0))],
            []).Encode();
    }
}

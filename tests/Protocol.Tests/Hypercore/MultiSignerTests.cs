using AuctionActors.Protocol.Tests.Hypercore.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Drafts;
using Hyper.Protocol.Hypercore.Manifests;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Protocol.Tests.Hypercore;

public sealed class MultiSignerTests
{
    internal static readonly KeyPair[] Signers
        = [.. Enumerable.Range(1, 3).Select(i => KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)i, 32)])))];

    internal static readonly Manifest TwoOfThree = new()
    {
        Quorum = 2,
        Signers = [.. Signers.Select(pair => new ManifestSigner(CoreNamespace.DefaultSigner, pair.PublicKey))],
    };

    private readonly MemoryCoreFiles _files = new();

    [Fact]
    public void Blocks_are_appended_when_enough_signers_have_signed()
    {
        HypercoreMachine core = HypercoreMachine.Create(_files, CoreIdentity.ForManifest(TwoOfThree), new HypercoreOptions());
        ReadOnlyMemory<byte>[] blocks = [new byte[] { 1 }, new byte[] { 2 }];
        byte[] signature = Sign(core, core.Preview(blocks), 2, 0);
        core.Append(blocks, signature);
        Assert.Contains(_files.Run(core), effect => effect is Appended);
        Assert.Equal(2, HypercoreMachine.Open(_files, new HypercoreOptions()).Tree.Length);
    }

    [Fact]
    public void Too_few_signers_or_the_same_one_twice_are_refused()
    {
        HypercoreMachine core = HypercoreMachine.Create(_files, CoreIdentity.ForManifest(TwoOfThree, Signers[0]), new HypercoreOptions());
        ReadOnlyMemory<byte>[] blocks = [new byte[] { 1 }];
        MerkleTree preview = core.Preview(blocks);
        core.Append(blocks);
        core.Append(blocks, Sign(core, preview, 1));
        core.Append(blocks, Sign(core, preview, 1, 1));
        core.Append([new byte[] { 9 }], Sign(core, preview, 1, 2));
        Assert.Equal(4, _files.Run(core).Count(effect => effect is OrderFailed { Failure: CoreFailure.NotWritable }));
        Assert.Equal(0, core.Tree.Length);
    }

    [Fact]
    public void A_core_is_cut_when_enough_signers_have_signed_the_shorter_tree()
    {
        HypercoreMachine core = HypercoreMachine.Create(_files, CoreIdentity.ForManifest(TwoOfThree, Signers[0]), new HypercoreOptions());
        ReadOnlyMemory<byte>[] blocks = [new byte[] { 1 }, new byte[] { 2 }, new byte[] { 3 }];
        core.Append(blocks, Sign(core, core.Preview(blocks), 1, 2));
        _files.Run(core);
        MerkleTree cut = core.PreviewCut(2)!;
        Assert.Equal((1, 2), (cut.Fork, cut.Length));

        core.Truncate(2);
        core.Truncate(2, signature: Sign(core, cut, 1));
        core.Truncate(2, fork: 7, signature: Sign(core, cut, 1, 2));
        core.Truncate(1, signature: Sign(core, cut, 1, 2));
        Assert.Equal(4, _files.Run(core).Count(effect => effect is OrderFailed { Failure: CoreFailure.NotWritable }));
        Assert.Equal((0, 3), (core.Tree.Fork, core.Tree.Length));

        core.Truncate(2, signature: Sign(core, cut, 2, 0));
        Assert.Contains(_files.Run(core), effect => effect is Truncated { OldLength: 3, Ancestors: 2 });
        HypercoreMachine reopened = HypercoreMachine.Open(_files, new HypercoreOptions());
        Assert.Equal((1, 2), (reopened.Tree.Fork, reopened.Tree.Length));
        Assert.Null(CoreAudit.FindFault(reopened));
    }

    [Fact]
    public void A_signer_that_has_signed_further_ahead_counts_where_patches_are_allowed()
    {
        ReadOnlyMemory<byte>[] blocks = [new byte[] { 1 }, new byte[] { 2 }, new byte[] { 3 }, new byte[] { 4 }, new byte[] { 5 }];
        Assert.Contains(AppendPatched(TwoOfThree with { AllowPatch = true }, blocks), effect => effect is Appended { Tree.Length: 3 });
        Assert.Contains(AppendPatched(TwoOfThree, blocks), effect => effect is OrderFailed { Failure: CoreFailure.NotWritable });
    }

    [Fact]
    public void Kept_blocks_are_signed_by_several_later_and_after_a_restart()
    {
        CoreIdentity identity = CoreIdentity.ForManifest(TwoOfThree, Signers[0]);
        HypercoreMachine core = HypercoreMachine.Create(_files, identity, new HypercoreOptions());
        CoreDraft draft = core.BeginDraft()!;
        draft.Append(new byte[] { 1 }, new byte[] { 2 });
        core.Keep(draft);
        _files.Run(core);
        Assert.Equal((0, 2), (core.Tree.Length, core.PendingLength));

        core = HypercoreMachine.Open(_files, new HypercoreOptions());
        core.Append([new byte[] { 9 }], Sign(core, core.Preview([new byte[] { 9 }]), 0, 1));
        Assert.Single(_files.Run(core).OfType<OrderFailed>());
        draft = core.BeginDraft(DraftStart.Restored)!;
        core.Flush(draft, signature: Sign(core, draft.Preview(), 0));
        Assert.Single(_files.Run(core).OfType<OrderFailed>());
        core.Flush(draft, signature: Sign(core, draft.Preview(), 0, 2));
        Assert.Contains(_files.Run(core), effect => effect is BlocksAvailable { Start: 0, Count: 2 });
        Assert.True(core.TryRead(1, out ReadOnlyMemory<byte> block));
        Assert.Equal([2], block.ToArray());
        Assert.Null(CoreAudit.FindFault(core));
    }

    // One of two signers has signed two blocks more than the other.
    private static List<CoreEffect> AppendPatched(Manifest manifest, ReadOnlyMemory<byte>[] blocks)
    {
        MemoryCoreFiles files = new();
        HypercoreMachine core = HypercoreMachine.Create(files, CoreIdentity.ForManifest(manifest), new HypercoreOptions());
        files.Run(core);
        MerkleBatch agreed = new(core.Preview(blocks[..3])), ahead = new(core.Preview(blocks));
        TreeVerifier verifier = new(core.Key, manifest);
        SignerProof one = new(0, Ed25519.Sign(Signers[0], verifier.Signable(manifest.Signers[0], agreed)), 0);
        SignerProof two = new(1, Ed25519.Sign(Signers[1], verifier.Signable(manifest.Signers[1], ahead)), 2);
        MerkleBatch grown = new(MerkleTree.Empty);
        foreach (ReadOnlyMemory<byte> block in blocks)
            grown.Append(block.Span);
        Dictionary<long, MerkleNode> nodes = grown.Nodes.ToDictionary(node => node.Index);
        MerkleNode[] patch = [nodes[6], nodes[8]];
        core.Append(blocks[..3], new MultiSignature([one, two], patch).Encode());
        return [.. files.Run(core)];
    }

    private static byte[] Sign(HypercoreMachine core, MerkleTree tree, params int[] signers) => SignFor(core, TwoOfThree, tree, signers);

    internal static byte[] SignFor(HypercoreMachine core, Manifest manifest, MerkleTree tree, params int[] signers)
    {
        TreeVerifier verifier = new(core.Key, manifest);
        MerkleBatch batch = new(tree);
        return new MultiSignature(
            [.. signers.Select(i => new SignerProof(i, Ed25519.Sign(Signers[i], verifier.Signable(manifest.Signers[i], batch)), 0))],
            []).Encode();
    }
}

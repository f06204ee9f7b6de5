using AuctionActors.Protocol.Tests.Hypercore.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Manifests;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Protocol.Tests.Hypercore;

/// <summary>Cores that several must sign, appended to wherever the signatures are, and what must stand at their beginning.</summary>
public sealed class SignerReplicaTests
{
    private static readonly Manifest s_manifest = MultiSignerTests.TwoOfThree;

    [Fact]
    public void Replicas_take_turns_in_appending_what_two_of_three_have_signed()
    {
        Random random = new(11);
        HypercoreMachine[] replicas = [Open(s_manifest), Open(s_manifest)];
        for (int turn = 0; replicas[0].Tree.Length < 255; turn++)
        {
            HypercoreMachine one = replicas[random.Next(2)], other = one == replicas[0] ? replicas[1] : replicas[0];
            int start = (int)one.Tree.Length, count = Math.Min(random.Next(1, 5), 255 - start);
            ReadOnlyMemory<byte>[] blocks = Blocks(start, count);
            int first = random.Next(3);
            one.Append(blocks, MultiSignerTests.SignFor(one, s_manifest, one.Preview(blocks), first, (first + 1 + random.Next(2)) % 3));
            Assert.Contains(Run(one), effect => effect is Appended);
            Follow(one, other);
            Assert.Equal(one.Tree.Hash, other.Tree.Hash);
        }
    }

    [Fact]
    public void A_replica_takes_from_another_what_others_have_signed_beyond_its_own_blocks()
    {
        HypercoreMachine shorter = Open(s_manifest), longer = Open(s_manifest);
        Append(shorter, s_manifest, Blocks(0, 2), 1, 0);
        Append(longer, s_manifest, Blocks(0, 3), 2, 0);
        Follow(longer, shorter);
        Assert.Equal((3, longer.Tree.Hash), (shorter.Tree.Length, shorter.Tree.Hash));
    }

    [Fact]
    public void What_was_signed_as_a_whole_is_not_appended_in_parts()
    {
        HypercoreMachine core = Open(s_manifest);
        byte[] signature = MultiSignerTests.SignFor(core, s_manifest, core.Preview(Blocks(0, 4)), 0, 1);
        core.Append(Blocks(0, 2), signature);
        Assert.IsType<OrderFailed>(Assert.Single(Run(core)));
        core.Append(Blocks(0, 4), signature);
        Assert.Contains(Run(core), effect => effect is Appended { Tree.Length: 4 });
    }

    [Fact]
    public void A_signer_that_is_thousands_of_blocks_ahead_still_counts()
    {
        Manifest manifest = s_manifest with { AllowPatch = true };
        HypercoreMachine core = Open(manifest), reader = Open(manifest);
        TreeVerifier verifier = new(core.Key, manifest);
        const int Ahead = 10_000;
        MerkleBatch grown = new(MerkleTree.Empty);
        grown.Append(Blocks(0, Ahead));
        Dictionary<long, MerkleNode> nodes = grown.Nodes.ToDictionary(node => node.Index);
        foreach (int length in (int[])[1, 1000])
        {
            ReadOnlyMemory<byte>[] blocks = Blocks((int)core.Tree.Length, length - (int)core.Tree.Length);
            byte[] near = Ed25519.Sign(MultiSignerTests.Signers[1], verifier.Signable(manifest.Signers[1], new MerkleBatch(core.Preview(blocks))));
            byte[] far = Ed25519.Sign(MultiSignerTests.Signers[0], verifier.Signable(manifest.Signers[0], grown));
            MerkleNode[] patch = [.. FlatTreeIndex.Path(length, Ahead).Select(index => nodes[index])];
            core.Append(blocks, new MultiSignature([new SignerProof(0, far, Ahead - length), new SignerProof(1, near, 0)], patch).Encode());
            Assert.Contains(Run(core), effect => effect is Appended);
            Follow(core, reader);
            Assert.Equal(length, reader.Tree.Length);
        }
    }

    [Fact]
    public void The_blocks_of_a_prologue_are_appended_together_are_never_cut_and_can_be_proven_alone()
    {
        MerkleBatch start = new(MerkleTree.Empty);
        start.Append(Blocks(0, 4));
        Manifest manifest = s_manifest with { Prologue = new Prologue(start.TreeHash, 4) };
        HypercoreMachine core = Open(manifest), reader = Open(manifest);
        core.Append(Blocks(0, 2), MultiSignerTests.SignFor(core, manifest, core.Preview(Blocks(0, 2)), 0, 1));
        core.Append(Blocks(1, 4));
        Assert.Equal(2, Run(core).OfType<OrderFailed>().Count());
        core.Append(Blocks(0, 4));
        Assert.Contains(Run(core), effect => effect is Appended { Tree: { Length: 4, Signature.IsEmpty: true } });
        Follow(core, reader);
        Append(core, manifest, Blocks(4, 1), 2, 1);
        core.Truncate(2, signature: MultiSignerTests.SignFor(core, manifest, core.PreviewCut(2)!, 0, 1));
        Assert.Equal(CoreFailure.OutOfRange, Assert.IsType<OrderFailed>(Assert.Single(Run(core))).Failure);

        HypercoreMachine late = Open(manifest);
        foreach (HypercoreMachine one in (HypercoreMachine[])[reader, late])
        {
            Follow(core, one);
            Assert.Equal((5, core.Tree.Hash), (one.Tree.Length, one.Tree.Hash));
            Assert.True(one.TryProve(new ProofRequest(Upgrade: new UpgradeTarget(0, 4)), out MerkleProof proof, out _));
            Assert.Equal(ProofOutcome.Accepted, Open(manifest).Accept(proof));
        }
    }

    [Fact]
    public void A_signature_that_is_none_appends_and_cuts_nothing()
    {
        Manifest manifest = Manifest.ForSigner(MultiSignerTests.Signers[0].PublicKey);
        HypercoreMachine core = Create(CoreIdentity.ForManifest(manifest, MultiSignerTests.Signers[0]));
        core.Append(Blocks(0, 1), new byte[32]);
        core.Append(Blocks(0, 2));
        core.Truncate(1, signature: new byte[32]);
        core.Truncate(1, signature: new byte[66]);
        Assert.Equal(3, Run(core).OfType<OrderFailed>().Count());
        Assert.Equal((0, 2), (core.Tree.Fork, core.Tree.Length));
    }

    [Fact]
    public void No_core_is_made_from_a_manifest_that_nobody_could_satisfy_or_that_its_version_cannot_hold()
    {
        Manifest one = Manifest.ForSigner(MultiSignerTests.Signers[0].PublicKey);
        Manifest[] impossible =
        [
            one with { Quorum = 2 }, one with { Quorum = -1 }, one with { Version = 4 }, one with { UserData = new byte[] { 1 } },
            one with { Linked = [new CoreKey(Bytes32.Zero)] }, one with { Prologue = new Prologue(default, -1) },
        ];
        Assert.All(impossible, manifest => Assert.Throws<ArgumentException>(() => CoreIdentity.ForManifest(manifest)));
        Manifest whole = one with { Version = 2, UserData = new byte[] { 1 }, Linked = [new CoreKey(Bytes32.Zero)], Quorum = 0 };
        Assert.Equal(whole, CoreIdentity.ForManifest(whole).Manifest);
    }

    [Fact]
    public void A_manifest_with_another_kind_of_hash_or_signature_is_refused()
    {
        byte[] encoded = Manifest.ForSigner(MultiSignerTests.Signers[0].PublicKey).Encode();
        Assert.True(CanRead(encoded));
        foreach (int at in (int[])[0, 2, 5])
        {
            byte[] changed = [.. encoded];
            changed[at] += 4;
            Assert.False(CanRead(changed));
        }

        static bool CanRead(byte[] bytes)
        {
            CompactReader reader = new(bytes);
            return Manifest.TryDecode(ref reader, out _);
        }
    }

    [Fact]
    public void Growth_can_be_proven_from_the_lengths_whose_roots_are_stored()
    {
        Manifest manifest = Manifest.ForSigner(MultiSignerTests.Signers[0].PublicKey);
        HypercoreMachine core = Create(CoreIdentity.ForManifest(manifest, MultiSignerTests.Signers[0])), copy = Open(manifest);
        core.Append(Blocks(0, 5));
        Run(core);
        Follow(core, copy);
        Assert.Equal([true, true, true, true, true, true, false], Enumerable.Range(0, 7).Select(length => core.HasRoots(length)));
        Assert.Equal([true, false, false, false, true, true, false], Enumerable.Range(0, 7).Select(length => copy.HasRoots(length)));
    }

    private static HypercoreMachine Open(Manifest manifest) => Create(CoreIdentity.ForManifest(manifest));

    private static HypercoreMachine Create(CoreIdentity identity)
    {
        HypercoreMachine core = HypercoreMachine.Create(new MemoryCoreFiles(), identity, new HypercoreOptions());
        Run(core);
        return core;
    }

    private static void Append(HypercoreMachine core, Manifest manifest, ReadOnlyMemory<byte>[] blocks, params int[] signers)
    {
        core.Append(blocks, MultiSignerTests.SignFor(core, manifest, core.Preview(blocks), signers));
        Assert.Contains(Run(core), effect => effect is Appended);
    }

    private static void Follow(HypercoreMachine source, HypercoreMachine copy)
    {
        UpgradeTarget target = new(copy.Tree.Length, source.Tree.Length - copy.Tree.Length);
        Assert.True(source.TryProve(new ProofRequest(Upgrade: target), out MerkleProof proof, out _));
        Assert.Equal(ProofOutcome.Accepted, copy.Accept(proof));
        Run(copy);
    }

    // Nobody opens these files again, so nothing has to be in them.
    private static List<CoreEffect> Run(HypercoreMachine core)
    {
        List<CoreEffect> reports = [];
        while (core.TryTake(out CoreEffect effect))
        {
            if (effect is Persist persist)
                core.HandlePersisted(persist.Id);
            else
                reports.Add(effect);
        }

        return reports;
    }

    private static ReadOnlyMemory<byte>[] Blocks(int start, int count)
        => [.. Enumerable.Range(start, count).Select(i => (ReadOnlyMemory<byte>)BitConverter.GetBytes(i))];
}

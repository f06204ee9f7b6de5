using System.Text;
using AuctionActors.Protocol.Tests.Hypercore.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Manifests;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Protocol.Tests.Hypercore;

/// <summary>Every proof that a peer could have tampered with: whatever it sends, nothing wrong is stored and nothing is thrown.</summary>
public sealed class HostileProofTests
{
    private const int Length = 21;
    private static readonly KeyPair s_keyPair = KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)3, 32)]));
    private readonly HypercoreMachine _writer = NewWriter(Length);

    public static TheoryData<string> Shapes => [.. Requests.Keys];

    private static Dictionary<string, ProofRequest> Requests { get; } = new()
    {
        ["block"] = new ProofRequest(Block: new NodeTarget(2, 3)),
        ["hash"] = new ProofRequest(Hash: new NodeTarget(4, 3)),
        ["hash of a parent"] = new ProofRequest(Hash: new NodeTarget(5, 2)),
        ["hash and seek"] = new ProofRequest(Hash: new NodeTarget(0, 4), Seek: new SeekTarget(60, 0)),
        ["block and seek"] = new ProofRequest(Block: new NodeTarget(1, 4), Seek: new SeekTarget(60, 0)),
        ["upgrade"] = new ProofRequest(Upgrade: new UpgradeTarget(16, 5)),
        ["part of an upgrade"] = new ProofRequest(Upgrade: new UpgradeTarget(16, 2)),
        ["block and upgrade"] = new ProofRequest(Block: new NodeTarget(18, 0), Upgrade: new UpgradeTarget(16, 5)),
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Nothing_that_was_changed_in_a_proof_is_stored(string shape)
    {
        Assert.True(_writer.TryProve(Requests[shape], out MerkleProof honest, out _));
        Assert.Equal(ProofOutcome.Accepted, NewReader().Accept(honest));
        int tried = 0;
        foreach (MerkleProof changed in Changes(honest))
        {
            HypercoreMachine reader = NewReader();
            reader.Accept(changed);
            AssertTruthful(reader);
            tried++;
        }

        Assert.True(tried > 20, $"{tried} proofs");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Sizes_that_were_shifted_between_any_two_nodes_of_an_upgrade_are_not_stored(long fork)
    {
        MemoryCoreFiles files = new();
        HypercoreMachine writer = NewWriter(Length, files);
        if (fork > 0)
            writer.Truncate(Length, fork);
        files.Run(writer);
        int accepted = 0;
        for (long to = 1; to < Length; to++)
        {
            Assert.True(writer.TryProve(new ProofRequest(Upgrade: new UpgradeTarget(0, to)), out MerkleProof honest, out _));
            foreach (UpgradeProof upgrade in ShiftsOf(honest.Upgrade!))
            {
                HypercoreMachine reader = fork == 0 ? ReaderOf(writer.Manifest!) : NewReader();
                accepted += reader.Accept(honest with { Upgrade = upgrade, Manifest = writer.Manifest }) == ProofOutcome.Accepted ? 1 : 0;
                for (long index = 0; index < 2 * Length; index++)
                    Assert.True(!reader.TryGet(index, out MerkleNode node) || (writer.TryGet(index, out MerkleNode own) && own == node), $"{to}: node {index}");
            }
        }

        Assert.True(accepted > 0);
    }

    [Fact]
    public void An_older_shorter_tree_never_shrinks_the_core()
    {
        HypercoreMachine reader = NewReader(Length);
        Assert.True(NewWriter(9).TryProve(new ProofRequest(Upgrade: new UpgradeTarget(0, 9)), out MerkleProof old, out _));
        Assert.NotEqual(ProofOutcome.Accepted, reader.Accept(old));
        Assert.Equal(Length, reader.Accepted.Length);
        Assert.Equal(ConflictVerdict.SameHistory, reader.CheckConflict(old));
    }

    [Fact]
    public void A_higher_fork_without_its_signature_begins_nothing()
    {
        HypercoreMachine reader = NewReader();
        Assert.True(_writer.TryProve(new ProofRequest(Upgrade: new UpgradeTarget(0, Length)), out MerkleProof proof, out _));
        Assert.Equal(ProofOutcome.BadSignature, reader.Accept(proof with { Fork = 5 }));
        Assert.Null(reader.Wanted);
        Assert.Equal(0, reader.Accepted.Fork);
    }

    [Fact]
    public void A_manifest_that_is_not_the_key_s_and_impossible_quorums_are_refused()
    {
        Assert.True(_writer.TryProve(new ProofRequest(Upgrade: new UpgradeTarget(0, Length)), out MerkleProof proof, out _));
        MemoryCoreFiles files = new();
        HypercoreMachine stranger = HypercoreMachine.Create(files, CoreIdentity.ForReader(_writer.Key), HypercoreOptions.AsUpstream);
        KeyPair other = KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)4, 32)]));
        Assert.Equal(ProofOutcome.BadSignature, stranger.Accept(proof with { Manifest = Manifest.ForSigner(other.PublicKey) }));
        foreach (long quorum in (long[])[0, 2, long.MaxValue])
        {
            Manifest manifest = Manifest.ForSigner(s_keyPair.PublicKey) with { Quorum = quorum };
            HypercoreMachine reader = HypercoreMachine.Create(new MemoryCoreFiles(), CoreIdentity.ForReader(manifest.ToKey()), new HypercoreOptions());
            Assert.Equal(ProofOutcome.BadSignature, reader.Accept(proof with { Manifest = manifest }));
        }
    }

    [Fact]
    public void A_key_of_small_order_signs_nothing()
    {
        CoreKey weak = new(new Bytes32([1, .. new byte[31]]));
        HypercoreMachine reader = HypercoreMachine.Create(new MemoryCoreFiles(), CoreIdentity.ForReader(weak), new HypercoreOptions());
        Assert.True(_writer.TryProve(new ProofRequest(Upgrade: new UpgradeTarget(0, Length)), out MerkleProof proof, out _));
        foreach (byte[] signature in (byte[][])[new byte[64], [1, .. new byte[63]], [], new byte[63]])
            Assert.Equal(ProofOutcome.BadSignature, reader.Accept(proof with { Upgrade = proof.Upgrade! with { Signature = signature } }));
    }

    [Fact]
    public void A_prologue_takes_exactly_its_own_blocks_without_a_signature()
    {
        MerkleTree tree = _writer.Tree;
        Manifest manifest = new() { Prologue = new Prologue(tree.Hash, Length) };
        Assert.True(_writer.TryProve(new ProofRequest(Upgrade: new UpgradeTarget(0, Length)), out MerkleProof whole, out _));
        Assert.True(NewWriter(9).TryProve(new ProofRequest(Upgrade: new UpgradeTarget(0, 9)), out MerkleProof part, out _));
        Assert.True(NewWriter(30).TryProve(new ProofRequest(Upgrade: new UpgradeTarget(0, 30)), out MerkleProof more, out _));
        foreach (MerkleProof wrong in (MerkleProof[])[part, more])
            Assert.NotEqual(ProofOutcome.Accepted, ReaderOf(manifest).Accept(wrong with { Manifest = manifest }));
        UpgradeProof unsigned = whole.Upgrade! with { Signature = default };
        Assert.Equal(ProofOutcome.Accepted, ReaderOf(manifest).Accept(whole with { Manifest = manifest, Upgrade = unsigned }));
    }

    private static HypercoreMachine ReaderOf(Manifest manifest)
        => HypercoreMachine.Create(new MemoryCoreFiles(), CoreIdentity.ForReader(manifest.ToKey()), new HypercoreOptions());

    private static IEnumerable<UpgradeProof> ShiftsOf(UpgradeProof upgrade)
    {
        MerkleNode[] nodes = [.. upgrade.Nodes, .. upgrade.AdditionalNodes];
        for (int i = 0; i < nodes.Length; i++)
        {
            for (int j = 0; j < nodes.Length; j++)
            {
                MerkleNode[] shifted = [.. nodes];
                shifted[i] = shifted[i] with { ByteLength = shifted[i].ByteLength + 3 };
                shifted[j] = shifted[j] with { ByteLength = shifted[j].ByteLength - 3 };
                yield return upgrade with { Nodes = shifted[..upgrade.Nodes.Count], AdditionalNodes = shifted[upgrade.Nodes.Count..] };
            }
        }
    }

    private static HypercoreMachine NewWriter(int length, MemoryCoreFiles? into = null)
    {
        MemoryCoreFiles files = into ?? new();
        HypercoreMachine writer = HypercoreMachine.Create(files, CoreIdentity.ForWriter(s_keyPair), HypercoreOptions.AsUpstream);
        writer.Append([.. Enumerable.Range(0, length).Select(i => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes($"block {i} {new string('x', i)}"))]);
        files.Run(writer);
        return writer;
    }

    /// <summary>A reader that knows the first 16 blocks' roots, and has block 9.</summary>
    private HypercoreMachine NewReader(int length = 16)
    {
        MemoryCoreFiles files = new();
        HypercoreMachine reader = HypercoreMachine.Create(files, CoreIdentity.ForReader(_writer.Key), HypercoreOptions.AsUpstream);
        HypercoreMachine source = length == Length ? _writer : NewWriter(length);
        Assert.True(source.TryProve(new ProofRequest(Upgrade: new UpgradeTarget(0, length)), out MerkleProof upgrade, out _));
        Assert.Equal(ProofOutcome.Accepted, reader.Accept(upgrade with { Manifest = _writer.Manifest }));
        Assert.True(source.TryProve(new ProofRequest(Block: new NodeTarget(9, 4)), out MerkleProof block, out _));
        Assert.Equal(ProofOutcome.Accepted, reader.Accept(block));
        files.Run(reader);
        return reader;
    }

    private void AssertTruthful(HypercoreMachine reader)
    {
        MerkleTree tree = reader.Accepted;
        Assert.True(tree.Length is 16 or Length);
        Assert.Equal(NewWriter((int)tree.Length).Tree.Hash, tree.Hash);
        for (long index = 0; index < 2 * Length; index++)
            Assert.True(!reader.TryGet(index, out MerkleNode node) || (_writer.TryGet(index, out MerkleNode own) && own == node));
        for (long index = 0; index < Length; index++)
        {
            if (reader.TryReadStored(index, out ReadOnlyMemory<byte> block) && _writer.TryReadStored(index, out ReadOnlyMemory<byte> own))
                Assert.Equal(own.ToArray(), block.ToArray());
        }
    }

    private static IEnumerable<MerkleProof> Changes(MerkleProof proof)
    {
        foreach (MerkleNode[] nodes in ChangesOf(proof.Block?.Nodes))
            yield return proof with { Block = proof.Block! with { Nodes = nodes } };
        foreach (MerkleNode[] nodes in ChangesOf(proof.Hash?.Nodes))
            yield return proof with { Hash = proof.Hash! with { Nodes = nodes } };
        foreach (MerkleNode[] nodes in ChangesOf(proof.Seek?.Nodes))
            yield return proof with { Seek = proof.Seek! with { Nodes = nodes } };
        foreach (MerkleNode[] nodes in ChangesOf(proof.Upgrade?.Nodes))
            yield return proof with { Upgrade = proof.Upgrade! with { Nodes = nodes } };
        foreach (MerkleNode[] nodes in ChangesOf(proof.Upgrade?.AdditionalNodes))
            yield return proof with { Upgrade = proof.Upgrade! with { AdditionalNodes = nodes } };
        foreach (long odd in (long[])[0, 1, 17, 40, long.MaxValue / 2, long.MaxValue])
        {
            if (proof.Block is { } block)
            {
                yield return proof with { Block = block with { Index = odd } };
                yield return proof with { Block = block with { Value = new byte[odd % 64] } };
            }

            if (proof.Hash is { } hash)
                yield return proof with { Hash = hash with { Index = odd } };
            if (proof.Upgrade is { } upgrade)
            {
                yield return proof with { Upgrade = upgrade with { Start = odd } };
                yield return proof with { Upgrade = upgrade with { Length = odd } };
            }
        }
    }

    private static IEnumerable<MerkleNode[]> ChangesOf(IReadOnlyList<MerkleNode>? nodes)
    {
        for (int i = 0; nodes is not null && i < nodes.Count; i++)
        {
            MerkleNode node = nodes[i];
            foreach (long size in (long[])[node.ByteLength + 1, node.ByteLength - 1, 0, -1, 1L << 53, long.MaxValue, long.MinValue])
                yield return [.. nodes.Take(i), node with { ByteLength = size }, .. nodes.Skip(i + 1)];
            foreach (long index in (long[])[node.Index + 1, node.Index + 2, 0, -1, 1L << 53, long.MaxValue])
                yield return [.. nodes.Take(i), node with { Index = index }, .. nodes.Skip(i + 1)];
            yield return [.. nodes.Take(i), node with { Hash = default }, .. nodes.Skip(i + 1)];
            yield return [.. nodes.Take(i), .. nodes.Skip(i + 1)];
            yield return [.. nodes.Take(i), node, .. nodes.Skip(i)];
            for (int j = 0; j < i; j++)
            {
                MerkleNode[] shifted = [.. nodes];
                shifted[i] = shifted[i] with { ByteLength = shifted[i].ByteLength + 3 };
                shifted[j] = shifted[j] with { ByteLength = shifted[j].ByteLength - 3 };
                yield return shifted;
            }
        }
    }
}

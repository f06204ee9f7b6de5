using System.Text;
using AuctionActors.Protocol.Tests.Hypercore.Files;
using CsCheck;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Protocol.Tests.Hypercore;

public sealed class ReaderTests
{
    private static readonly KeyPair s_keyPair = KeyPair.FromSeed(new Bytes32(Enumerable.Repeat((byte)6, 32).ToArray()));

    // Seldom enough that the header is not written between changes that are taken together.
    private static readonly HypercoreOptions s_rarely = HypercoreOptions.AsUpstream with { CheckpointEvery = 0, MaxOplogBytes = 1 << 20 };

    private readonly MemoryCoreFiles _writerFiles = new();
    private readonly MemoryCoreFiles _readerFiles = new();

    [Fact]
    public void A_reader_that_fetches_in_any_order_ends_with_the_same_core()
        => Gen.Select(Gen.Int[1, 40], Gen.Int[0, int.MaxValue]).Sample((length, seed) =>
        {
            MemoryCoreFiles writerFiles = new(), readerFiles = new();
            HypercoreMachine writer = NewWriter(writerFiles, length);
            HypercoreMachine reader = NewReader(readerFiles, writer.Key);
            Random random = new(seed);
            Assert.Equal(ProofOutcome.Accepted, Fetch(writer, reader, new ProofRequest(Upgrade: new UpgradeTarget(0, length))));
            foreach (int block in Enumerable.Range(0, length).OrderBy(_ => random.Next()).ToArray())
            {
                NodeTarget target = new(block, reader.Accepted.CountMissingNodes(reader, 2 * block));
                Assert.Equal(ProofOutcome.Accepted, Fetch(writer, reader, new ProofRequest(Block: target)));
                readerFiles.Run(reader);
            }

            HypercoreMachine reopened = HypercoreMachine.Open(readerFiles, HypercoreOptions.AsUpstream);
            return CoreAudit.FindFault(reopened) is null && reopened.Tree.Hash == writer.Tree.Hash
                && reopened.ContiguousLength == length
                && readerFiles.Bytes(CoreFile.Data).AsSpan().SequenceEqual(writerFiles.Bytes(CoreFile.Data));
        }, iter: 60);

    [Fact]
    public void Proofs_taken_together_leave_the_same_bytes_with_fewer_writes()
        => Gen.Select(Gen.Int[1, 60], Gen.Int[0, int.MaxValue]).Sample((length, seed) =>
        {
            MemoryCoreFiles writerFiles = new(), singleFiles = new(), groupFiles = new();
            HypercoreMachine writer = NewWriter(writerFiles, length);
            HypercoreMachine single = NewReader(singleFiles, writer.Key, s_rarely), grouped = NewReader(groupFiles, writer.Key, s_rarely);
            Random random = new(seed);
            int[] order = [.. Enumerable.Range(0, length).OrderBy(block => block + random.Next(8))];
            foreach (int[] chunk in order.Chunk(random.Next(1, 20)))
            {
                grouped.BeginGroup();
                foreach (int block in chunk)
                {
                    UpgradeTarget? upgrade = single.Accepted.Length == 0 ? new UpgradeTarget(0, length) : null;
                    NodeTarget target = new(block, single.Accepted.CountMissingNodes(single, 2 * block));
                    ProofRequest request = new(Block: target, Upgrade: upgrade);
                    Assert.Equal(ProofOutcome.Accepted, Fetch(writer, single, request));
                    Assert.Equal(ProofOutcome.Accepted, Fetch(writer, grouped, request));
                }

                grouped.EndGroup();
                singleFiles.Run(single);
                groupFiles.Run(grouped);
            }

            Assert.Equal(length, grouped.ContiguousLength);
            Assert.True(groupFiles.Writes <= singleFiles.Writes);
            return singleFiles.Digest().OrderBy(file => file.Key).SequenceEqual(groupFiles.Digest().OrderBy(file => file.Key));
        }, iter: 60);

    [Fact]
    public void A_cut_core_is_followed_without_asking_when_only_the_end_is_gone()
    {
        HypercoreMachine writer = NewWriter(_writerFiles, 10);
        HypercoreMachine reader = Clone(writer, 10);
        writer.Truncate(6);
        _writerFiles.Run(writer);

        Assert.Equal(ProofOutcome.Accepted, Begin(writer, reader));
        Truncated cut = Assert.Single(_readerFiles.Run(reader).OfType<Truncated>());
        Assert.Equal((10, 6, 6), (cut.OldLength, cut.Ancestors, cut.Tree.Length));
        AssertSame(writer, reader);
    }

    [Theory]
    [InlineData(10, 6, 5)]
    [InlineData(10, 3, 20)]
    [InlineData(16, 0, 7)]
    [InlineData(5, 5, 1)]
    [InlineData(8, 8, 2)]
    [InlineData(1, 1, 19)]
    [InlineData(20, 5, 0)]
    [InlineData(120, 100, 250)]
    public void A_rewritten_core_is_followed_down_to_the_last_common_block(int length, int kept, int rewritten)
    {
        HypercoreMachine writer = NewWriter(_writerFiles, length);
        HypercoreMachine reader = Clone(writer, length);
        writer.Truncate(kept);
        writer.Append([.. Enumerable.Range(0, rewritten).Select(i => Text($"rewritten {i}"))]);
        _writerFiles.Run(writer);

        ProofOutcome outcome = Begin(writer, reader);
        while (reader.Wanted is { } wanted)
        {
            Assert.Equal(ProofOutcome.Incomplete, outcome);
            outcome = Fetch(writer, reader, new ProofRequest(Hash: new NodeTarget(2 * wanted.FirstBlock, wanted.Levels)));
        }

        Assert.Equal(ProofOutcome.Accepted, outcome);
        Assert.Equal(kept, Assert.Single(_readerFiles.Run(reader).OfType<Truncated>()).Ancestors);
        for (int block = kept; block < writer.Tree.Length; block++)
        {
            NodeTarget target = new(block, reader.Accepted.CountMissingNodes(reader, 2 * block));
            Assert.Equal(ProofOutcome.Accepted, Fetch(writer, reader, new ProofRequest(Block: target)));
            _readerFiles.Run(reader);
        }

        AssertSame(writer, reader);
        Assert.Null(CoreAudit.FindFault(HypercoreMachine.Open(_readerFiles, HypercoreOptions.AsUpstream)));
    }

    [Fact]
    public void Sizes_that_a_peer_shifts_while_forks_are_compared_neither_mislead_nor_stay()
    {
        HypercoreMachine writer = NewWriter(_writerFiles, 16);
        HypercoreMachine reader = Clone(writer, 16);
        writer.Truncate(11);
        writer.Append([.. Enumerable.Range(0, 5).Select(i => Text($"rewritten {i}"))]);
        _writerFiles.Run(writer);
        Begin(writer, reader);
        while (reader.Wanted is { } wanted)
        {
            ProofRequest request = new(Hash: new NodeTarget(2 * wanted.FirstBlock, wanted.Levels));
            Assert.True(writer.TryProve(request, out MerkleProof proof, out _));
            MerkleNode[] nodes = [.. proof.Hash!.Nodes];
            nodes[0] = nodes[0] with { ByteLength = nodes[0].ByteLength + 1 };
            nodes[1] = nodes[1] with { ByteLength = nodes[1].ByteLength - 1 };
            reader.Accept(proof with { Hash = proof.Hash with { Nodes = nodes } });
        }

        Assert.Equal(11, Assert.Single(_readerFiles.Run(reader).OfType<Truncated>()).Ancestors);
        for (long index = 0; index < 2 * writer.Tree.Length; index++)
            Assert.True(!reader.TryGet(index, out MerkleNode node) || (writer.TryGet(index, out MerkleNode own) && own == node));
    }

    [Fact]
    public void A_reader_that_forbids_forks_stays_where_it_is()
    {
        HypercoreMachine writer = NewWriter(_writerFiles, 4);
        HypercoreMachine reader = HypercoreMachine.Create(
            _readerFiles, CoreIdentity.ForReader(writer.Key), new HypercoreOptions { AllowFork = false });
        _readerFiles.Run(reader);
        Fetch(writer, reader, new ProofRequest(Upgrade: new UpgradeTarget(0, 4)));
        writer.Truncate(2);
        _writerFiles.Run(writer);
        Assert.Equal(ProofOutcome.Stale, Begin(writer, reader));
        Assert.Equal(4, reader.Accepted.Length);
    }

    [Fact]
    public void Two_signed_histories_of_one_length_close_the_core()
    {
        HypercoreMachine writer = NewWriter(_writerFiles, 3);
        HypercoreMachine reader = Clone(writer, 3);
        MemoryCoreFiles otherFiles = new();
        HypercoreMachine other = HypercoreMachine.Create(otherFiles, CoreIdentity.ForWriter(s_keyPair), HypercoreOptions.AsUpstream);
        other.Append([Text("another"), Text("history"), Text("!")]);
        otherFiles.Run(other);

        ProofRequest everything = new(Upgrade: new UpgradeTarget(0, 3));
        Assert.True(writer.TryProve(everything, out MerkleProof same, out _));
        Assert.Equal(ConflictVerdict.SameHistory, reader.CheckConflict(same));
        Assert.True(other.TryProve(everything, out MerkleProof evidence, out _));
        UpgradeProof forged = evidence.Upgrade! with { Signature = same.Upgrade!.Signature };
        Assert.Equal(ConflictVerdict.InvalidProof, reader.CheckConflict(evidence with { Upgrade = forged }));
        Assert.Equal(ConflictVerdict.Proven, reader.CheckConflict(evidence));
        Assert.Contains(_readerFiles.Run(reader), effect => effect is ConflictFound);
        Assert.Equal(ProofOutcome.Refused, reader.Accept(same));
        Assert.True(reader.TryRead(0, out _));

        HypercoreMachine again = HypercoreMachine.Open(_readerFiles, HypercoreOptions.AsUpstream);
        Assert.Equal("the writer has signed two histories", again.ReadOnlyReason);
        Assert.Equal(evidence.Upgrade!.Signature.ToArray(), again.Conflict!.Upgrade!.Signature.ToArray());
        Assert.Equal(ConflictVerdict.Proven, again.CheckConflict(again.Conflict));
    }

    [Fact]
    public void Sizes_shifted_between_siblings_are_not_stored()
    {
        HypercoreMachine writer = NewWriter(_writerFiles, 8);
        HypercoreMachine reader = NewReader(_readerFiles, writer.Key);
        Fetch(writer, reader, new ProofRequest(Upgrade: new UpgradeTarget(0, 8)));
        Assert.True(writer.TryProve(new ProofRequest(Hash: new NodeTarget(0, 3)), out MerkleProof proof, out _));
        MerkleNode[] nodes = [.. proof.Hash!.Nodes];
        nodes[0] = nodes[0] with { ByteLength = nodes[0].ByteLength + 1 };
        nodes[1] = nodes[1] with { ByteLength = nodes[1].ByteLength - 1 };
        reader.Accept(proof with { Hash = proof.Hash with { Nodes = nodes } });
        _readerFiles.Run(reader);
        Assert.False(reader.TryGet(0, out _));
        Assert.False(reader.TryGet(2, out _));

        nodes[0] = writer.TryGet(0, out MerkleNode honest) ? honest : default;
        Assert.Equal(ProofOutcome.Contradicts, reader.Accept(proof with { Hash = proof.Hash with { Nodes = nodes } }));
    }

    [Fact]
    public void A_proof_of_another_core_or_signer_is_refused()
    {
        HypercoreMachine writer = NewWriter(_writerFiles, 4);
        HypercoreMachine reader = NewReader(_readerFiles, new CoreKey(new Bytes32(Enumerable.Repeat((byte)9, 32).ToArray())));
        Assert.Equal(ProofOutcome.BadSignature, Fetch(writer, reader, new ProofRequest(Upgrade: new UpgradeTarget(0, 4))));
        Assert.Null(reader.Manifest);
    }

    [Fact]
    public void A_failed_disk_leaves_a_core_that_can_be_read()
    {
        HypercoreMachine core = NewWriter(_writerFiles, 2);
        CoreOrder order = core.Append([Text("lost")]);
        Assert.True(core.TryTake(out CoreEffect effect));
        core.HandlePersistFailed(Assert.IsType<Persist>(effect).Id, "no space left");
        Assert.True(core.TryTake(out effect));
        Assert.Equal(new OrderFailed(order, CoreFailure.StorageFailed, "no space left"), effect);
        Assert.False(core.Writable);
        Assert.Equal(2, core.Tree.Length);
        Assert.True(core.TryRead(1, out _));
        core.Append([Text("more")]);
        Assert.True(core.TryTake(out effect));
        Assert.Equal(CoreFailure.StorageFailed, Assert.IsType<OrderFailed>(effect).Failure);
    }

    private static HypercoreMachine NewWriter(MemoryCoreFiles files, int length)
    {
        HypercoreMachine writer = HypercoreMachine.Create(files, CoreIdentity.ForWriter(s_keyPair), HypercoreOptions.AsUpstream);
        writer.Append([.. Enumerable.Range(0, length).Select(i => Text($"block-{i}"))]);
        files.Run(writer);
        return writer;
    }

    private static HypercoreMachine NewReader(MemoryCoreFiles files, CoreKey key, HypercoreOptions? options = null)
    {
        HypercoreMachine reader = HypercoreMachine.Create(files, CoreIdentity.ForReader(key), options ?? HypercoreOptions.AsUpstream);
        files.Run(reader);
        return reader;
    }

    private HypercoreMachine Clone(HypercoreMachine writer, int length)
    {
        HypercoreMachine reader = NewReader(_readerFiles, writer.Key);
        Fetch(writer, reader, new ProofRequest(Upgrade: new UpgradeTarget(0, length)));
        for (int block = 0; block < length; block++)
        {
            Fetch(writer, reader, new ProofRequest(Block: new NodeTarget(block, reader.Accepted.CountMissingNodes(reader, 2 * block))));
            _readerFiles.Run(reader);
        }

        return reader;
    }

    private static ProofOutcome Fetch(HypercoreMachine writer, HypercoreMachine reader, ProofRequest request)
    {
        Assert.True(writer.TryProve(request, out MerkleProof proof, out _));
        return reader.Accept(proof with { Manifest = writer.Manifest });
    }

    private static ProofOutcome Begin(HypercoreMachine writer, HypercoreMachine reader)
        => Fetch(writer, reader, new ProofRequest(Upgrade: new UpgradeTarget(0, writer.Tree.Length)));

    private static void AssertSame(HypercoreMachine writer, HypercoreMachine reader)
    {
        Assert.Equal((writer.Tree.Fork, writer.Tree.Length, writer.Tree.Hash), (reader.Tree.Fork, reader.Tree.Length, reader.Tree.Hash));
        Assert.Equal(writer.Tree.Length, reader.ContiguousLength);
        for (long block = 0; block < writer.Tree.Length; block++)
        {
            Assert.True(writer.TryRead(block, out ReadOnlyMemory<byte> expected) & reader.TryRead(block, out ReadOnlyMemory<byte> actual));
            Assert.Equal(expected.ToArray(), actual.ToArray());
        }
    }

    private static ReadOnlyMemory<byte> Text(string text) => Encoding.UTF8.GetBytes(text);
}

using AuctionActors.Protocol.Tests.Hypercore.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Protocol.Tests.Hypercore;

public sealed class ProofBatchTests
{
    private static readonly KeyPair s_keyPair = KeyPair.FromSeed(new Bytes32(Enumerable.Repeat((byte)6, 32).ToArray()));

    private readonly MemoryCoreFiles _writerFiles = new();

    [Fact]
    public void Proofs_made_together_are_those_made_one_by_one()
    {
        HypercoreMachine writer = NewWriter(_writerFiles, 20);
        ProofRequest[] requests =
        [
            new(Upgrade: new UpgradeTarget(0, 20)), .. Enumerable.Range(0, 21).Select(block => new ProofRequest(Block: new NodeTarget(block, block % 3))),
        ];
        MerkleProof?[] together = writer.ProveAll(requests);
        for (int i = 0; i < requests.Length; i++)
        {
            Assert.Equal(writer.TryProve(requests[i], out MerkleProof alone, out _), together[i] is not null);
            Assert.Equal(together[i]?.Block?.Value.ToArray() ?? [], together[i] is null ? [] : alone.Block?.Value.ToArray() ?? []);
            Assert.Equal(together[i]?.Block?.Nodes ?? [], together[i] is null ? [] : alone.Block?.Nodes ?? []);
        }
    }

    [Fact]
    public void A_block_that_the_disk_has_changed_is_the_only_one_that_is_not_proven()
    {
        HypercoreMachine writer = NewWriter(_writerFiles, 20);
        _writerFiles.Bytes(CoreFile.Data)[^1] ^= 1;
        MerkleProof?[] proofs = writer.ProveAll([.. Enumerable.Range(0, 20).Select(block => new ProofRequest(Block: new NodeTarget(block, 0)))]);
        Assert.Equal([19], Enumerable.Range(0, 20).Where(block => proofs[block] is null));
    }

    [Fact]
    public void Blocks_that_are_asked_for_in_a_row_are_read_together()
    {
        HypercoreMachine writer = NewWriter(_writerFiles, 20);
        int before = _writerFiles.ReadsOf(CoreFile.Data);
        long[] blocks = [4, 5, 6, 7, 8, 15, 2, 3];
        MerkleProof?[] proofs = writer.ProveAll([.. blocks.Select(block => new ProofRequest(Block: new NodeTarget(block, 0)))]);
        Assert.Equal(blocks.Select(block => (byte)block), proofs.Select(proof => proof!.Block!.Value.Span[0]));
        Assert.Equal(3, _writerFiles.ReadsOf(CoreFile.Data) - before);
    }

    [Fact]
    public void What_a_short_data_file_still_holds_of_a_row_is_proven()
    {
        HypercoreMachine writer = NewWriter(_writerFiles, 20);
        _writerFiles.Replace(CoreFile.Data, _writerFiles.Bytes(CoreFile.Data)[..25]);
        MerkleProof?[] proofs = writer.ProveAll([.. Enumerable.Range(0, 20).Select(block => new ProofRequest(Block: new NodeTarget(block, 0)))]);
        Assert.Equal(Enumerable.Range(0, 12), Enumerable.Range(0, 20).Where(block => proofs[block] is not null));
    }

    [Fact]
    public void Blocks_under_way_to_the_disk_are_proven_only_once_they_are_there()
    {
        HypercoreMachine writer = NewWriter(_writerFiles, 4);
        writer.Append([new byte[] { 4, 1 }, new byte[] { 5, 1 }]);
        ProofRequest[] requests = [.. Enumerable.Range(2, 4).Select(block => new ProofRequest(Block: new NodeTarget(block, 0)))];
        Assert.Equal([true, true, false, false], writer.ProveAll(requests).Select(proof => proof is not null));
        _writerFiles.Run(writer);
        Assert.All(writer.ProveAll(requests), Assert.NotNull);
    }

    [Fact]
    public void A_leaf_of_another_block_than_the_proofs_is_no_proof()
    {
        HypercoreMachine writer = NewWriter(_writerFiles, 8);
        HypercoreMachine reader = HypercoreMachine.Create(new MemoryCoreFiles(), CoreIdentity.ForReader(writer.Key), HypercoreOptions.AsUpstream);
        Assert.True(writer.TryProve(new ProofRequest(Upgrade: new UpgradeTarget(0, 8)), out MerkleProof upgrade, out _));
        Assert.Equal(ProofOutcome.Accepted, reader.Accept(upgrade with { Manifest = writer.Manifest }));
        Assert.True(writer.TryProve(new ProofRequest(Block: new NodeTarget(3, 3)), out MerkleProof proof, out _));
        MerkleNode?[] leaves = MerkleHash.LeavesOf([proof, null, proof with { Block = proof.Block! with { Value = new byte[] { 1 } } }]);
        Assert.Null(leaves[1]);
        Assert.Equal(ProofOutcome.Contradicts, reader.Accept(proof, leaves[2]));
        Assert.Equal(ProofOutcome.Accepted, reader.Accept(proof, leaves[0]));
    }

    private static HypercoreMachine NewWriter(MemoryCoreFiles files, int length)
    {
        HypercoreMachine writer = HypercoreMachine.Create(files, CoreIdentity.ForWriter(s_keyPair), HypercoreOptions.AsUpstream);
        writer.Append([.. Enumerable.Range(0, length).Select(i => (ReadOnlyMemory<byte>)new byte[] { (byte)i, 1 })]);
        files.Run(writer);
        return writer;
    }
}

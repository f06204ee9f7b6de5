using System.Runtime.InteropServices;
using AuctionActors.Protocol.Tests.Hypercore.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Protocol.Tests.Hypercore;

public sealed class PendingBlocksTests
{
    [Fact]
    public void The_newest_block_of_an_index_is_read_until_its_own_change_is_persisted()
    {
        PendingBlocks blocks = new();
        blocks.Add(0, Batch(20, 1), new PersistId(1));
        blocks.Add(7, new byte[] { 2 }, new PersistId(2));
        blocks.Add(5, Batch(30, 3), new PersistId(3));
        blocks.Add(9, new byte[] { 4 }, new PersistId(4));
        Assert.Equal((byte?[])[1, 1, 3, 3, 4, 3, null], Read(blocks));

        blocks.HandlePersisted(new PersistId(2));
        Assert.Equal((byte?[])[null, null, 3, 3, 4, 3, null], Read(blocks));

        blocks.HandlePersisted(new PersistId(3));
        Assert.Equal((byte?[])[null, null, null, null, 4, null, null], Read(blocks));

        blocks.HandlePersisted(new PersistId(4));
        Assert.All(Read(blocks), Assert.Null);
    }

    [Fact]
    public void Whoever_reads_a_block_that_has_just_come_gets_memory_of_its_own()
    {
        MemoryCoreFiles writerFiles = new(), readerFiles = new();
        KeyPair keyPair = KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)3, 32)]));
        HypercoreMachine writer = HypercoreMachine.Create(writerFiles, CoreIdentity.ForWriter(keyPair), HypercoreOptions.AsUpstream);
        writer.Append([.. Enumerable.Range(0, 4).Select(i => (ReadOnlyMemory<byte>)new byte[] { 7, (byte)i })]);
        writerFiles.Run(writer);
        HypercoreMachine reader = HypercoreMachine.Create(readerFiles, CoreIdentity.ForReader(writer.Key), HypercoreOptions.AsUpstream);
        readerFiles.Run(reader);
        Assert.True(writer.TryProve(new ProofRequest(Upgrade: new UpgradeTarget(0, 4)), out MerkleProof whole, out _));
        Assert.Equal(ProofOutcome.Accepted, reader.Accept(whole with { Manifest = writer.Manifest }));
        reader.Get(2);
        NodeTarget target = new(2, reader.Accepted.CountMissingNodes(reader, 4));
        Assert.True(writer.TryProve(new ProofRequest(Block: target), out MerkleProof proof, out _));
        byte[] frame = new byte[10_000];
        proof.Block!.Value.CopyTo(frame.AsMemory(77));
        BlockProof framed = proof.Block with { Value = frame.AsMemory(77, proof.Block.Value.Length) };
        Assert.Equal(ProofOutcome.Accepted, reader.Accept(proof with { Block = framed }));
        BlockRead read = Assert.Single(readerFiles.Run(reader).OfType<BlockRead>());
        Assert.True(MemoryMarshal.TryGetArray(read.Block, out ArraySegment<byte> place));
        Assert.Equal(proof.Block.Value.ToArray(), place.Array);
    }

    private static byte?[] Read(PendingBlocks blocks)
        => [.. ((long[])[0, 4, 5, 7, 9, 34, 35]).Select(
            index => blocks.TryGet(index, out ReadOnlyMemory<byte> block) ? block.Span[0] : (byte?)null)];

    private static ReadOnlyMemory<byte>[] Batch(int count, byte value)
        => [.. Enumerable.Range(0, count).Select(_ => (ReadOnlyMemory<byte>)new byte[] { value })];
}

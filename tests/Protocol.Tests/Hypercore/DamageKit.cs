using System.Text;
using AuctionActors.Protocol.Tests.Hypercore.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Damage;
using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Protocol.Tests.Hypercore;

/// <summary>A writer with a few blocks, and what it takes to damage copies of its files.</summary>
public abstract class DamageKit
{
    private protected const int Length = 45;

    private protected static readonly KeyPair s_keyPair = KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)6, 32)]));
    private protected static readonly HypercoreOptions s_options = new() { CheckpointEvery = 1 };

    protected DamageKit() => Writer = Write(Files, Blocks(0, Length));

    private protected MemoryCoreFiles Files { get; } = new();

    private protected HypercoreMachine Writer { get; }

    private protected static HypercoreMachine Write(MemoryCoreFiles files, IReadOnlyList<ReadOnlyMemory<byte>> blocks, CoreIdentity? identity = null)
    {
        HypercoreMachine writer = HypercoreMachine.Create(files, identity ?? CoreIdentity.ForWriter(s_keyPair), s_options);
        writer.Append(blocks);
        files.Run(writer);
        return writer;
    }

    /// <summary>A reader that has fetched some blocks.</summary>
    private protected MemoryCoreFiles CopySparsely(Random random, int fewest, out HypercoreMachine copy)
    {
        MemoryCoreFiles files = new();
        copy = HypercoreMachine.Create(files, CoreIdentity.ForReader(Writer.Key), s_options);
        Assert.Equal(ProofOutcome.Accepted, copy.Accept(Prove(Writer) with { Manifest = Writer.Manifest }));
        foreach (int block in Enumerable.Range(0, Length).OrderBy(_ => random.Next()).Take(random.Next(fewest, 30)))
            Fetch(copy, block);
        files.Run(copy);
        return files;
    }

    private protected void Fetch(HypercoreMachine core, long block)
    {
        NodeTarget target = new(block, core.Accepted.CountMissingNodes(core, 2 * block));
        Assert.Equal(ProofOutcome.Accepted, core.Accept(Prove(Writer, new ProofRequest(Block: target))));
    }

    private protected static MerkleProof Prove(HypercoreMachine peer, long length = Length)
        => Prove(peer, new ProofRequest(Upgrade: new UpgradeTarget(0, length)));

    private protected static MerkleProof Prove(HypercoreMachine peer, ProofRequest request)
    {
        Assert.True(peer.TryProve(request, out MerkleProof proof, out _));
        return proof;
    }

    private protected static bool IsRoot(long index) => FlatTreeIndex.Roots(Length).Contains(index);

    private protected static void Spoil(MemoryCoreFiles files, CoreFile file, long offset) => files.Bytes(file)[offset] ^= 0x40;

    private protected static void AssertReadable(HypercoreMachine core, int length, params long[] except)
    {
        Assert.Equal(length, core.Tree.Length);
        foreach (int block in Enumerable.Range(0, length).Where(block => !except.Contains(block)))
        {
            Assert.True(core.TryRead(block, out ReadOnlyMemory<byte> bytes));
            Assert.Equal(BlockOf(block).ToArray(), bytes.ToArray());
        }
    }

    private protected static ReadOnlyMemory<byte>[] Blocks(int first, int count) => [.. Enumerable.Range(first, count).Select(BlockOf)];

    private protected static ReadOnlyMemory<byte> BlockOf(int index) => Encoding.UTF8.GetBytes($"block {index} {new string('x', index % 5)}");
}

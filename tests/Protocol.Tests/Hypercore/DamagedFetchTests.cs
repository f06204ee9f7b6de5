using AuctionActors.Protocol.Tests.Hypercore.Files;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication;
using Hyper.Protocol.HypercoreReplication.Blocks;

namespace AuctionActors.Protocol.Tests.Hypercore;

/// <summary>Sparse copies whose stored nodes the disk has changed, and which fetch what they lack.</summary>
public sealed class DamagedFetchTests : DamageKit
{
    // More than one try means that an answer was refused; what it found out must show in the next request.
    private const int MostTries = 2;

    /// <summary>What the disk does to a node, and for the third to its sibling too: their sum stays as it is.</summary>
    public enum Change
    {
        Hash,
        Size,
        SizesOfSiblings,
        Lost,
    }

    [Theory]
    [InlineData(Change.Hash)]
    [InlineData(Change.Size)]
    [InlineData(Change.SizesOfSiblings)]
    [InlineData(Change.Lost)]
    public void No_block_is_written_over_another_whatever_node_is_damaged_and_all_that_is_missing_is_fetched(Change change)
    {
        Random random = new(12);
        foreach ((MemoryCoreFiles files, _, HypercoreMachine core, long index) in DamagedCopies(random, change))
        {
            long[] missing = [.. Enumerable.Range(0, Length).Select(block => (long)block).Where(block => !core.Has(block))];
            random.Shuffle(missing);
            foreach (long block in missing)
            {
                FetchAsPlanned(core, block);
                files.Run(core);
                AssertInPlace(files, core, block, $"node {index} changed, block {block} fetched");
            }

            Assert.Equal(Files.Bytes(CoreFile.Data), files.Bytes(CoreFile.Data));
        }
    }

    [Theory]
    [InlineData(Change.Hash)]
    [InlineData(Change.Size)]
    [InlineData(Change.SizesOfSiblings)]
    [InlineData(Change.Lost)]
    public void A_proof_that_ends_below_the_damage_is_written_to_its_own_place_or_not_at_all(Change change)
    {
        Random random = new(13);
        int refused = 0, taken = 0;
        foreach ((MemoryCoreFiles files, HypercoreMachine copy, HypercoreMachine core, long index) in DamagedCopies(random, change))
        {
            foreach (long block in Enumerable.Range(0, Length).Where(block => !copy.Has(block)))
            {
                NodeTarget target = new(block, copy.CountMissingNodes(block));
                bool isTaken = core.Accept(Prove(Writer, new ProofRequest(Block: target))) == ProofOutcome.Accepted;
                (refused, taken) = (refused + (isTaken ? 0 : 1), taken + (isTaken ? 1 : 0));
                files.Run(core);
                AssertInPlace(files, core, block, $"node {index} changed, block {block} fetched");
            }
        }

        Assert.InRange(refused, 1, taken);
    }

    /// <summary>Sparse copies with a node that the disk has changed, opened, and each as it was before.</summary>
    private IEnumerable<(MemoryCoreFiles Files, HypercoreMachine Copy, HypercoreMachine Core, long Index)> DamagedCopies(Random random, Change change)
    {
        for (int round = 0; round < 12; round++)
        {
            MemoryCoreFiles sparse = CopySparsely(random, fewest: 2, out HypercoreMachine copy);
            foreach (long index in Enumerable.Range(0, 2 * Length).Where(index => !IsRoot(index) && copy.TryGet(index, out _)))
            {
                MemoryCoreFiles files = sparse.Copy();
                if (TryDamage(files, index, change))
                    yield return (files, copy, HypercoreMachine.Open(files, s_options), index);
            }
        }
    }

    // As replication does it.
    private void FetchAsPlanned(HypercoreMachine core, long block)
    {
        CoreEndpoint endpoint = new(core);
        for (int tries = 1; ; tries++)
        {
            PlannedBlock plan = endpoint.Plan(block)!.Value;
            VerifyOutcome outcome = endpoint.Verify(Prove(Writer, new ProofRequest(Block: new NodeTarget(block, plan.Nodes))));
            if (outcome == VerifyOutcome.Stored)
                return;
            Assert.True(tries < MostTries, $"block {block} is never taken: {outcome}");
        }
    }

    // Those that were there before come first.
    private void AssertInPlace(MemoryCoreFiles files, HypercoreMachine core, long fetched, string what)
    {
        byte[] expected = Files.Bytes(CoreFile.Data), data = files.Bytes(CoreFile.Data);
        foreach (int block in Enumerable.Range(0, Length).Where(block => core.Has(block)).OrderBy(block => block == fetched))
        {
            Assert.True(Writer.Tree.TryByteOffset(Writer, 2 * block, out long offset));
            int length = BlockOf(block).Length;
            Assert.True(expected.AsSpan((int)offset, length).SequenceEqual(data.AsSpan((int)offset, length)), $"{what}: block {block} is overwritten");
        }
    }

    private static bool TryDamage(MemoryCoreFiles files, long index, Change change)
    {
        byte[] tree = files.Bytes(CoreFile.Tree);
        int at = 40 * (int)index, sibling = 40 * (int)FlatTreeIndex.Sibling(index);
        switch (change)
        {
            case Change.Hash:
                tree[at + 20] ^= 0x40;
                return true;
            case Change.Size:
                tree[at] ^= 0x04;
                return true;
            case Change.Lost:
                tree.AsSpan(at, 40).Clear();
                return true;
            default:
                tree[at]++;
                tree[sibling]--;
                return tree[at] != 0 && tree[sibling] != byte.MaxValue;
        }
    }
}

using AuctionActors.Protocol.Tests.Hypercore.Files;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Damage;
using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Protocol.Tests.Hypercore;

public sealed class RepairTests : DamageKit
{
    [Fact]
    public void Every_node_of_a_whole_core_is_computed_again_from_what_is_below_it()
    {
        for (long index = 0; index < 2 * Length; index++)
        {
            if (IsRoot(index) || !Writer.TryGet(index, out _))
                continue;
            foreach (int at in (int[])[0, 20])
            {
                MemoryCoreFiles files = Files.Copy();
                Spoil(files, CoreFile.Tree, (40 * index) + at);
                HypercoreMachine core = HypercoreMachine.Open(files, s_options);
                RepairReport report = core.Repair();
                files.Run(core);
                CoreDamage damage = Assert.Single(report.Damage);
                Assert.Equal((CoreFile.Tree, 40 * Math.Min(index, FlatTreeIndex.Sibling(index))), (damage.File, damage.Offset));
                Assert.Equal((1, 0, 0), (report.Mended, report.LostBlocks.Count, report.Wanted.Count));
                Assert.Null(CoreAudit.FindFault(core));
                Assert.Equal(Files.Bytes(CoreFile.Tree), files.Bytes(CoreFile.Tree));
            }
        }
    }

    [Fact]
    public void A_damaged_block_is_named_and_fetched_again_while_the_others_are_read()
    {
        MemoryCoreFiles files = Files.Copy();
        Assert.True(Writer.Tree.TryByteOffset(Writer, 2 * 17, out long offset));
        Spoil(files, CoreFile.Data, offset + 2);
        HypercoreMachine core = HypercoreMachine.Open(files, s_options);
        RepairReport report = core.Repair();
        Assert.Contains(files.Run(core), effect => effect is BlocksDropped { Start: 17, Count: 1 });
        Assert.Equal((CoreFile.Data, offset), (Assert.Single(report.Damage).File, report.Damage[0].Offset));
        AssertReadable(core, Length, except: [17]);
        Fetch(core, 17);
        files.Run(core);
        AssertReadable(core, Length);
        Assert.Null(CoreAudit.FindFault(HypercoreMachine.Open(files, s_options)));
    }

    [Fact]
    public void A_sparse_copy_gets_from_a_peer_what_it_cannot_compute()
    {
        Random random = new(4);
        for (int round = 0; round < 60; round++)
        {
            MemoryCoreFiles files = CopySparsely(random, fewest: 4, out _);
            for (int i = random.Next(1, 5); i > 0; i--)
                SpoilNode(files, random);
            HypercoreMachine core = HypercoreMachine.Open(files, s_options);
            RepairReport report = core.Repair();
            files.Run(core);
            HashSet<long> lost = [.. report.LostBlocks];
            for (int looks = 0; report.Wanted.Count > 0; looks++)
            {
                Assert.True(looks < 20, "the repair never ends");
                foreach (WantedNode wanted in report.Wanted)
                    Assert.Equal(ProofOutcome.Accepted, core.Accept(Prove(Writer, new NodeSearch(wanted).RequestBy(wanted.FirstBlock))));
                files.Run(core);
                report = core.Repair();
                files.Run(core);
                lost.UnionWith(report.LostBlocks);
            }

            foreach (long block in lost)
                Fetch(core, block);
            files.Run(core);
            HypercoreMachine reopened = HypercoreMachine.Open(files, s_options);
            Assert.Null(CoreAudit.FindFault(reopened));
            Assert.Equal(Writer.Tree.Hash, reopened.Tree.Hash);
            AssertReadable(reopened, Length, except: [.. Enumerable.Range(0, Length).Where(block => !core.Has(block))]);
        }
    }

    [Fact]
    public void Nothing_that_was_changed_in_an_answer_is_written_over_the_damage()
    {
        MemoryCoreFiles files = Files.Copy();
        foreach (long index in (long[])[7, 3, 11, 0, 2, 4])
            Spoil(files, CoreFile.Tree, (40 * index) + 20);
        Spoil(files, CoreFile.Data, 3);
        HypercoreMachine core = HypercoreMachine.Open(files, s_options);
        RepairReport report = core.Repair();
        files.Run(core);
        WantedNode wanted = Assert.Single(report.Wanted);
        MerkleProof proof = Prove(Writer, new NodeSearch(wanted).RequestBy(wanted.FirstBlock));
        byte[] before = files.Bytes(CoreFile.Tree);
        for (int i = 0; i < proof.Hash!.Nodes.Count; i++)
        {
            MerkleNode node = proof.Hash.Nodes[i];
            foreach (MerkleNode changed in (MerkleNode[])[node with { ByteLength = node.ByteLength + 1 }, node with { Hash = default }])
            {
                MerkleNode[] nodes = [.. proof.Hash.Nodes];
                nodes[i] = changed;
                Assert.NotEqual(ProofOutcome.Accepted, core.Accept(proof with { Hash = proof.Hash with { Nodes = nodes } }));
            }
        }

        Assert.Empty(files.Run(core));
        Assert.Equal(before, files.Bytes(CoreFile.Tree));
        Assert.Equal(ProofOutcome.Accepted, core.Accept(proof));
    }

    [Fact]
    public void A_read_in_a_damaged_place_fails_with_its_name_and_others_go_on()
    {
        MemoryCoreFiles files = Files.Copy();
        byte[] tree = files.Bytes(CoreFile.Tree);
        Array.Clear(tree, 40 * 20, 40);
        HypercoreMachine core = HypercoreMachine.Open(files, s_options);
        core.Get(10);
        OrderFailed failed = Assert.IsType<OrderFailed>(Assert.Single(files.Run(core)));
        Assert.Equal(CoreFailure.Damaged, failed.Failure);
        Assert.Contains("tree at byte 800", failed.Reason, StringComparison.Ordinal);
        core.Get(9);
        Assert.IsType<BlockRead>(Assert.Single(files.Run(core)));
    }

    [Fact]
    public void Whatever_bit_of_a_size_has_changed_reads_and_proofs_fail_with_a_reason_and_the_repair_ends_whole()
    {
        foreach (long index in (long[])[0, 20, 21, 39, 41])
        {
            for (int bit = 0; bit < 64; bit++)
            {
                MemoryCoreFiles files = Files.Copy();
                files.Bytes(CoreFile.Tree)[(40 * index) + (bit / 8)] ^= (byte)(1 << (bit % 8));
                HypercoreMachine core = HypercoreMachine.Open(files, s_options);
                core.ProveAll([.. Enumerable.Range(0, Length).Select(block => new ProofRequest(Block: new NodeTarget(block, 0)))]);
                for (int block = 0; block < Length; block++)
                    core.Get(block);
                Assert.Equal(Length, files.Run(core).Count(effect => effect is BlockRead or OrderFailed { Failure: CoreFailure.Damaged }));
                core.TryFindByte(200, out NodeSearch _, out _);
                Assert.NotNull(CoreAudit.FindFault(core));
                core.Repair();
                files.Run(core);
                AssertReadable(core, Length);
            }
        }
    }

    [Fact]
    public void A_vanished_data_file_is_named_and_its_blocks_are_fetched_again()
    {
        MemoryCoreFiles files = Files.Copy();
        files.Replace(CoreFile.Data, []);
        HypercoreMachine core = HypercoreMachine.Open(files, s_options);
        core.Get(3);
        OrderFailed failed = Assert.IsType<OrderFailed>(Assert.Single(files.Run(core)));
        Assert.Contains("data at byte 27", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(Length, core.Repair().LostBlocks.Count);
        Assert.Equal(Length, core.Tree.Length);
        for (int block = 0; block < Length; block++)
            Fetch(core, block);
        files.Run(core);
        AssertReadable(core, Length);
    }

    [Fact]
    public void AWriter_whose_data_file_has_vanished_forgets_none_of_its_newest_blocks()
    {
        HypercoreOptions options = new() { CheckpointEvery = 4 };
        MemoryCoreFiles files = new();
        HypercoreMachine core = HypercoreMachine.Create(files, CoreIdentity.ForWriter(s_keyPair), options);
        for (int block = 0; block < 7; block++)
        {
            core.Append([BlockOf(block)]);
            files.Run(core);
        }

        files.Replace(CoreFile.Data, []);
        HypercoreMachine opened = HypercoreMachine.Open(files, options);
        Assert.Equal(core.Tree.Hash, opened.Tree.Hash);
        opened.Get(6);
        Assert.Contains("data at byte", Assert.IsType<OrderFailed>(Assert.Single(files.Run(opened))).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_block_that_was_written_last_is_named_and_repaired_when_that_is_asked_for()
    {
        MemoryCoreFiles files = new();
        HypercoreOptions options = new();
        HypercoreMachine core = HypercoreMachine.Create(files, CoreIdentity.ForWriter(s_keyPair), options);
        core.Append(Blocks(0, Length));
        files.Run(core);
        Spoil(files, CoreFile.Data, 28);
        Assert.Equal(27, Assert.Throws<CoreStorageException>(() => HypercoreMachine.Open(files, options)).Offset);
        core = HypercoreMachine.Open(files, options with { OpensDamaged = true });
        Assert.Equal([3], core.Repair().LostBlocks);
        files.Run(core);
        core = HypercoreMachine.Open(files, options);
        Assert.Equal(Length, core.Tree.Length);
        AssertReadable(core, Length, except: [3]);
    }

    [Fact]
    public void Damage_of_our_own_disk_is_not_taken_for_a_second_history()
    {
        MemoryCoreFiles files = Files.Copy();
        Spoil(files, CoreFile.Tree, (40 * 7) + 20);
        HypercoreMachine core = HypercoreMachine.Open(files, s_options);
        MerkleProof proof = Prove(Write(new MemoryCoreFiles(), Blocks(0, 8)), 8);
        Assert.Equal(ConflictVerdict.Unrelated, core.CheckConflict(proof));
        Assert.Equal(ConflictVerdict.SameHistory, Writer.CheckConflict(proof));
    }

    [Fact]
    public void A_power_cut_while_repairing_leaves_a_core_that_can_be_repaired()
    {
        CrashingDisk disk = new();
        HypercoreMachine core = HypercoreMachine.Create(disk.Files, CoreIdentity.ForWriter(s_keyPair), s_options);
        core.Append(Blocks(0, Length));
        disk.Run(core);
        foreach (long index in (long[])[1, 6, 23, 41, 77])
            disk.Spoil(new FileWrite(CoreFile.Tree, 40 * index, new byte[] { 7, 7, 7, 7, 0, 0, 0, 0, 7, 7 }));
        disk.Spoil(new FileWrite(CoreFile.Data, 3, new byte[] { 7 }));
        int first = disk.StepCount;
        core = HypercoreMachine.Open(disk.Files, s_options);
        Assert.NotEmpty(core.Repair().Damage);
        disk.Run(core);
        for (int step = first; step <= disk.StepCount; step++)
        {
            foreach (MemoryCoreFiles files in disk.CutBefore(step))
            {
                core = HypercoreMachine.Open(files, s_options);
                IReadOnlyList<long> lost = core.Repair().LostBlocks;
                files.Run(core);
                Assert.Null(CoreAudit.FindFault(core));
                AssertReadable(core, Length, except: [.. lost, .. Enumerable.Range(0, Length).Where(block => !core.Has(block))]);
                Assert.InRange(Enumerable.Range(0, Length).Count(block => !core.Has(block)), 1, 1);
            }
        }
    }

    private static void SpoilNode(MemoryCoreFiles files, Random random)
    {
        HypercoreMachine core = HypercoreMachine.Open(files, s_options);
        long[] stored = [.. Enumerable.Range(0, 2 * Length).Select(i => (long)i).Where(index => !IsRoot(index) && core.TryGet(index, out _))];
        Spoil(files, CoreFile.Tree, (40 * stored[random.Next(stored.Length)]) + random.Next(0, 3) + (20 * random.Next(2)));
    }
}

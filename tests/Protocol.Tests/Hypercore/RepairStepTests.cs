using AuctionActors.Protocol.Tests.Hypercore.Files;
using CsCheck;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Damage;
using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Protocol.Tests.Hypercore;

/// <summary>Repairs of a core that changes between their steps.</summary>
public sealed class RepairStepTests : LongCoreKit
{
    // A cut to such a length needs no node that the tests damage: it would sign what the disk has.
    private const int Cut = 1024;

    [Fact]
    public void What_a_step_has_found_is_mended_before_the_next_one()
    {
        Damage([10, 4900], [41]);
        CoreRepair repair = Core.BeginRepair();
        Core.Continue(repair);
        Assert.Contains(Files.Run(Core), effect => effect is BlocksDropped { Start: 10, Count: 1 });
        Assert.Equal((2, 1, false), (repair.Report.Damage.Count, repair.Report.Mended, repair.IsDone));
        Assert.True(Core.TryRead(11, out _));
        Assert.Equal([10, 4900], Core.Finish(repair).LostBlocks);
        Files.Run(Core);
        Assert.Null(CoreAudit.FindFault(Core));
    }

    [Fact]
    public void After_a_cut_the_rest_is_looked_at_and_what_is_new_is_no_damage()
    {
        Damage([3000, 4500], [8001, 8990]);
        CoreRepair repair = Core.BeginRepair();
        Core.Continue(repair);
        Core.Truncate(4 * Cut);
        Core.Append(Blocks(2000));
        RepairReport report = Core.Finish(repair);
        Assert.Equal([3000], report.LostBlocks);
        Assert.Equal([40 * 8001L], report.Damage.Where(damage => damage.File == CoreFile.Tree).Select(damage => damage.Offset));
        Files.Run(Core);
        Assert.Null(CoreAudit.FindFault(Core));
    }

    [Fact]
    public void A_repair_ends_although_the_core_is_cut_before_every_step()
    {
        Damage([10, 4900], []);
        CoreRepair repair = Core.BeginRepair();
        for (int step = 0; !repair.IsDone; step++)
        {
            Assert.True(step < 10, "the repair begins anew with every cut");
            Core.Truncate(Core.Accepted.Length);
            Core.Continue(repair);
        }

        Assert.Equal([10, 4900], repair.Report.LostBlocks);
    }

    [Fact]
    public void Changes_between_the_steps_are_no_damage_and_hide_none()
        => Gen.Select(
            Gen.Int[0, Length - 1].Array[0, 4],
            Gen.Int[0, 2 * Length - 20].Array[0, 4],
            Gen.Select(Gen.Int[0, 6], Gen.Int[0, 4], Gen.Int[0, Length], Gen.Int[0, 400], Gen.Bool).Array[1, 6]).Sample(
                (blocks, nodes, changes) => new RepairStepTests().RepairAmid(blocks, nodes, changes), iter: 60, threads: 1);

    [Fact]
    public void A_node_that_only_its_leaves_tell_is_computed_in_several_steps()
    {
        foreach (int more in (int[])[8192 - Length, 4096, 4096])
            Core.Append(Blocks(more));
        Files.Run(Core);
        HypercoreMachine whole = HypercoreMachine.Open(Files.Copy(), new HypercoreOptions());
        Damage([], [8191, 4095, 12287]);
        CoreRepair repair = Core.BeginRepair();
        Core.Continue(repair);
        Assert.Equal((0, false), (repair.Report.Damage.Count, repair.IsDone));
        Core.Append(Blocks(3));
        RepairReport report = Core.Finish(repair);
        Assert.Equal((2, 3, 0, 0), (report.Damage.Count, report.Mended, report.LostBlocks.Count, report.Wanted.Count));
        Files.Run(Core);
        Assert.Null(CoreAudit.FindFault(Core));
        Assert.All([8191, 4095, 12287], index => Assert.Equal(NodeOf(whole, index), NodeOf(Core, index)));
    }

    [Fact]
    public void Roots_that_only_the_leaves_tell_are_computed_in_several_steps()
    {
        MerkleTree whole = Core.Tree;
        HypercoreOptions damaged = new() { OpensDamaged = true, CheckpointEvery = 1 };
        Core = HypercoreMachine.Open(Files, damaged);
        Core.SetUserData("checkpoint", new byte[] { 1 });
        Files.Run(Core);
        Damage([], [4095, 2047, 6143, 1023, 7167], damaged);
        Assert.Equal(Length, Core.LostLength);
        CoreRepair repair = Core.BeginRepair();
        int steps = 0;
        for (; Core.LostLength is not null && !repair.IsDone; steps++)
        {
            Core.Continue(repair);
            Files.Run(Core);
        }

        Assert.InRange(steps, 2, 5);
        Assert.Equal(whole.Hash, Core.Tree.Hash);
        Assert.Empty(Core.Finish(repair).LostBlocks);
        Files.Run(Core);
        Assert.Null(CoreAudit.FindFault(Core));
    }

    [Fact]
    public void More_damage_than_one_look_reports_is_mended_by_the_looks_that_follow()
    {
        // What is written into each is another byte than its own.
        long[] blocks = [.. Enumerable.Range(0, 900).Select(i => 5L * i).Where(block => (block & 0xff) != 0xee)];
        long[] nodes = [.. Enumerable.Range(0, 900).Select(i => (8L * i) + 1)];
        Damage(blocks, nodes);
        RepairReport report = Core.Repair();
        Assert.Equal((1024, true, true), (report.Damage.Count, report.IsPartial, report.HasProgress));
        Files.Run(Core);
        report = Core.Repair().After(report);
        Files.Run(Core);
        Assert.Equal((blocks.Length + nodes.Length, nodes.Length, false), (report.Damage.Count, (int)report.Mended, report.IsPartial));
        Assert.Equal(blocks, report.LostBlocks.Order());
        Assert.Null(CoreAudit.FindFault(Core));
        Assert.Empty(Core.Repair().Damage);
    }

    [Fact]
    public void A_read_that_waited_for_lost_roots_is_answered_when_its_place_has_been_looked_at()
    {
        HypercoreMachine writer = HypercoreMachine.Open(Files.Copy(), new HypercoreOptions());
        Damage([4900], FlatTreeIndex.Roots(Length), new HypercoreOptions { OpensDamaged = true });
        Core.Get(7);
        Core.Get(4800);
        Core.Get(4900);
        Assert.True(writer.TryProve(new ProofRequest(Upgrade: new UpgradeTarget(0, Length)), out MerkleProof proof, out _));
        Assert.Equal(ProofOutcome.Accepted, Core.Accept(proof));
        List<CoreEffect> effects = Files.Run(Core, repairs: false);
        Assert.Empty(effects.OfType<BlockRead>());
        CoreRepair repair = Assert.Single(effects.OfType<RootsRestored>()).Repair;
        Core.Continue(repair);
        Assert.Equal([7], Files.Run(Core).OfType<BlockRead>().Select(read => read.Index));
        Assert.Equal([4900], Core.Finish(repair).LostBlocks);
        Assert.Equal([4800], Files.Run(Core).OfType<BlockRead>().Select(read => read.Index));
    }

    private void RepairAmid(int[] blocks, int[] nodes, (int Step, int Kind, int At, int Count, bool IsPersisted)[] changes)
    {
        IEnumerable<long> parents = nodes.Select(node => (long)node)
            .Where(node => FlatTreeIndex.Depth(node) is > 0 and < 10 && !FlatTreeIndex.Roots(Length).Contains(node));
        HashSet<(CoreFile, long)> places = Damage(blocks.Select(block => (long)block), parents);
        CoreRepair repair = Core.BeginRepair();
        for (int step = 0; !repair.IsDone; step++)
        {
            foreach ((_, int kind, int at, int count, bool isPersisted) in changes.Where(change => change.Step == step))
                Change(kind, kind < 3 ? at : at / Cut * Cut, count, isPersisted);
            Core.Continue(repair);
            Assert.True(step < 100, "the repair does not end");
        }

        Files.Run(Core);
        Assert.Null(CoreAudit.FindFault(Core));
        Assert.All(repair.Report.LostBlocks, block => Assert.Contains((int)block, blocks));
        Assert.All(repair.Report.Damage, damage => Assert.Contains((damage.File, damage.Offset), places));
        Assert.Empty(repair.Report.Wanted);
    }

    /// <summary>Changes blocks and the hashes of nodes on disk and opens the core again; where each is said to be damaged.</summary>
    private HashSet<(CoreFile File, long Offset)> Damage(IEnumerable<long> blocks, IEnumerable<long> nodes, HypercoreOptions? options = null)
    {
        HashSet<(CoreFile, long)> places = [];
        foreach (long block in blocks)
        {
            Assert.True(Core.Tree.TryByteOffset(Core, 2 * block, out long offset));
            Files.Apply(new FileWrite(CoreFile.Data, offset, new byte[] { 0xee }));
            places.Add((CoreFile.Data, offset));
        }

        foreach (long node in nodes)
        {
            Files.Apply(new FileWrite(CoreFile.Tree, (40 * node) + 20, new byte[] { 1, 2, 3, 4 }));
            places.Add((CoreFile.Tree, 40 * Math.Min(node, FlatTreeIndex.Sibling(node))));
        }

        Core = HypercoreMachine.Open(Files, options ?? new HypercoreOptions { CheckpointEvery = 3 });
        return places;
    }

    private static MerkleNode? NodeOf(HypercoreMachine core, long index) => core.TryGet(index, out MerkleNode node) ? node : null;
}

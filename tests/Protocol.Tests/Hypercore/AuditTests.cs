using AuctionActors.Protocol.Tests.Hypercore.Files;
using CsCheck;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Protocol.Tests.Hypercore;

/// <summary>Audits of a core that changes between their steps.</summary>
public sealed class AuditTests : LongCoreKit
{
    [Fact]
    public void An_audit_takes_several_steps_and_goes_on_where_the_last_has_ended()
    {
        List<AuditPosition> places = [.. Places()];
        Assert.Equal(places.Order(Comparer<AuditPosition>.Create((one, other) => (one.Part, one.Index).CompareTo((other.Part, other.Index)))), places);
        Assert.Equal(Enum.GetValues<AuditPart>(), places.Select(place => place.Part).Distinct());
        Assert.All(places.CountBy(place => place.Part), part => Assert.True(part.Value > 1));
    }

    [Fact]
    public void A_changed_block_is_found_with_the_file_and_the_place_in_every_step()
    {
        foreach (long block in (long[])[0, 1, 1023, 1024, Length - 1])
        {
            Assert.True(Core.Tree.TryByteOffset(Core, 2 * block, out long offset));
            MemoryCoreFiles files = Files.Copy();
            files.Apply(new FileWrite(CoreFile.Data, offset, new byte[] { 0xee }));
            HypercoreMachine core = HypercoreMachine.Open(files, new HypercoreOptions());
            Assert.Equal($"data at byte {offset}: block {block} does not have the hash in the tree", CoreAudit.FindFault(core));
        }
    }

    [Fact]
    public void A_node_that_is_missing_or_wrong_is_found_far_behind_the_first_step()
    {
        // Right of its sibling, so that no block is behind it.
        const long Node = 8959, Parent = 8703;
        foreach ((byte[] bytes, long found, string what) in ((byte[], long, string)[])
            [(new byte[40], Node, "is missing"), ([1, .. new byte[7], .. Enumerable.Repeat((byte)1, 32)], Parent, "is not the hash of its children")])
        {
            MemoryCoreFiles files = Files.Copy();
            files.Apply(new FileWrite(CoreFile.Tree, 40 * Node, bytes));
            string? fault = CoreAudit.FindFault(HypercoreMachine.Open(files, new HypercoreOptions()));
            Assert.Equal($"tree at byte {40 * found}: node {found} {what}", fault);
        }
    }

    [Fact]
    public void Blocks_that_a_copy_only_hears_of_during_an_audit_are_no_fault()
    {
        MemoryCoreFiles files = new();
        HypercoreMachine copy = HypercoreMachine.Create(files, CoreIdentity.ForReader(Core.Key), new HypercoreOptions());
        Accept(copy, new ProofRequest(Upgrade: new UpgradeTarget(0, Length)));
        for (long block = 0; block < Length; block++)
            Accept(copy, new ProofRequest(Block: new NodeTarget(block, copy.Accepted.CountMissingNodes(copy, 2 * block))));
        files.Run(copy);
        AuditPosition? from = AuditPosition.Start;
        while (from is { Part: not AuditPart.Presence } place)
            from = CoreAudit.Step(copy, place).Next;
        Assert.NotNull(from);
        Core.Append(Blocks(2000));
        Files.Run(Core);
        Accept(copy, new ProofRequest(Upgrade: new UpgradeTarget(Length, 2000)));
        for (; from is { } place; from = CoreAudit.Step(copy, place).Next)
            Assert.Null(CoreAudit.Step(copy, place).Fault);
        Assert.Null(CoreAudit.FindFault(copy));
    }

    [Fact]
    public void The_blocks_without_a_gap_are_counted_right_after_every_change_and_after_opening()
        => Gen.Select(Gen.Int[0, 4], Gen.Int[0, Length], Gen.Int[0, 400], Gen.Bool).Array[1, 12].Sample(
            changes => new AuditTests().CountAfter(changes), iter: 40, threads: 1);

    private void CountAfter((int Kind, int At, int Count, bool IsPersisted)[] changes)
    {
        foreach ((int kind, int at, int count, bool isPersisted) in changes)
        {
            Change(kind, at, count, isPersisted);
            AssertCounted(Core);
        }

        Files.Run(Core);
        AssertCounted(Core);
        AssertCounted(HypercoreMachine.Open(Files, new HypercoreOptions()));
    }

    private static void AssertCounted(HypercoreMachine core)
        => Assert.Equal(Math.Min(core.Bitfield.FindFirst(false, 0), core.Accepted.Length), core.CountedLength);

    [Fact]
    public void A_block_that_the_bitfield_has_lost_while_the_header_counts_it_is_no_fault_and_given_up_by_a_repair()
    {
        HypercoreOptions always = new() { CheckpointEvery = 1 };
        Core = HypercoreMachine.Open(Files, always);
        Core.Append(Blocks(1));
        Files.Run(Core);
        Files.Bytes(CoreFile.Bitfield)[1] ^= 0x10;
        Core = HypercoreMachine.Open(Files, always);
        Assert.Null(CoreAudit.FindFault(Core));
        Assert.Empty(Core.Repair().Damage);
        Assert.Contains(Files.Run(Core), effect => effect is BlocksDropped { Start: 12, Count: 1 });
        Assert.Equal((12, false), (Core.ContiguousLength, Core.Has(12)));
        Assert.Null(CoreAudit.FindFault(Core));
    }

    [Fact]
    public void Changes_between_the_steps_are_no_faults_be_they_on_disk_or_not()
        => Gen.Select(Gen.Int[0, 4], Gen.Int[0, 4], Gen.Int[0, Length], Gen.Int[0, 400], Gen.Bool).Array[1, 6].Sample(
            changes => new AuditTests().AuditAmid(changes), iter: 60, threads: 1);

    private void AuditAmid((int Step, int Kind, int At, int Count, bool IsPersisted)[] changes)
    {
        int step = 0;
        for (AuditPosition? from = AuditPosition.Start; from is { } place; step++)
        {
            foreach ((_, int kind, int at, int count, bool isPersisted) in changes.Where(change => change.Step == step))
                Change(kind, at, count, isPersisted);
            AuditStep looked = CoreAudit.Step(Core, place);
            Assert.Null(looked.Fault);
            from = looked.Next;
            Assert.True(step < 100, "the audit does not end");
        }

        Files.Run(Core);
        Assert.Null(CoreAudit.FindFault(Core));
    }

    private void Accept(HypercoreMachine copy, ProofRequest request)
    {
        Assert.True(Core.TryProve(request, out MerkleProof proof, out _));
        Assert.Equal(ProofOutcome.Accepted, copy.Accept(proof with { Manifest = Core.Manifest }));
    }

    private IEnumerable<AuditPosition> Places()
    {
        for (AuditPosition? from = AuditPosition.Start; from is { } place;)
        {
            yield return place;
            AuditStep step = CoreAudit.Step(Core, place);
            Assert.Null(step.Fault);
            from = step.Next;
        }
    }
}

using AuctionActors.Protocol.Tests.Hypercore.Files;
using CsCheck;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Files;

namespace AuctionActors.Protocol.Tests.Hypercore;

/// <summary>Audits of a core that changes between their steps.</summary>
public sealed class AuditTests
{
    // Five steps of blocks, and two each of parents and of all nodes.
    private const int Length = 5000;

    private static readonly KeyPair s_keyPair = KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)5, 32)]));

    private readonly MemoryCoreFiles _files = new();
    private readonly HypercoreMachine _core;

    public AuditTests()
    {
        _core = HypercoreMachine.Create(_files, CoreIdentity.ForWriter(s_keyPair), new HypercoreOptions { CheckpointEvery = 3 });
        _core.Append(Blocks(Length));
        _files.Run(_core);
    }

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
            Assert.True(_core.Tree.TryByteOffset(_core, 2 * block, out long offset));
            MemoryCoreFiles files = _files.Copy();
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
            [(new byte[40], Node, "is missing"), ([.. Enumerable.Repeat((byte)1, 40)], Parent, "is not the hash of its children")])
        {
            MemoryCoreFiles files = _files.Copy();
            files.Apply(new FileWrite(CoreFile.Tree, 40 * Node, bytes));
            string? fault = CoreAudit.FindFault(HypercoreMachine.Open(files, new HypercoreOptions()));
            Assert.Equal($"tree at byte {40 * found}: node {found} {what}", fault);
        }
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
            AuditStep looked = CoreAudit.Step(_core, place);
            Assert.Null(looked.Fault);
            from = looked.Next;
            Assert.True(step < 100, "the audit does not end");
        }

        _files.Run(_core);
        Assert.Null(CoreAudit.FindFault(_core));
    }

    private void Change(int kind, int at, int count, bool isPersisted)
    {
        if (kind < 2)
            _core.Append(Blocks(count + 1));
        else if (kind == 2)
            _core.Clear(at, at + count);
        else
            _core.Truncate(Math.Min(at, _core.Accepted.Length));
        if (kind == 4)
            _core.Append(Blocks(count + 1));
        if (isPersisted)
            _files.Run(_core);
    }

    private IEnumerable<AuditPosition> Places()
    {
        for (AuditPosition? from = AuditPosition.Start; from is { } place;)
        {
            yield return place;
            AuditStep step = CoreAudit.Step(_core, place);
            Assert.Null(step.Fault);
            from = step.Next;
        }
    }

    private static ReadOnlyMemory<byte>[] Blocks(int count)
        => [.. Enumerable.Range(0, count).Select(i => (ReadOnlyMemory<byte>)Enumerable.Repeat((byte)i, 1 + (i % 7)).ToArray())];
}

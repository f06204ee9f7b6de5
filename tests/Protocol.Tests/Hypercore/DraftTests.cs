using System.Text;
using AuctionActors.Protocol.Tests.Hypercore.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Drafts;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Protocol.Tests.Hypercore;

public sealed class DraftTests
{
    private static readonly KeyPair s_keyPair = KeyPair.FromSeed(new Bytes32(Enumerable.Repeat((byte)6, 32).ToArray()));

    private readonly MemoryCoreFiles _files = new();
    private readonly HypercoreMachine _core;

    public DraftTests()
    {
        _core = HypercoreMachine.Create(_files, CoreIdentity.ForWriter(s_keyPair), new HypercoreOptions());
        _core.Append([Text("a"), Text("bb")]);
        _files.Run(_core);
    }

    [Fact]
    public void A_draft_is_read_over_its_core_and_becomes_part_of_it_at_once()
    {
        CoreDraft draft = _core.BeginDraft()!;
        draft.Append(Text("ccc"), Text("d"));
        Assert.Equal((4, 7), (draft.Length, draft.ByteLength));
        Assert.Equal("bb", Read(draft, 1));
        Assert.Equal("ccc", Read(draft, 2));
        Assert.True(draft.TryFindByte(6, out long block, out long offset));
        Assert.Equal((3, 0), (block, offset));
        Assert.Equal(2, _core.Tree.Length);

        Bytes32 hash = draft.TreeHash;
        _core.Flush(draft);
        Assert.Single(_files.Run(_core).OfType<Appended>());
        Assert.Equal((4, hash), (_core.Tree.Length, _core.Tree.Hash));
        Assert.Equal(4, draft.Base.Length);
        Assert.Equal("d", Read(draft, 3));
    }

    [Fact]
    public void Part_of_a_draft_is_flushed_and_the_rest_later()
    {
        CoreDraft draft = _core.BeginDraft()!;
        draft.Append(Text("c"), Text("d"), Text("e"));
        _core.Flush(draft, 3);
        draft.Append(Text("f"));
        Assert.False(draft.TryTruncate(2));
        Assert.True(draft.TryTruncate(5));
        _core.Flush(draft);
        Assert.Equal(2, _files.Run(_core).OfType<Appended>().Count());
        Assert.Equal(5, _core.Tree.Length);
        Assert.Null(CoreAudit.FindFault(HypercoreMachine.Open(_files, new HypercoreOptions())));
    }

    [Fact]
    public void Of_two_drafts_the_second_is_flushed_only_if_it_goes_on_from_the_first()
    {
        CoreDraft one = _core.BeginDraft()!, same = _core.BeginDraft()!, other = _core.BeginDraft()!;
        one.Append(Text("c"));
        same.Append(Text("c"), Text("d"));
        other.Append(Text("x"), Text("y"));
        _core.Flush(one);
        _core.Flush(other);
        _core.Flush(same);
        Assert.Single(_files.Run(_core).OfType<OrderFailed>());
        Assert.Equal(4, _core.Tree.Length);
        Assert.True(_core.TryRead(3, out ReadOnlyMemory<byte> block));
        Assert.Equal("d", Encoding.UTF8.GetString(block.Span));
        Assert.Null(CoreAudit.FindFault(_core));
    }

    [Fact]
    public void A_checkout_is_flushed_when_it_repeats_what_the_core_has()
    {
        CoreDraft draft = _core.BeginDraft(checkout: 1)!;
        draft.Append(Text("bb"), Text("new"));
        _core.Flush(draft);
        _files.Run(_core);
        Assert.Equal(3, _core.Tree.Length);

        CoreDraft forked = _core.BeginDraft(checkout: 1)!;
        forked.Append(Text("other"), Text("new"), Text("more"));
        _core.Flush(forked);
        Assert.Single(_files.Run(_core).OfType<OrderFailed>());
        Assert.Null(_core.BeginDraft(checkout: 4));
    }

    [Fact]
    public void A_draft_is_flushed_over_what_was_appended_meanwhile_only_when_it_begins_so_and_is_as_long()
    {
        CoreDraft same = _core.BeginDraft()!, shorter = _core.BeginDraft()!, other = _core.BeginDraft()!;
        same.Append(Text("c"), Text("d"), Text("e"));
        shorter.Append(Text("c"));
        other.Append(Text("c"), Text("x"), Text("e"));
        _core.Append([Text("c"), Text("d")]);
        _core.Flush(other);
        _core.Flush(shorter);
        Assert.Equal(2, _files.Run(_core).OfType<OrderFailed>().Count());
        Assert.Equal(4, _core.Tree.Length);
        shorter.Append(Text("d"));
        _core.Flush(shorter);
        _core.Flush(same);
        List<CoreEffect> effects = _files.Run(_core);
        Assert.Equal([4, 5], effects.OfType<OrderCompleted>().Select(done => done.Tree.Length));
        Assert.Single(effects.OfType<Appended>());
        Assert.True(_core.TryRead(4, out ReadOnlyMemory<byte> last));
        Assert.Equal("e", Encoding.UTF8.GetString(last.Span));
    }

    [Fact]
    public void A_reader_s_draft_of_what_its_writer_has_signed_needs_no_download()
    {
        MemoryCoreFiles files = new();
        HypercoreMachine reader = HypercoreMachine.Create(files, CoreIdentity.ForReader(_core.Key), new HypercoreOptions());
        CoreDraft draft = reader.BeginDraft()!, wrong = reader.BeginDraft()!;
        draft.Append(Text("a"), Text("bb"));
        wrong.Append(Text("a"), Text("xx"));
        Assert.True(_core.TryProve(new ProofRequest(Upgrade: new UpgradeTarget(0, 2)), out MerkleProof proof, out _));
        Assert.Equal(ProofOutcome.Accepted, reader.Accept(proof with { Manifest = _core.Manifest }));
        reader.Get(1);
        files.Run(reader);
        reader.Flush(wrong);
        Assert.Single(files.Run(reader).OfType<OrderFailed>());
        reader.Flush(draft);
        List<CoreEffect> effects = files.Run(reader);
        Assert.Equal((0, 2), Assert.Single(effects.OfType<BlocksAvailable>()) is { } run ? (run.Start, run.Count) : default);
        Assert.Equal("bb", Encoding.UTF8.GetString(Assert.Single(effects.OfType<BlockRead>()).Block.Span));
        HypercoreMachine reopened = HypercoreMachine.Open(files, new HypercoreOptions());
        Assert.Equal((2, 2), (reopened.Tree.Length, reopened.ContiguousLength));
        Assert.Null(CoreAudit.FindFault(reopened));

        draft = reader.BeginDraft()!;
        draft.Append(Text("c"));
        reader.Flush(draft);
        Assert.Single(files.Run(reader).OfType<OrderFailed>());
        Assert.Equal(2, reader.BeginDraft()!.Length);
    }

    [Fact]
    public void A_draft_over_an_encrypted_core_is_read_as_plain_text_and_has_the_hash_that_the_core_will_have()
    {
        HypercoreOptions options = new() { EncryptionKey = new Bytes32([.. Enumerable.Repeat((byte)3, 32)]) };
        MemoryCoreFiles files = new();
        HypercoreMachine core = HypercoreMachine.Create(files, CoreIdentity.ForWriter(s_keyPair), options);
        core.Append([Text("a"), Text("b")]);
        files.Run(core);
        CoreDraft draft = core.BeginDraft()!;
        draft.Append(Text("c"), Text("d"), Text("e"));
        Assert.Equal((5, "b", "d"), (draft.ByteLength, Read(draft, 1), Read(draft, 3)));
        Bytes32 hash = draft.TreeHash;
        core.Flush(draft);
        files.Run(core);
        Assert.Equal((5, 5, hash), (core.ByteLength, core.Tree.Length, core.Tree.Hash));
        Assert.True(HypercoreMachine.Open(files, options).TryRead(4, out ReadOnlyMemory<byte> block));
        Assert.Equal("e", Encoding.UTF8.GetString(block.Span));
    }

    [Fact]
    public void A_draft_that_grows_and_shrinks_block_by_block_has_the_hash_of_its_blocks()
    {
        Random random = new(5);
        CoreDraft draft = _core.BeginDraft()!;
        List<ReadOnlyMemory<byte>> blocks = [];
        for (int step = 0; step < 400; step++)
        {
            if (random.Next(5) == 0)
            {
                int kept = random.Next(blocks.Count + 1);
                Assert.True(draft.TryTruncate(2 + kept));
                blocks.RemoveRange(kept, blocks.Count - kept);
            }
            else
            {
                blocks.Add(Text($"block {step}"));
                draft.Append(blocks[^1]);
            }

            Assert.Equal(_core.Preview(blocks).Hash, draft.TreeHash);
            Assert.Equal(_core.Preview(blocks[..(blocks.Count / 2)]).Hash, draft.Preview(2 + (blocks.Count / 2)).Hash);
        }

        _core.Flush(draft, 2 + (blocks.Count / 2));
        _core.Flush(draft);
        _files.Run(_core);
        Assert.Equal(2 + blocks.Count, _core.Tree.Length);
        Assert.Null(CoreAudit.FindFault(HypercoreMachine.Open(_files, new HypercoreOptions())));
    }

    [Fact]
    public void A_cut_makes_drafts_stale()
    {
        CoreDraft draft = _core.BeginDraft()!;
        draft.Append(Text("c"));
        _core.Truncate(1);
        Assert.True(draft.IsStale);
        Assert.False(draft.TryRead(0, out _));
        _core.Flush(draft);
        Assert.Single(_files.Run(_core).OfType<OrderFailed>());
    }

    [Fact]
    public void Kept_blocks_are_shown_to_nobody_and_can_be_dropped()
    {
        CoreDraft draft = _core.BeginDraft()!;
        draft.Append(Text("c"), Text("d"));
        _core.Keep(draft);
        IReadOnlyList<CoreEffect> effects = _files.Run(_core);
        Assert.DoesNotContain(effects, effect => effect is Appended or BlocksAvailable);
        Assert.Equal((2, 4, false), (_core.Tree.Length, _core.PendingLength, _core.Has(2)));
        _core.Append([Text("x")]);
        Assert.Single(_files.Run(_core).OfType<OrderFailed>());

        _core.DropPending();
        _core.Append([Text("x")]);
        _files.Run(_core);
        HypercoreMachine reopened = HypercoreMachine.Open(_files, new HypercoreOptions());
        Assert.Equal((3, 3), (reopened.Tree.Length, reopened.PendingLength));
        Assert.Null(CoreAudit.FindFault(reopened));
    }

    [Fact]
    public void Signed_blocks_behind_a_lost_header_are_won_back_by_a_restored_draft()
    {
        Fixture fixture = new("core-10-crash-header");
        HypercoreMachine core = HypercoreMachine.Open(fixture.Files, fixture.Options);
        CoreDraft draft = core.BeginDraft(DraftStart.Restored)!;
        Assert.Equal((1, 5), (core.Tree.Length, draft.Length));
        core.Flush(draft);
        fixture.Files.Run(core);
        Fixture whole = new("core-10-5-blocks");
        Assert.Equal(HypercoreMachine.Open(whole.Files, whole.Options).Tree.Hash, core.Tree.Hash);
        Assert.True(core.Writable);
    }

    private static string Read(CoreDraft draft, long index)
    {
        Assert.True(draft.TryRead(index, out ReadOnlyMemory<byte> block));
        return Encoding.UTF8.GetString(block.Span);
    }

    private static ReadOnlyMemory<byte> Text(string text) => Encoding.UTF8.GetBytes(text);
}

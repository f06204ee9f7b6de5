using AuctionActors.Protocol.Tests.Hypercore.Files;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Drafts;
using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Protocol.Tests.Hypercore;

/// <summary>Cuts and holes in a core whose stored nodes have been changed on the disk.</summary>
public sealed class DamagedCutTests : DamageKit
{
    private const int InHash = 20;
    private const int InSize = 0;

    // Against each other, so that their sum, which is all that the node above them says, stays as it is.
    private const int InSizesOfSiblings = -1;

    [Theory]
    [InlineData(InHash)]
    [InlineData(InSize)]
    [InlineData(InSizesOfSiblings)]
    public void A_cut_that_a_damaged_node_would_falsify_is_refused_and_no_other(int at)
    {
        int refused = 0, made = 0;
        for (int length = 1; length < Length; length++)
        {
            MerkleTree expected = Cut(Files.Copy(), length, out _)!;
            for (long index = 0; index < 2 * Length; index++)
            {
                if (IsRoot(index) || !Writer.TryGet(index, out _))
                    continue;
                MemoryCoreFiles files = Files.Copy();
                Damage(files, index, at);
                MerkleTree? cut = Cut(files, length, out OrderFailed? refusal);
                if (cut is not null)
                {
                    Assert.Equal((expected.Hash, expected.ByteLength), (cut.Hash, cut.ByteLength));
                    made++;
                    continue;
                }

                refused++;
                Assert.Equal(CoreFailure.Damaged, refusal!.Failure);
                Assert.Contains("tree at byte", refusal.Reason, StringComparison.Ordinal);
                Assert.Equal(Writer.Tree.Hash, HypercoreMachine.Open(files, s_options).Tree.Hash);
            }
        }

        Assert.InRange(refused, Length, made);
    }

    [Theory]
    [InlineData(InHash)]
    [InlineData(InSize)]
    [InlineData(InSizesOfSiblings)]
    public void A_hole_spares_the_bytes_of_other_blocks_whatever_node_is_damaged(int at)
    {
        for (int start = 0; start < Length; start += 3)
        {
            (long from, long to) = (OffsetOf(start), OffsetOf(start + 2));
            for (long index = 0; index < 2 * Length; index++)
            {
                if (IsRoot(index) || !Writer.TryGet(index, out _))
                    continue;
                MemoryCoreFiles files = Files.Copy();
                Damage(files, index, at);
                HypercoreMachine core = HypercoreMachine.Open(files, s_options);
                core.Clear(start, start + 2);
                files.Run(core);
                Assert.False(core.Bitfield.Get(start) || core.Bitfield.Get(start + 1));
                byte[] before = Files.Bytes(CoreFile.Data), after = files.Bytes(CoreFile.Data);
                Assert.Equal(before[..(int)from], after[..(int)from]);
                Assert.Equal(before[(int)to..], after[(int)to..]);
            }
        }
    }

    [Theory]
    [InlineData(InHash)]
    [InlineData(InSize)]
    public void A_draft_is_begun_behind_no_root_that_contradicts_what_is_below_it(int at)
    {
        MemoryCoreFiles kept = Files.Copy();
        HypercoreMachine writer = HypercoreMachine.Open(kept, s_options);
        CoreDraft draft = writer.BeginDraft()!;
        draft.Append(Blocks(Length, 7));
        writer.Keep(draft);
        kept.Run(writer);
        Assert.Equal(Length + 7, HypercoreMachine.Open(kept, s_options).BeginDraft(DraftStart.Restored)!.Length);
        foreach (long index in FlatTreeIndex.Roots(Length + 7).Where(index => !IsRoot(index)))
        {
            MemoryCoreFiles files = kept.Copy();
            Spoil(files, CoreFile.Tree, (40 * index) + at);
            Assert.Null(HypercoreMachine.Open(files, s_options).BeginDraft(DraftStart.Restored));
        }

        Assert.Equal(16, writer.BeginDraft(checkout: 16)!.Length);
        Spoil(kept, CoreFile.Tree, (40 * 15) + at);
        Assert.Null(HypercoreMachine.Open(kept, s_options).BeginDraft(checkout: 16));
    }

    private static void Damage(MemoryCoreFiles files, long index, int at)
    {
        if (at != InSizesOfSiblings)
        {
            Spoil(files, CoreFile.Tree, (40 * index) + at);
            return;
        }

        files.Bytes(CoreFile.Tree)[40 * index]++;
        files.Bytes(CoreFile.Tree)[40 * FlatTreeIndex.Sibling(index)]--;
    }

    private long OffsetOf(long block)
    {
        Assert.True(Writer.Tree.TryByteOffset(Writer, 2 * Math.Min(block, Length), out long offset));
        return offset;
    }

    // Null when it was refused.
    private static MerkleTree? Cut(MemoryCoreFiles files, long length, out OrderFailed? refusal)
    {
        HypercoreMachine core = HypercoreMachine.Open(files, s_options);
        CoreOrder order = core.Truncate(length);
        List<CoreEffect> effects = files.Run(core);
        refusal = effects.OfType<OrderFailed>().SingleOrDefault(failed => failed.Order == order);
        return refusal is null ? core.Tree : null;
    }
}

using System.Text;
using AuctionActors.Protocol.Tests.Hypercore.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Bitfield;
using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Protocol.Tests.Hypercore;

/// <summary>Blocks that are forgotten, and the lengths at which a page of the bitfield is full.</summary>
public sealed class ClearingTests
{
    private const int Page = BlockBitfield.BitsPerPage;

    private readonly MemoryCoreFiles _files = new();

    [Fact]
    public void One_block_of_many_is_cleared_and_its_neighbours_stay()
    {
        HypercoreMachine core = NewWriter(129);
        Run(core, core.Clear(127, 128));
        AssertHoles(core, (127, 128));
        AssertHoles(Reopen(), (127, 128));
    }

    [Fact]
    public void Runs_across_the_borders_of_pages_are_cleared_exactly()
    {
        HypercoreMachine core = NewWriter((3 * Page) + 100);
        (int Start, int End)[] holes = [(100, 1000), (Page - 10, Page + 10), (2 * Page, 3 * Page), ((3 * Page) + 90, (3 * Page) + 98)];
        foreach ((int start, int end) in holes)
            Run(core, core.Clear(start, end));
        AssertHoles(core, holes);
        AssertHoles(Reopen(), holes);
        Assert.Null(CoreAudit.FindFault(core));
    }

    [Theory]
    [InlineData(Page - 1)]
    [InlineData(Page)]
    [InlineData(Page + 1)]
    public void A_core_that_ends_at_the_border_of_a_page_is_contiguous_up_to_there(int length)
    {
        HypercoreMachine core = NewWriter(length);
        foreach (HypercoreMachine one in (HypercoreMachine[])[core, Reopen()])
        {
            Assert.Equal(length, one.ContiguousLength);
            Assert.True(one.Has(length - 1));
            Assert.False(one.Bitfield.Get(length));
        }
    }

    [Fact]
    public void Clearing_what_is_not_there_changes_nothing()
    {
        HypercoreMachine core = NewWriter(3);
        Run(core, core.Clear(1337, 1338));
        Run(core, core.Clear(2, 2));
        core.Clear(-1, 2);
        Assert.Contains(_files.Run(core), effect => effect is OrderFailed { Failure: CoreFailure.OutOfRange });
        AssertHoles(core);
        MemoryCoreFiles copyFiles = new();
        HypercoreMachine copy = HypercoreMachine.Create(copyFiles, CoreIdentity.ForReader(core.Key), HypercoreOptions.AsUpstream);
        for (long block = 0; block < 3; block++)
            copy.Clear(block, block + 1);
        Assert.Equal(3, copyFiles.Run(copy).Count(effect => effect is OrderCompleted));
        Assert.True(core.TryProve(new ProofRequest(Upgrade: new UpgradeTarget(0, 3)), out MerkleProof proof, out _));
        Assert.Equal(ProofOutcome.Accepted, copy.Accept(proof with { Manifest = core.Manifest }));
        for (long block = 0; block < 3; block++)
            copy.Clear(block, block + 1);
        Assert.Equal(3, copyFiles.Run(copy).Count(effect => effect is OrderCompleted));
        Assert.Null(CoreAudit.FindFault(copy));
    }

    [Fact]
    public void The_tree_of_an_earlier_length_is_the_one_that_stood_there()
    {
        HypercoreMachine core = NewWriter(0);
        List<Bytes32> hashes = [core.Tree.Hash];
        for (int i = 0; i < 20; i++)
        {
            Run(core, core.Append([Block(i)]));
            hashes.Add(core.Tree.Hash);
        }

        Run(core, core.Clear(0, 20));
        for (int length = 0; length <= 20; length++)
            Assert.Equal(hashes[length], core.PreviewCut(length)!.Hash);
    }

    [Fact]
    public void A_block_of_the_greatest_length_is_taken_and_none_that_is_longer()
    {
        HypercoreMachine core = NewWriter(0);
        core.Append([new byte[HypercoreOptions.AsUpstream.MaxBlockLength + 1]]);
        Assert.Contains(_files.Run(core), effect => effect is OrderFailed { Failure: CoreFailure.LimitReached });
        Run(core, core.Append([new byte[HypercoreOptions.AsUpstream.MaxBlockLength]]));
        Assert.Equal(15 * 1024 * 1024, core.ByteLength);
    }

    [Fact]
    public void A_header_keeps_the_last_four_cuts()
    {
        HypercoreMachine core = NewWriter(4);
        for (int fork = 1; fork <= 6; fork++)
        {
            Run(core, core.Truncate(2));
            Run(core, core.Append([Block(fork)]));
        }

        HypercoreMachine again = Reopen();
        Assert.Equal((6, 3), (again.Tree.Fork, again.Tree.Length));
        Assert.Equal([(2L, 3L, 2L), (3, 4, 2), (4, 5, 2), (5, 6, 2)], again.Reorgs.Select(cut => (cut.FromFork, cut.ToFork, cut.Ancestors)));
    }

    private HypercoreMachine NewWriter(int length)
    {
        KeyPair pair = KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)8, 32)]));
        HypercoreMachine core = HypercoreMachine.Create(_files, CoreIdentity.ForWriter(pair), HypercoreOptions.AsUpstream);
        _files.Run(core);
        Run(core, core.Append([.. Enumerable.Range(0, length).Select(Block)]));
        return core;
    }

    private HypercoreMachine Reopen()
    {
        HypercoreMachine core = HypercoreMachine.Open(_files, HypercoreOptions.AsUpstream);
        _files.Run(core);
        return core;
    }

    private void Run(HypercoreMachine core, CoreOrder order)
        => Assert.Contains(_files.Run(core), effect => effect is OrderCompleted done && done.Order == order);

    private static void AssertHoles(HypercoreMachine core, params (int Start, int End)[] holes)
    {
        Assert.Equal(holes.Length == 0 ? core.Tree.Length : holes[0].Start, core.ContiguousLength);
        for (int i = 0; i < core.Tree.Length; i++)
        {
            bool stored = core.TryRead(i, out ReadOnlyMemory<byte> block);
            Assert.Equal(holes.All(hole => i < hole.Start || i >= hole.End), stored);
            if (stored)
                Assert.True(block.Span.SequenceEqual(Block(i).Span));
        }
    }

    private static ReadOnlyMemory<byte> Block(int index) => Encoding.UTF8.GetBytes($"block-{index}");
}

using Hyper.Protocol.Hyperbee.Hints;
using Hyper.Protocol.Hyperbee.Reading;

namespace AuctionActors.Protocol.Tests.Hyperbee.Hints;

public sealed class HintAnswerTests
{
    private readonly MemoryLog _log = new();

    public HintAnswerTests()
    {
        BeeBlocks blocks = _log.Open();
        for (int i = 0; i < 3000; i++)
            _log.Put(blocks, Key(i * 7 % 3000), [1]);
    }

    [Fact]
    public void A_lookup_is_answered_with_every_block_that_it_needs()
    {
        ulong[] named = [.. Named(new BeeHint { Get = new KeyHint(_log.Length, Key(1234)) })];
        MemoryLog sparse = new();
        sparse.Blocks.AddRange(_log.Blocks);
        sparse.Hidden.UnionWith(Enumerable.Range(0, 3001).Select(i => (ulong)i).Except(named));
        BeeLookup lookup = new(sparse.Open(), sparse.Length, Key(1234));
        Assert.Equal(BeeProgress.Done, lookup.Advance());
        Assert.NotNull(lookup.Entry);
        Assert.InRange(named.Length, 4, 40);
    }

    [Fact]
    public void A_scan_is_answered_in_groups_and_with_no_more_than_upstream_names()
    {
        HintAnswer answer = HintAnswer.For(new BeeHint { Scan = new ScanHint(_log.Length, BeeRange.All, []) }, _log.Open(), _log.Length).Single();
        Assert.True(answer.Advance());
        List<BeeHint> messages = [];
        while (answer.TryTake(atEnd: true, out BeeHint message))
            messages.Add(message);
        Assert.Equal(17, messages.Count);
        Assert.All(messages, message => Assert.Equal(128, message.Blocks!.Sequences.Count));
        Assert.All(messages, message => Assert.All(message.Blocks!.Sequences, one => Assert.InRange(one, message.Blocks.Start, message.Blocks.End - 1)));
        ulong[] named = [.. messages.SelectMany(message => message.Blocks!.Sequences)];
        Assert.Equal(HintAnswer.MaxBlocks, named.Distinct().Count());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_scan_under_way_says_where_it_stands_and_the_answer_begins_there(bool reverse)
    {
        BeeRange range = new() { GreaterOrEqual = Key(500), LessThan = Key(2500), Reverse = reverse };
        BeeScan scan = new(_log.Open(), _log.Length, range);
        List<ulong> before = [], after = [];
        for (int i = 0; i < 900; i++)
            before.Add(Next(scan)!.Sequence);
        BeeHint hint = scan.TakeHint()!;
        Assert.Null(scan.TakeHint());
        while (Next(scan) is { } entry)
            after.Add(entry.Sequence);
        Assert.True(BeeHint.TryReadPayload(hint.ToPayload(), out BeeHint sent));
        HashSet<ulong> named = [.. Named(sent)];
        Assert.Empty(after.Except(named).Except(hint.Scan!.Checkpoint));
        Assert.InRange(named.Count, after.Count, after.Count + 300);
        Assert.InRange(before.Count(named.Contains), 0, 300);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3002)]
    public void A_version_that_is_not_here_is_not_answered(ulong version)
    {
        BeeHint hint = new() { Get = new KeyHint(version, Key(1)), Scan = new ScanHint(version, BeeRange.All, []) };
        Assert.Empty(HintAnswer.For(hint, _log.Open(), _log.Length));
    }

    [Fact]
    public void An_answer_ends_at_a_block_that_is_not_stored()
    {
        for (ulong i = 1; i < _log.Length - 1; i++)
            _log.Hidden.Add(i);
        HintAnswer answer = HintAnswer.For(new BeeHint { Get = new KeyHint(_log.Length, Key(1)) }, _log.Open(), _log.Length).Single();
        Assert.False(answer.Advance());
        answer.Unavailable(answer.NeedBlock!.Value);
        Assert.True(answer.Advance());
        Assert.True(answer.TryTake(atEnd: true, out BeeHint named));
        Assert.Equal(2, named.Blocks!.Sequences.Count);
    }

    [Theory]
    [InlineData(new ulong[] { 1 })]
    [InlineData(new ulong[] { 1, 1UL << 40, 0 })]
    [InlineData(new ulong[] { 1, 0, 1UL << 40 })]
    public void A_place_where_no_scan_stands_is_not_answered(ulong[] checkpoint)
        => Assert.Empty(Named(new BeeHint { Scan = new ScanHint(_log.Length, BeeRange.All, checkpoint) }));

    [Fact]
    public void Places_beyond_the_depth_of_any_tree_are_not_answered()
        => Assert.Empty(Named(new BeeHint { Scan = new ScanHint(_log.Length, BeeRange.All, [.. Enumerable.Repeat(1UL, 3 * 33)]) }));

    [Theory]
    [InlineData(9999UL, 0UL, 0UL)]
    [InlineData(3000UL, 77UL, 0UL)]
    [InlineData(3000UL, 0UL, 999UL)]
    public void A_place_outside_the_tree_ends_the_answer(ulong sequence, ulong level, ulong step)
        => Assert.Empty(Named(new BeeHint { Scan = new ScanHint(_log.Length, BeeRange.All, [sequence, level, step]) }));

    [Fact]
    public void Blocks_are_fetched_only_as_far_as_something_was_asked_and_can_exist()
    {
        HintIntake intake = new();
        Assert.Empty(intake.Accept(new BlockHint(1, 100, [1, 2, 3]), 50));
        intake.HandleAsked(new BeeHint { Get = new KeyHint(50, Key(1)) });
        Assert.Equal([2UL, 49UL], intake.Accept(new BlockHint(2, 100, [0, 1, 2, 49, 50, 99]), 50));
        ulong[] many = [.. Enumerable.Range(1, 5000).Select(i => (ulong)i)];
        Assert.Equal(254, intake.Accept(new BlockHint(0, 9999, many), 9999).Count);
        for (int i = 0; i < 1000; i++)
            intake.HandleAsked(new BeeHint { Scan = new ScanHint(50, BeeRange.All, []) });
        Assert.Equal(2 * HintAnswer.MaxBlocks, intake.Accept(new BlockHint(0, 9999, many), 9999).Count);
        Assert.Equal(3 + 4 + (5000 - 254) + (5000 - (2 * HintAnswer.MaxBlocks)), intake.Refused);
    }

    private static BeeEntry? Next(BeeScan scan)
    {
        Assert.Equal(BeeProgress.Done, scan.Next(out BeeEntry? entry));
        return entry;
    }

    private static byte[] Key(int number) => [(byte)(number >> 8), (byte)number];

    private IEnumerable<ulong> Named(BeeHint hint)
    {
        foreach (HintAnswer answer in HintAnswer.For(hint, _log.Open(), _log.Length))
        {
            Assert.True(answer.Advance());
            while (answer.TryTake(atEnd: true, out BeeHint named))
                foreach (ulong sequence in named.Blocks!.Sequences)
                    yield return sequence;
        }
    }
}

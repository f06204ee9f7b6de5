using System.Text;
using System.Text.Json;
using CsCheck;
using Hyper.Protocol.Hyperbee.Nodes;
using Hyper.Protocol.Hyperbee.Reading;

namespace AuctionActors.Protocol.Tests.Hyperbee;

public sealed class BeeDiffTests
{
    [Fact]
    public void Differs_from_version_300_as_JavaScript_says()
    {
        JsonElement stress = Vectors.Load("hyperbee.json").RootElement.GetProperty("stress");
        MemoryLog log = new();
        BeeBlocks blocks = log.Open();
        foreach (JsonElement operation in stress.GetProperty("ops").EnumerateArray())
        {
            byte[] key = Encoding.UTF8.GetBytes(operation[1].GetString()!);
            if (operation[0].GetString() == "put")
                log.Put(blocks, key, Encoding.UTF8.GetBytes(operation[2].GetString()!));
            else
                log.Delete(blocks, key);
        }

        string Side(JsonElement one) => one.ValueKind == JsonValueKind.Null ? "none" : $"{one[0].GetUInt64()} {one[1].GetString()}";
        IEnumerable<string> expected = stress.GetProperty("diffStreamFromVersion300").EnumerateArray()
            .Select(one => $"{Side(one.GetProperty("left"))} / {Side(one.GetProperty("right"))}");
        Assert.Equal(expected, Diff(log, log.Length, 300).Select(one => $"{Describe(one.Left)} / {Describe(one.Right)}"));
    }

    [Fact]
    public void Is_what_a_comparison_of_both_contents_finds()
        => Gen.Select(Gen.Int[1, 400], Gen.Int[0, 400], Gen.Int[0, 1 << 20], Gen.Int[0, 120], Gen.Int[0, 120]).Sample(
            (operations, other, seed, low, high) =>
            {
                MemoryLog log = Fill(operations, seed);
                ulong left = log.Length, right = (ulong)Math.Clamp(other, 1, (int)left);
                BeeRange range = new() { GreaterOrEqual = Key(low), LessThan = Key(high) };
                foreach (BeeRange bounds in (BeeRange[])[BeeRange.All, range])
                {
                    Assert.Equal(
                        Naive(log, left, right, bounds),
                        Diff(log, left, right, bounds).Select(one => $"{Describe(one.Left)} / {Describe(one.Right)}"));
                }
            },
            iter: 150);

    [Fact]
    public void Skips_what_both_versions_share()
    {
        MemoryLog log = Fill(2000, 7);
        ulong before = log.Length;
        log.Put(log.Open(), Key(60), [1]);
        int reads = 0;
        BeeBlocks counted = new((ulong sequence, out ReadOnlyMemory<byte> block) =>
        {
            reads++;
            block = log.Blocks[(int)sequence];
            return true;
        });
        BeeDiff diff = new(counted, log.Length, before);
        Assert.Equal(BeeProgress.Done, diff.Next(out BeeDifference? one));
        Assert.NotNull(one);
        Assert.Equal(BeeProgress.Done, diff.Next(out one));
        Assert.Null(one);
        Assert.InRange(reads, 1, 40);
    }

    [Fact]
    public void Two_hostile_trees_do_not_make_it_walk_for_ever()
    {
        MemoryLog log = new();
        log.Blocks.Add(new BeeHeader().Encode());
        for (ulong block = 1; block <= 2; block++)
        {
            ulong self = block;
            TreeLevel Fan(int level) => new([self, self, self], [.. Enumerable.Repeat(new NodeAddress(self, level + 1), 4)]);
            TreeLevel[] levels = [.. Enumerable.Range(0, 25).Select(Fan), new TreeLevel([self], [])];
            log.Blocks.Add(BlockBytes.Of([1], [1], levels));
        }

        BeeDiff diff = new(log.Open(), 3, 2);
        BeeProgress progress = BeeProgress.Done;
        for (int i = 0; i < 10 && progress == BeeProgress.Done; i++)
            progress = diff.Next(out _);
        Assert.Equal((BeeProgress.Failed, BeeFault.MalformedTree), (progress, diff.Fault));
    }

    private static MemoryLog Fill(int operations, int seed)
    {
        Random random = new(seed);
        MemoryLog log = new();
        BeeBlocks blocks = log.Open();
        log.Put(blocks, Key(0), [0]);
        for (int i = 0; i < operations; i++)
        {
            if (random.Next(3) == 0)
                log.Delete(blocks, Key(random.Next(120)));
            else
                log.Put(blocks, Key(random.Next(120)), [(byte)i]);
        }

        return log;
    }

    private static byte[] Key(int number) => Encoding.UTF8.GetBytes($"k{number:d3}");

    private static List<BeeDifference> Diff(MemoryLog log, ulong left, ulong right, BeeRange? range = null)
    {
        BeeDiff diff = new(log.Open(), left, right, range);
        List<BeeDifference> found = [];
        while (true)
        {
            Assert.Equal(BeeProgress.Done, diff.Next(out BeeDifference? one));
            if (one is null)
                return found;
            found.Add(one);
        }
    }

    private static IEnumerable<string> Naive(MemoryLog log, ulong left, ulong right, BeeRange range)
    {
        SortedDictionary<string, (BeeEntry? Left, BeeEntry? Right)> all = new(StringComparer.Ordinal);
        foreach (BeeEntry entry in At(log, left, range))
            all[Encoding.UTF8.GetString(entry.Key.Span)] = (entry, null);
        foreach (BeeEntry entry in At(log, right, range))
            all[Encoding.UTF8.GetString(entry.Key.Span)] = (all.GetValueOrDefault(Encoding.UTF8.GetString(entry.Key.Span)).Left, entry);
        return all.Values.Where(pair => pair.Left?.Sequence != pair.Right?.Sequence)
            .Select(pair => $"{Describe(pair.Left)} / {Describe(pair.Right)}");
    }

    private static List<BeeEntry> At(MemoryLog log, ulong version, BeeRange range)
    {
        BeeScan scan = new(log.Open(), version, range);
        List<BeeEntry> entries = [];
        while (scan.Next(out BeeEntry? entry) == BeeProgress.Done && entry is not null)
            entries.Add(entry);
        return entries;
    }

    private static string Describe(BeeEntry? entry)
        => entry is null ? "none" : $"{entry.Sequence} {Encoding.UTF8.GetString(entry.Key.Span)}";
}

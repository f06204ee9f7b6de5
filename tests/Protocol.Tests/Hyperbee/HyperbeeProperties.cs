using CsCheck;
using Hyper.Protocol.Hyperbee.Nodes;
using Hyper.Protocol.Hyperbee.Reading;
using Hyper.Protocol.Hyperbee.Writing;

namespace AuctionActors.Protocol.Tests.Hyperbee;

public sealed class HyperbeeProperties
{
    private sealed class KeyOrder : IComparer<byte[]>
    {
        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }

    private static readonly Gen<byte[]> GenKey
        = Gen.Int[0, 60].Select(number => number % 7 == 0 ? new[] { (byte)number } : [(byte)(number / 8), (byte)number]);

    private static readonly Gen<(bool IsPut, byte[] Key)[]> GenWrites
        = Gen.Select(Gen.Int[0, 2], GenKey, (kind, key) => (kind != 0, key)).Array[0, 150];

    [Fact]
    public void Answers_like_a_sorted_map_whatever_is_written_and_whichever_blocks_come_late()
        => Gen.Select(GenWrites, Gen.Bool).Sample(
            (writes, batched) =>
            {
                MemoryLog log = new();
                BeeBlocks blocks = log.Open(new BeeOptions { CachedBlocks = 3 });
                SortedDictionary<byte[], byte[]> model = new(new KeyOrder());
                foreach ((bool IsPut, byte[] Key)[] chunk in writes.Chunk(batched ? 20 : 1))
                    WriteChunk(log, blocks, model, chunk);
                for (ulong sequence = 1; sequence < log.Length; sequence += 2)
                    log.Hidden.Add(sequence);
                AssertSame(model.ToList(), log.Scan(log.Open(new BeeOptions { CachedBlocks = 3 })));
                AssertSame(model.Reverse().ToList(), log.Scan(log.Open(), new BeeRange { Reverse = true }));
                BeeBlocks reader = log.Open();
                foreach ((_, byte[] key) in writes)
                    Assert.Equal(model.TryGetValue(key, out byte[]? value) ? value : null, log.Get(reader, key)?.Value?.ToArray());
            },
            iter: 60);

    [Fact]
    public void A_range_holds_exactly_the_keys_within_its_bounds()
        => Gen.Select(GenWrites, GenKey, GenKey, Gen.Int[0, 3], Gen.Bool, Gen.Int[0, 20]).Sample(
            (writes, low, high, kind, reverse, limit) =>
            {
                MemoryLog log = new();
                BeeBlocks blocks = log.Open();
                SortedDictionary<byte[], byte[]> model = new(new KeyOrder());
                WriteChunk(log, blocks, model, writes);
                BeeRange range = new()
                {
                    GreaterThan = kind % 2 == 0 ? Bound(low) : Bound(null),
                    GreaterOrEqual = kind % 2 == 0 ? Bound(null) : Bound(low),
                    LessThan = kind < 2 ? Bound(high) : Bound(null),
                    LessOrEqual = kind < 2 ? Bound(null) : Bound(high),
                    Reverse = reverse,
                    Limit = limit,
                };
                IEnumerable<KeyValuePair<byte[], byte[]>> expected = model.Where(pair => IsWithin(pair.Key, range));
                AssertSame((reverse ? expected.Reverse() : expected).Take(limit).ToList(), log.Scan(blocks, range));
            },
            iter: 200);

    [Fact]
    public void Nodes_keep_between_four_and_eight_keys()
        => GenWrites.Sample(
            writes =>
            {
                MemoryLog log = new();
                BeeBlocks blocks = log.Open();
                foreach ((bool IsPut, byte[] Key)[] chunk in writes.Chunk(1))
                    WriteChunk(log, blocks, new SortedDictionary<byte[], byte[]>(new KeyOrder()), chunk);
                for (int sequence = 1; sequence < log.Blocks.Count; sequence++)
                {
                    Assert.True(BeeBlock.TryDecode((ulong)sequence, log.Blocks[sequence], out BeeBlock? block));
                    Assert.True(block.TryGetLevels(out IReadOnlyList<TreeLevel?>? levels));
                    Assert.All(levels, (level, index) => Assert.InRange(level!.Keys.Length, index == 0 ? 0 : 4, 8));
                }
            },
            iter: 40);

    [Fact]
    public void Random_bytes_never_throw()
        => Gen.Byte.Array[0, 200].Sample(bytes =>
        {
            if (BeeBlock.TryDecode(9, bytes, out BeeBlock? block))
                _ = block.TryGetLevels(out _);
            _ = BeeHeader.TryDecode(bytes, out _);
        });

    [Fact]
    public void Damaged_blocks_end_a_read_instead_of_hanging_or_throwing()
        => Gen.Select(Gen.Int[1, 40], Gen.Int[0, 100], Gen.Byte).Sample(
            (sequence, offset, value) =>
            {
                MemoryLog log = new();
                BeeBlocks blocks = log.Open();
                for (byte i = 0; i < 40; i++)
                    log.Put(blocks, [i], [i]);
                byte[] damaged = log.Blocks[sequence];
                damaged[offset % damaged.Length] = value;
                BeeScan scan = new(log.Open(), log.Length);
                int steps = 0;
                while (scan.Next(out BeeEntry? entry) == BeeProgress.Done && entry is not null)
                    Assert.True(steps++ < 1000);
            },
            iter: 300);

    private static void WriteChunk(
        MemoryLog log, BeeBlocks blocks, SortedDictionary<byte[], byte[]> model, (bool IsPut, byte[] Key)[] chunk)
        => log.Write(blocks, batch =>
        {
            foreach ((bool isPut, byte[] key) in chunk)
            {
                byte[] value = [.. key, (byte)batch.Count];
                BeeWrite write = isPut ? batch.Put(key, value) : batch.Delete(key);
                Assert.True(write is BeeWrite.Written or BeeWrite.Unchanged);
                if (isPut)
                    model[key] = value;
                else
                    model.Remove(key);
            }

            return BeeWrite.Written;
        });

    private static ReadOnlyMemory<byte>? Bound(byte[]? key) => key is null ? default(ReadOnlyMemory<byte>?) : key;

    private static bool IsWithin(byte[] key, BeeRange range)
    {
        ReadOnlySpan<byte> bytes = key;
        return (range.GreaterThan is not { } above || bytes.SequenceCompareTo(above.Span) > 0)
            && (range.GreaterOrEqual is not { } from || bytes.SequenceCompareTo(from.Span) >= 0)
            && (range.LessThan is not { } below || bytes.SequenceCompareTo(below.Span) < 0)
            && (range.LessOrEqual is not { } to || bytes.SequenceCompareTo(to.Span) <= 0);
    }

    private static void AssertSame(List<KeyValuePair<byte[], byte[]>> expected, List<BeeEntry> actual)
    {
        Assert.Equal(expected.Select(pair => Convert.ToHexString(pair.Key)), actual.Select(entry => Convert.ToHexString(entry.Key.Span)));
        Assert.Equal(
            expected.Select(pair => Convert.ToHexString(pair.Value)),
            actual.Select(entry => Convert.ToHexString(entry.Value!.Value.Span)));
    }
}

using CsCheck;
using Hyper.Protocol.HypercoreReplication.Blocks;

namespace AuctionActors.Protocol.Tests.HypercoreReplication;

public sealed class BlockSetProperties
{
    private const int Universe = 70_000;

    private static readonly Gen<(int Kind, int Start, int Length)> GenChange
        = Gen.Select(Gen.Int[0, 3], Gen.Int[0, Universe / 32], Gen.Int[0, 3000], (kind, word, length) => (kind, word * 32, length));

    [Fact]
    public void Behaves_like_a_set_of_numbers()
        => GenChange.Array[0, 12].Sample(
            changes =>
            {
                BlockSet set = new();
                SortedSet<long> model = [];
                foreach ((int kind, int start, int length) in changes)
                    Apply(set, model, kind, start, length);
                long contiguous = 0;
                while (model.Contains(contiguous))
                    contiguous++;
                Assert.Equal(contiguous, set.Contiguous);
                for (long index = 0; index < Universe + 4000; index += 17)
                    Assert.Equal(model.Contains(index), set.Contains(index));
                Assert.Equal(model.GetViewBetween(5000, 9999), Present(set, 5000, 10_000));
            },
            iter: 100);

    [Fact]
    public void A_claim_of_everything_costs_no_memory_and_no_time()
    {
        BlockSet set = new(maxPages: 4);
        set.Add(5, (1L << 53) - 1);
        set.Add(0, (1L << 53) - 1);
        Assert.True(set.Contains(1L << 52));
        set.Remove(3, 1);
        Assert.False(set.Contains(3));
        Assert.True(set.Contains(4));
        set.Remove(0, (1L << 53) - 1);
        Assert.Equal(-1, set.NextPresent(0, 1L << 53));
    }

    private static void Apply(BlockSet set, SortedSet<long> model, int kind, int start, int length)
    {
        switch (kind)
        {
            case 0:
                set.Add(start, length);
                model.UnionWith(Enumerable.Range(start, length).Select(index => (long)index));
                break;
            case 1:
                set.Add(0, length);
                model.UnionWith(Enumerable.Range(0, length).Select(index => (long)index));
                break;
            case 2:
                set.Remove(start, length);
                model.RemoveWhere(index => index >= start && index < start + length);
                break;
            default:
                byte[] bits = [.. Enumerable.Range(0, length / 32 * 4).Select(index => (byte)(index * 37 ^ start))];
                set.Replace(start, bits);
                for (int bit = 0; bit < bits.Length * 8; bit++)
                    _ = (bits[bit / 8] >> (bit % 8) & 1) != 0 ? model.Add(start + bit) : model.Remove(start + bit);
                break;
        }
    }

    private static IEnumerable<long> Present(BlockSet set, long from, long end)
    {
        for (long index = set.NextPresent(from, end); index >= 0; index = set.NextPresent(index + 1, end))
            yield return index;
    }
}

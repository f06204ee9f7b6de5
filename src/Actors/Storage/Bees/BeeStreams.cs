using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Hyper.Protocol.Hyperbee.Reading;

namespace Hyper.Actors.Storage.Bees;

/// <summary>Reads of a bee that may be long, a page at a time.</summary>
public static class BeeStreams
{
    private const int PageItems = 512;

    /// <summary>The entries of a range in one version.</summary>
    public static async IAsyncEnumerable<BeeEntry> ScanAsync(
        this BeeClient bee, BeeRange range, long version, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        int left = range.Limit ?? int.MaxValue;
        while (left > 0)
        {
            ImmutableArray<BeeEntry> page = await bee.ListAsync(range with { Limit = Math.Min(left, PageItems) }, version)
                .WaitAsync(cancellation).ConfigureAwait(false);
            foreach (BeeEntry entry in page)
                yield return entry;
            if (page.IsEmpty)
                yield break;
            left -= page.Length;
            range = After(range, page[^1].Key);
        }
    }

    /// <summary>What the left version holds otherwise than the right one.</summary>
    public static async IAsyncEnumerable<BeeDifference> DifferencesAsync(
        this BeeClient bee, long left, long right, BeeRange range, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        int rest = range.Limit ?? int.MaxValue;
        while (rest > 0)
        {
            ImmutableArray<BeeDifference> page = await bee.DiffAsync(right, left, range with { Limit = Math.Min(rest, PageItems) })
                .WaitAsync(cancellation).ConfigureAwait(false);
            foreach (BeeDifference difference in page)
                yield return difference;
            if (page.IsEmpty)
                yield break;
            rest -= page.Length;
            range = After(range, (page[^1].Left ?? page[^1].Right)!.Key);
        }
    }

    /// <summary>The changes that the blocks in [<paramref name="from"/>, <paramref name="to"/>) made.</summary>
    public static async IAsyncEnumerable<BeeChange> ChangesAsync(
        this BeeClient bee, long from, long to, bool reverse = false, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (from < to)
        {
            ImmutableArray<BeeChange> page = await bee.HistoryAsync(from, to, reverse, PageItems).WaitAsync(cancellation).ConfigureAwait(false);
            foreach (BeeChange change in page)
                yield return change;
            if (page.IsEmpty)
                yield break;
            long last = (long)page[^1].Entry.Sequence;
            (from, to) = reverse ? (from, last) : (last + 1, to);
        }
    }

    /// <summary>The changes from a block on, and those to come, without an end; after a cut it goes on with what is written from there.</summary>
    public static async IAsyncEnumerable<BeeChange> FollowAsync(
        this BeeClient bee, long from, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        from = Math.Max(1, from);
        while (true)
        {
            BeeProtocol.History page = await bee.FollowAsync(from, PageItems, cancellation).ConfigureAwait(false);
            foreach (BeeChange change in page.Found)
                yield return change;
            from = page.CutTo ?? (page.Found.IsEmpty ? from : (long)page.Found[^1].Entry.Sequence + 1);
        }
    }

    private static BeeRange After(BeeRange range, ReadOnlyMemory<byte> last)
        => range.Reverse
            ? range with { LessThan = last, LessOrEqual = null }
            : range with { GreaterThan = last, GreaterOrEqual = null };
}

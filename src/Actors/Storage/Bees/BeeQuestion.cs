using System.Collections.Immutable;
using Akka.Actor;
using Hyper.Protocol.Hyperbee.Reading;

namespace Hyper.Actors.Storage.Bees;

/// <summary>A read under way for one asker.</summary>
internal abstract class BeeQuestion(IActorRef asker, long request, BeeOperation operation)
{
    public IActorRef Asker => asker;

    public long Request => request;

    public BeeOperation Operation => operation;

    /// <summary>Goes on until the answer is there, a block is missing or the read has failed.</summary>
    public abstract BeeProgress Advance();

    /// <summary>What the asker is told; null when it is nothing this time.</summary>
    public abstract BeeProtocol.IEvent? Answer();

    public static BeeQuestion For(BeeProtocol.IQuery query, IActorRef asker, BeeBlocks blocks, long length, BeeActorOptions options)
    {
        switch (query)
        {
            case BeeProtocol.Get get:
                return new LookupQuestion(asker, get.Request, new BeeLookup(blocks, Version(get.Version, length), get.Key));
            case BeeProtocol.GetRange range:
                BeeScan scan = new(blocks, Version(range.Version, length), range.Range);
                return new ListQuestion<BeeEntry>(
                    asker, range.Request, scan, scan.Next, AnswerLimits.Of(options), BytesOf,
                    (found, isCut) => new BeeProtocol.Entries(range.Request, found, isCut));
            case BeeProtocol.GetHistory past:
                BeeHistory history = History(past, blocks, length);
                return new ListQuestion<BeeChange>(
                    asker, past.Request, history, history.Next, AnswerLimits.Of(options, past.Limit), change => BytesOf(change.Entry),
                    (found, isCut) => new BeeProtocol.History(past.Request, found, isCut));
            case BeeProtocol.GetDifferences two:
                BeeDiff diff = new(blocks, Version(two.Left, length), Version(two.Right, length), two.Range);
                return new ListQuestion<BeeDifference>(
                    asker, two.Request, diff, diff.Next, AnswerLimits.Of(options), one => BytesOf(one.Left) + BytesOf(one.Right),
                    (found, isCut) => new BeeProtocol.Differences(two.Request, found, isCut));
            default:
                throw new ArgumentOutOfRangeException(nameof(query), query.GetType().Name);
        }
    }

    private static ulong Version(long? version, long length) => (ulong)Math.Clamp(version ?? length, 1, Math.Max(1, length));

    private static long BytesOf(BeeEntry? entry) => entry is null ? 0 : entry.Key.Length + (entry.Value?.Length ?? 0);

    private static BeeHistory History(BeeProtocol.GetHistory history, BeeBlocks blocks, long length)
    {
        ulong Position(long position) => (ulong)Math.Clamp(position < 0 ? position + length : position, 1, Math.Max(1, length));
        return new BeeHistory(blocks, (ulong)length, Position(history.From), Position(history.To ?? length), history.Reverse);
    }

    /// <summary>The next item; null behind the last one.</summary>
    private delegate BeeProgress Step<T>(out T? item);

    private sealed class LookupQuestion(IActorRef asker, long request, BeeLookup lookup) : BeeQuestion(asker, request, lookup)
    {
        public override BeeProgress Advance() => lookup.Advance();

        public override BeeProtocol.IEvent Answer() => new BeeProtocol.Entry(Request, lookup.Entry);
    }

    /// <summary>How much one answer holds.</summary>
    /// <param name="Items">After which it ends; fewer than the actor's own limit only when the asker wants no more.</param>
    /// <param name="Bytes">After which it ends and says so.</param>
    /// <param name="IsWish">Whether the asker wants no more items.</param>
    private readonly record struct AnswerLimits(int Items, long Bytes, bool IsWish)
    {
        public static AnswerLimits Of(BeeActorOptions options, int? wanted = null)
            => new(Math.Min(wanted ?? int.MaxValue, options.MaxEntries), options.MaxAnswerBytes, wanted <= options.MaxEntries);
    }

    private sealed class ListQuestion<T>(
        IActorRef asker,
        long request,
        BeeOperation walk,
        Step<T> next,
        AnswerLimits limits,
        Func<T, long> size,
        Func<ImmutableArray<T>, bool, BeeProtocol.IEvent> answer)
        : BeeQuestion(asker, request, walk)
        where T : class
    {
        private readonly ImmutableArray<T>.Builder _found = ImmutableArray.CreateBuilder<T>();
        private long _bytes;
        private bool _ended;

        private bool IsFull => _found.Count >= limits.Items || _bytes >= limits.Bytes;

        public override BeeProgress Advance()
        {
            while (!IsFull)
            {
                BeeProgress progress = next(out T? item);
                if (progress == BeeProgress.Done && item is null)
                    _ended = true;
                if (progress != BeeProgress.Done || item is null)
                    return progress;
                _found.Add(item);
                _bytes += size(item);
            }

            return BeeProgress.Done;
        }

        public override BeeProtocol.IEvent Answer()
            => answer(_found.ToImmutable(), !_ended && !(limits.IsWish && _found.Count >= limits.Items));
    }
}

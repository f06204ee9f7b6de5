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

    public static BeeQuestion For(BeeProtocol.IQuery query, IActorRef asker, BeeBlocks blocks, long length, int maxEntries)
    {
        switch (query)
        {
            case BeeProtocol.Get get:
                return new LookupQuestion(asker, get.Request, new BeeLookup(blocks, Version(get.Version, length), get.Key));
            case BeeProtocol.GetRange range:
                BeeScan scan = new(blocks, Version(range.Version, length), range.Range);
                return new ListQuestion<BeeEntry>(
                    asker, range.Request, scan, scan.Next, maxEntries, found => new BeeProtocol.Entries(range.Request, found));
            case BeeProtocol.GetHistory past:
                BeeHistory history = History(past, blocks, length);
                int limit = Math.Min(past.Limit ?? maxEntries, maxEntries);
                return new ListQuestion<BeeChange>(
                    asker, past.Request, history, history.Next, limit, found => new BeeProtocol.History(past.Request, found));
            case BeeProtocol.GetDifferences two:
                BeeDiff diff = new(blocks, Version(two.Left, length), Version(two.Right, length), two.Range);
                return new ListQuestion<BeeDifference>(
                    asker, two.Request, diff, diff.Next, maxEntries, found => new BeeProtocol.Differences(two.Request, found));
            default:
                throw new ArgumentOutOfRangeException(nameof(query), query.GetType().Name);
        }
    }

    private static ulong Version(long? version, long length) => (ulong)Math.Clamp(version ?? length, 1, Math.Max(1, length));

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

    private sealed class ListQuestion<T>(
        IActorRef asker, long request, BeeOperation walk, Step<T> next, int maxItems, Func<ImmutableArray<T>, BeeProtocol.IEvent> answer)
        : BeeQuestion(asker, request, walk)
        where T : class
    {
        private readonly ImmutableArray<T>.Builder _found = ImmutableArray.CreateBuilder<T>();

        public override BeeProgress Advance()
        {
            while (_found.Count < maxItems)
            {
                BeeProgress progress = next(out T? item);
                if (progress != BeeProgress.Done || item is null)
                    return progress;
                _found.Add(item);
            }

            return BeeProgress.Done;
        }

        public override BeeProtocol.IEvent Answer() => answer(_found.ToImmutable());
    }
}

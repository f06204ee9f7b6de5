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

    public static BeeQuestion For(BeeProtocol.IQuery query, IActorRef asker, BeeBlocks blocks, long length, int maxEntries) => query switch
    {
        BeeProtocol.Get get => new LookupQuestion(asker, get.Request, new BeeLookup(blocks, Version(get.Version, length), get.Key)),
        BeeProtocol.GetRange range
            => new RangeQuestion(asker, range.Request, new BeeScan(blocks, Version(range.Version, length), range.Range), maxEntries),
        BeeProtocol.GetHistory history
            => new HistoryQuestion(asker, history.Request, History(history, blocks, length), Math.Min(history.Limit ?? maxEntries, maxEntries)),
        BeeProtocol.GetDifferences differences
            => new DifferenceQuestion(
                asker, differences.Request,
                new BeeDiff(blocks, Version(differences.Left, length), Version(differences.Right, length), differences.Range), maxEntries),
        _ => throw new ArgumentOutOfRangeException(nameof(query), query.GetType().Name),
    };

    private static ulong Version(long? version, long length) => (ulong)Math.Clamp(version ?? length, 1, Math.Max(1, length));

    private static BeeHistory History(BeeProtocol.GetHistory history, BeeBlocks blocks, long length)
    {
        ulong Position(long position) => (ulong)Math.Clamp(position < 0 ? position + length : position, 1, Math.Max(1, length));
        return new BeeHistory(blocks, (ulong)length, Position(history.From), Position(history.To ?? length), history.Reverse);
    }

    private sealed class DifferenceQuestion(IActorRef asker, long request, BeeDiff diff, int maxEntries)
        : BeeQuestion(asker, request, diff)
    {
        private readonly ImmutableArray<BeeDifference>.Builder _found = ImmutableArray.CreateBuilder<BeeDifference>();

        public override BeeProgress Advance()
        {
            while (_found.Count < maxEntries)
            {
                BeeProgress progress = diff.Next(out BeeDifference? difference);
                if (progress != BeeProgress.Done || difference is null)
                    return progress;
                _found.Add(difference);
            }

            return BeeProgress.Done;
        }

        public override BeeProtocol.IEvent Answer() => new BeeProtocol.Differences(Request, _found.ToImmutable());
    }

    private sealed class LookupQuestion(IActorRef asker, long request, BeeLookup lookup) : BeeQuestion(asker, request, lookup)
    {
        public override BeeProgress Advance() => lookup.Advance();

        public override BeeProtocol.IEvent Answer() => new BeeProtocol.Entry(Request, lookup.Entry);
    }

    private sealed class RangeQuestion(IActorRef asker, long request, BeeScan scan, int maxEntries) : BeeQuestion(asker, request, scan)
    {
        private readonly ImmutableArray<BeeEntry>.Builder _entries = ImmutableArray.CreateBuilder<BeeEntry>();

        public override BeeProgress Advance()
        {
            while (_entries.Count < maxEntries)
            {
                BeeProgress progress = scan.Next(out BeeEntry? entry);
                if (progress != BeeProgress.Done || entry is null)
                    return progress;
                _entries.Add(entry);
            }

            return BeeProgress.Done;
        }

        public override BeeProtocol.IEvent Answer() => new BeeProtocol.Entries(Request, _entries.ToImmutable());
    }

    private sealed class HistoryQuestion(IActorRef asker, long request, BeeHistory history, int maxEntries)
        : BeeQuestion(asker, request, history)
    {
        private readonly ImmutableArray<BeeChange>.Builder _changes = ImmutableArray.CreateBuilder<BeeChange>();

        public override BeeProgress Advance()
        {
            while (_changes.Count < maxEntries)
            {
                BeeProgress progress = history.Next(out BeeChange? change);
                if (progress != BeeProgress.Done || change is null)
                    return progress;
                _changes.Add(change);
            }

            return BeeProgress.Done;
        }

        public override BeeProtocol.IEvent Answer() => new BeeProtocol.History(Request, _changes.ToImmutable());
    }
}

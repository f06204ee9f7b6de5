using Akka.Actor;
using Hyper.Protocol.Hyperbee.Reading;

namespace Hyper.Actors.Storage.Bees;

/// <summary>Who wants to hear when a range changes: after each growth the old and the new version are compared within it.</summary>
internal sealed class BeeWatches(BeeBlocks blocks, BeeQuestions questions)
{
    private readonly List<Watch> _watches = [];
    private long _length;

    public int Count => _watches.Count;

    public void Add(IActorRef watcher, BeeProtocol.Watch order, long length)
    {
        _length = length;
        _watches.Add(new Watch(watcher, order) { Version = length });
        watcher.Tell(new BeeProtocol.Watching(order.Request, length));
    }

    public void Remove(IActorRef watcher, long? request = null)
        => _watches.RemoveAll(watch => watch.Watcher.Equals(watcher) && (request is null || watch.Order.Request == request));

    /// <summary>The core has another length; after a cut every range counts as changed.</summary>
    public void HandleLength(long length, bool cut)
    {
        _length = length;
        foreach (Watch watch in _watches.ToArray())
        {
            if (cut)
                Tell(watch, length);
            else
                Compare(watch);
        }
    }

    private void Compare(Watch watch)
    {
        if (watch.IsComparing || watch.Version >= _length)
            return;
        watch.IsComparing = true;
        questions.Add(new Comparison(this, watch, blocks, _length));
    }

    private void Finish(Watch watch, long from, long to, bool differs)
    {
        watch.IsComparing = false;
        if (!_watches.Contains(watch) || watch.Version != from)
            return;
        if (differs)
            Tell(watch, to);
        watch.Version = to;
        Compare(watch);
    }

    private static void Tell(Watch watch, long length)
    {
        watch.Watcher.Tell(new BeeProtocol.RangeChanged(watch.Order.Request, watch.Version, length));
        watch.Version = length;
    }

    private sealed class Watch(IActorRef watcher, BeeProtocol.Watch order)
    {
        public IActorRef Watcher => watcher;

        public BeeProtocol.Watch Order => order;

        public long Version { get; set; }

        public bool IsComparing { get; set; }
    }

    private sealed class Comparison(BeeWatches watches, Watch watch, BeeBlocks blocks, long length)
        : BeeQuestion(watch.Watcher, watch.Order.Request, new BeeDiff(
            blocks, (ulong)length, (ulong)Math.Max(1, watch.Version), watch.Order.Range with { Reverse = false, Limit = 1 }))
    {
        private readonly long _from = watch.Version;
        private bool _differs;

        public override BeeProgress Advance()
        {
            BeeProgress progress = ((BeeDiff)Operation).Next(out BeeDifference? difference);
            _differs = difference is not null;
            return progress;
        }

        public override BeeProtocol.IEvent? Answer()
        {
            watches.Finish(watch, _from, length, _differs);
            return null;
        }
    }
}

using Hyper.Protocol.HyperDht;

namespace Hyper.Protocol.Hyperswarm.Topics;

/// <summary>Flushes that wait for the walks of their topics.</summary>
internal sealed class TopicFlushes
{
    private readonly List<Entry> _pending = [];

    public int Count => _pending.Count;

    /// <param name="goesOn">The flush then waits for dials too.</param>
    public void Add(long tag, IEnumerable<TopicKey> topics, bool goesOn) => _pending.Add(new Entry(tag, [.. topics], goesOn));

    /// <summary>The flushes whose topics are all at rest now, in their order.</summary>
    public IReadOnlyList<(long Tag, bool GoesOn)> TakeSettled(IEnumerable<TopicKey> refreshing)
    {
        if (_pending.Count == 0)
            return [];
        HashSet<TopicKey> busy = [.. refreshing];
        foreach (Entry entry in _pending)
            entry.Missing.RemoveWhere(topic => !busy.Contains(topic));
        (long, bool)[] settled = [.. _pending.Where(entry => entry.Missing.Count == 0).Select(entry => (entry.Tag, entry.GoesOn))];
        _pending.RemoveAll(entry => entry.Missing.Count == 0);
        return settled;
    }

    public IReadOnlyList<long> TakeAll()
    {
        long[] tags = [.. _pending.Select(entry => entry.Tag)];
        _pending.Clear();
        return tags;
    }

    private sealed record Entry(long Tag, HashSet<TopicKey> Missing, bool GoesOn);
}

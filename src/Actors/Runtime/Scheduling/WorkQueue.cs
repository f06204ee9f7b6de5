namespace Hyper.Actors.Runtime.Scheduling;

/// <summary>Scheduled work in the order (due, sequence): equal times run in the order they were asked for.</summary>
public sealed class WorkQueue
{
    private const int CompactionFloor = 4096;
    private readonly PriorityQueue<ScheduledWork, (long DueTicks, long Sequence)> _heap = new();
    private long _sequence;
    private int _compactAt = CompactionFloor;

    public int Count => _heap.Count;

    /// <summary>When the first work that is not cancelled is due.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            while (_heap.TryPeek(out ScheduledWork? work, out (long DueTicks, long) key))
            {
                if (!work.IsCancelled)
                    return TimeSpan.FromTicks(key.DueTicks);
                _heap.Dequeue();
            }

            return null;
        }
    }

    public void Add(ScheduledWork work, TimeSpan due)
    {
        _heap.Enqueue(work, (due.Ticks, _sequence++));
        if (_heap.Count >= _compactAt)
            DropCancelled();
    }

    /// <summary>Takes the first work that is due at <paramref name="now"/>.</summary>
    public bool TryTake(TimeSpan now, out ScheduledWork work, out TimeSpan due)
    {
        work = null!;
        due = default;
        if (NextDue is not { } next || next > now)
            return false;
        due = next;
        work = _heap.Dequeue();
        return true;
    }

    private void DropCancelled()
    {
        var live = _heap.UnorderedItems.Where(item => !item.Element.IsCancelled).ToArray();
        _heap.Clear();
        _heap.EnqueueRange(live);
        _compactAt = Math.Max(CompactionFloor, live.Length * 2);
    }
}

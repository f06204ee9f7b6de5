namespace AuctionActors.Simulation.Running;

/// <summary>Things to do at times, in the order (due, asked for).</summary>
internal sealed class Agenda
{
    private readonly PriorityQueue<Action<TimeSpan>, (long DueTicks, int Order)> _actions = new();
    private int _order;

    public TimeSpan? NextDue => _actions.TryPeek(out _, out (long DueTicks, int) key) ? TimeSpan.FromTicks(key.DueTicks) : null;

    public void Add(TimeSpan due, Action<TimeSpan> action) => _actions.Enqueue(action, (due.Ticks, _order++));

    /// <summary>Does what is due by now.</summary>
    public void Run(TimeSpan now)
    {
        while (NextDue is { } due && due <= now)
            _actions.Dequeue()(now);
    }
}

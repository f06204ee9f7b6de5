using Akka.Configuration;
using Akka.Event;
using Hyper.Actors.Runtime.Scheduling;

namespace AuctionActors.Simulation.Kernel;

/// <summary>Scheduled work in virtual time; the kernel takes it when no mailbox is ready.</summary>
public sealed class VirtualScheduler(Config config, ILoggingAdapter log) : QueueScheduler(config, log)
{
    private readonly WorkQueue _queue = new();

    internal Pump Pump { get; } = new();

    internal VirtualClock Clock { get; private set; } = new();

    internal TimeSpan? NextDue => _queue.NextDue;

    protected override DateTimeOffset TimeNow => VirtualClock.Epoch + Clock.Now;

    protected override TimeSpan Elapsed => Clock.Now;

    internal void Use(VirtualClock clock) => Clock = clock;

    /// <summary>Moves the clock to the next work, if that is not after the limit, and runs it.</summary>
    internal bool RunNext(TimeSpan limit)
    {
        if (!_queue.TryTake(limit, out ScheduledWork work, out TimeSpan due))
            return false;
        Clock.Now = due > Clock.Now ? due : Clock.Now;
        if (work.Interval is { } interval)
            _queue.Add(work, due + interval);
        work.Run();
        return true;
    }

    protected override void Schedule(ScheduledWork work, TimeSpan due)
    {
        Pump.RequireOwnThread();
        _queue.Add(work, due);
    }
}

using System.Collections.Concurrent;
using Akka.Actor;
using Hyper.Actors.Runtime;

namespace AuctionActors.Actors.Tests.Runtime;

public sealed class MonotonicSchedulerTests : IDisposable
{
    private readonly RealRuntime _runtime = new("timers");

    public void Dispose() => _runtime.Dispose();

    [Fact]
    public void Work_runs_in_the_order_it_is_due_and_cancelled_work_does_not_run()
    {
        var ran = new BlockingCollection<int>();
        IScheduler scheduler = _runtime.System.Scheduler;
        var cancelled = new Cancelable(scheduler.Advanced);
        scheduler.Advanced.ScheduleOnce(TimeSpan.FromMilliseconds(60), () => ran.Add(3));
        scheduler.Advanced.ScheduleOnce(TimeSpan.FromMilliseconds(30), () => ran.Add(2), cancelled);
        scheduler.Advanced.ScheduleOnce(TimeSpan.FromMilliseconds(5), () => ran.Add(1));
        cancelled.Cancel();

        Assert.Equal([1, 3], ran.GetConsumingEnumerable().Take(2));
    }

    [Fact]
    public void Repeated_work_repeats_and_a_failing_callback_stops_nothing()
    {
        using var third = new CountdownEvent(3);
        IScheduler scheduler = _runtime.System.Scheduler;
        scheduler.Advanced.ScheduleOnce(TimeSpan.Zero, () => throw new InvalidOperationException("on purpose"));
        scheduler.Advanced.ScheduleRepeatedly(TimeSpan.Zero, TimeSpan.FromMilliseconds(2), () =>
        {
            if (!third.IsSet)
                third.Signal();
        });

        Assert.True(third.Wait(TimeSpan.FromSeconds(5)));
    }
}

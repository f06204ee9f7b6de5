using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Hyper.Actors.Runtime.Scheduling;

/// <summary>An Akka scheduler over a clock and a <see cref="WorkQueue"/>; what drives the queue is left to the backend.</summary>
public abstract class QueueScheduler(Config config, ILoggingAdapter log) : SchedulerBase(config, log)
{
    public sealed override TimeSpan MonotonicClock => Elapsed;

    public sealed override TimeSpan HighResMonotonicClock => Elapsed;

    /// <summary>Monotonic time since the backend's origin.</summary>
    protected abstract TimeSpan Elapsed { get; }

    /// <summary>Puts the work into the queue.</summary>
    protected abstract void Schedule(ScheduledWork work, TimeSpan due);

    protected sealed override void InternalScheduleTellOnce(
        TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable)
        => Schedule(new ScheduledWork(receiver, message, sender, cancelable, null), Elapsed + delay);

    protected sealed override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable)
        => Schedule(new ScheduledWork(receiver, message, sender, cancelable, interval), Elapsed + initialDelay);

    protected sealed override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable)
        => Schedule(new ScheduledWork(null, action, null, cancelable, null), Elapsed + delay);

    protected sealed override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable)
        => Schedule(new ScheduledWork(null, action, null, cancelable, null), Elapsed + delay);

    protected sealed override void InternalScheduleRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable)
        => Schedule(new ScheduledWork(null, action, null, cancelable, interval), Elapsed + initialDelay);

    protected sealed override void InternalScheduleRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable)
        => Schedule(new ScheduledWork(null, action, null, cancelable, interval), Elapsed + initialDelay);
}

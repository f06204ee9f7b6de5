using Akka.Actor;

namespace Hyper.Actors.Runtime.Scheduling;

/// <summary>The one timer of an actor: follows its machine's next deadline and tells the actor <see cref="Due"/> when it has come.</summary>
public sealed class DeadlineTimer(IActorContext context, IClock clock)
{
    private readonly IScheduler _scheduler = context.System.Scheduler;
    private readonly IActorRef _self = context.Self;
    private ICancelable? _pending;
    private TimeSpan _due;

    /// <summary>Sets the timer unless it is already due by then. A signal may come early; machines do nothing then.</summary>
    public void Follow(TimeSpan? deadline)
    {
        if (deadline is not { } due || (_pending is not null && _due <= due))
            return;
        _pending?.Cancel();
        TimeSpan wait = due - clock.Now;
        _due = due;
        _pending = _scheduler.ScheduleTellOnceCancelable(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, _self, Due.Signal, _self);
    }

    /// <summary>To be called when <see cref="Due"/> arrives, before the machine is driven.</summary>
    public void Arrived() => _pending = null;

    public void Cancel()
    {
        _pending?.Cancel();
        _pending = null;
    }

    /// <summary>The deadline has come.</summary>
    public sealed class Due
    {
        internal static Due Signal { get; } = new();

        private Due()
        {
        }
    }
}

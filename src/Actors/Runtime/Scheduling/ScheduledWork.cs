using Akka.Actor;
using Akka.Dispatch;
using Hyper.Actors.Runtime.Events;

namespace Hyper.Actors.Runtime.Scheduling;

/// <summary>A message to send or a callback to run at a time, under the cause that was current when it was asked for.</summary>
public sealed class ScheduledWork
{
    private readonly ICanTell? _receiver;
    private readonly object _content;
    private readonly IActorRef? _sender;
    private readonly ICancelable? _cancelable;
    private readonly EventId _cause = CurrentCause.Id;

    internal ScheduledWork(ICanTell? receiver, object content, IActorRef? sender, ICancelable? cancelable, TimeSpan? interval)
    {
        _receiver = receiver;
        _content = content;
        _sender = sender;
        _cancelable = cancelable;
        Interval = interval;
    }

    /// <summary>Time between repetitions, null for work done once.</summary>
    public TimeSpan? Interval { get; }

    public bool IsCancelled => _cancelable is { IsCancellationRequested: true };

    public void Run()
    {
        if (IsCancelled)
            return;
        CurrentCause.Enter(null, _cause);
        if (_receiver is not null)
            _receiver.Tell(_content, _sender ?? ActorRefs.NoSender);
        else if (_content is IRunnable runnable)
            runnable.Run();
        else
            ((Action)_content)();
        CurrentCause.Enter(null, EventId.None);
    }
}

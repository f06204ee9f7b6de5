using Akka.Configuration;
using Akka.Event;

namespace Hyper.Actors.Runtime.Scheduling;

/// <summary>Real time with a resolution near one millisecond, on one thread. Akka's own wheel is ten times coarser.</summary>
public sealed class MonotonicScheduler : QueueScheduler, IDisposable
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    [ThreadStatic]
    private static bool t_isScheduler;

    private readonly object _gate = new();
    private readonly WorkQueue _queue = new();
    private readonly ILoggingAdapter _log;
    private bool _stopped;

    public MonotonicScheduler(Config config, ILoggingAdapter log)
        : base(config, log)
    {
        _log = log;
        new Thread(Loop) { IsBackground = true, Name = "scheduler" }.Start();
    }

    /// <summary>Whether the caller runs on a thread that tells what is due.</summary>
    internal static bool IsCurrentThread => t_isScheduler;

    protected override DateTimeOffset TimeNow => DateTimeOffset.UtcNow;

    protected override TimeSpan Elapsed => SystemClock.Instance.Now;

    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.Pulse(_gate);
        }
    }

    protected override void Schedule(ScheduledWork work, TimeSpan due)
    {
        lock (_gate)
        {
            TimeSpan? next = _queue.NextDue;
            _queue.Add(work, due);
            if (next is null || due < next)
                Monitor.Pulse(_gate);
        }
    }

    private void Loop()
    {
        t_isScheduler = true;
        while (Take() is { } work)
            Run(work);
    }

    private ScheduledWork? Take()
    {
        lock (_gate)
        {
            while (!_stopped)
            {
                TimeSpan now = Elapsed;
                if (_queue.TryTake(now, out ScheduledWork work, out TimeSpan due))
                {
                    if (work.Interval is { } interval)
                        _queue.Add(work, due + interval);
                    return work;
                }

                TimeSpan sleep = _queue.NextDue is { } next ? next - now : LongestSleep;
                Monitor.Wait(_gate, (int)Math.Ceiling(Math.Min(sleep.TotalMilliseconds, LongestSleep.TotalMilliseconds)));
            }

            return null;
        }
    }

    private void Run(ScheduledWork work)
    {
        try
        {
            work.Run();
        }
#pragma warning disable CA1031 // A callback that fails must not stop the clock of every other actor.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _log.Error(error, "a scheduled callback failed");
        }
    }
}

using System.Diagnostics;
using Akka.Dispatch;

namespace Hyper.Actors.Runtime.Udp;

/// <summary>Mailboxes that one thread of the pool runs one after the other, because each has something for the next.</summary>
internal sealed class PoolBurst(IRunnable first) : IThreadPoolWorkItem
{
    /// <summary>What is asked for later than this after the beginning runs beside the burst, not after it.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMicroseconds(100);

    [ThreadStatic]
    private static PoolBurst? t_running;

    private readonly Queue<IRunnable> _next = new();
    private long _began;

    /// <summary>Has the work run by this thread when it is in a young burst, else by the pool.</summary>
    public static void Execute(IRunnable work)
    {
        if (t_running is { } burst && Stopwatch.GetElapsedTime(burst._began) < Longest)
            burst._next.Enqueue(work);
        else
            ThreadPool.UnsafeQueueUserWorkItem(new PoolBurst(work), preferLocal: false);
    }

    public void Execute()
    {
        _began = Stopwatch.GetTimestamp();
        t_running = this;
        IRunnable? work = first;
        do
            work.Run();
        while (_next.TryDequeue(out work));
        t_running = null;
    }
}

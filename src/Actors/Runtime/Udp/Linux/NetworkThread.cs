using System.Collections.Concurrent;
using System.Diagnostics;
using Akka.Dispatch;
using Hyper.Actors.Runtime.Events;
using Hyper.Actors.Runtime.Scheduling;

namespace Hyper.Actors.Runtime.Udp.Linux;

/// <summary>
/// The thread that reads the sockets of the process, and runs the actors that asked for it between two readings: what a datagram
/// leads to then costs no switch of threads.
/// </summary>
internal sealed class NetworkThread
{
    /// <summary>Mailboxes run before the sockets are looked at again.</summary>
    private const int RunsBetweenReadings = 64;

    /// <summary>Who is busy for longer without a rest, while more waits, leaves what may run elsewhere to the pool for <see cref="Relief"/>.</summary>
    private static readonly long LongestBurst = Stopwatch.Frequency / 4_000;

    /// <summary>The same where nothing else waits: a step after the other gains little by another thread, less where processors are few.</summary>
    private static readonly long LongestChain = Stopwatch.Frequency / (Environment.ProcessorCount > 2 ? 1_000 : 10);

    private static readonly long ShortestRest = Stopwatch.Frequency / 100_000;
    private static readonly long Relief = Stopwatch.Frequency / 100;

    private readonly DescriptorPoll _poll = new();
    private readonly Queue<IRunnable> _own = new();
    private readonly ConcurrentQueue<IRunnable> _foreign = new();
    private readonly Thread _thread;
    private int _isAsleep;
    private long _began;
    private long _relievedUntil;

    private NetworkThread()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "network" };
        _thread.Start();
    }

    public static NetworkThread Shared { get; } = new();

    /// <inheritdoc cref="DescriptorPoll.Add(int, Action{ReceiveBuffers})"/>
    public long Add(int descriptor, Action<ReceiveBuffers> readable) => _poll.Add(descriptor, readable);

    /// <inheritdoc cref="DescriptorPoll.Remove"/>
    public void Remove(int descriptor, long key) => _poll.Remove(descriptor, key);

    /// <summary>Has the work run by this thread, in the order in which one thread asks for it.</summary>
    public void Execute(IRunnable work)
    {
        if (Thread.CurrentThread == _thread)
        {
            _own.Enqueue(work);
            return;
        }

        _foreign.Enqueue(work);
        if (Interlocked.Exchange(ref _isAsleep, 0) == 1)
            _poll.Wake();
    }

    /// <summary>Has the work run by this thread if that is the caller's, or the caller a timer, and has little to do; false otherwise.</summary>
    public bool TryExecute(IRunnable work)
    {
        if (Thread.CurrentThread != _thread)
            return MonotonicScheduler.IsCurrentThread && TryTakeFromTimer(work);
        long now = Stopwatch.GetTimestamp();
        if (now < _relievedUntil)
            return false;
        if (now - _began > (_own.Count > 0 ? LongestBurst : LongestChain))
        {
            Volatile.Write(ref _relievedUntil, now + Relief);
            return false;
        }

        _own.Enqueue(work);
        return true;
    }

    // What a timer begins on the pool would stay there, with all that it leads to.
    private bool TryTakeFromTimer(IRunnable work)
    {
        if (Stopwatch.GetTimestamp() < Volatile.Read(ref _relievedUntil))
            return false;
        Execute(work);
        return true;
    }

    private void Run()
    {
        while (true)
        {
            if (_own.Count > 0 || !_foreign.IsEmpty)
                _poll.Wait(blocks: false);
            else
                Rest();
            _poll.Dispatch();
            RunWork();
        }
    }

    private void Rest()
    {
        long before = Stopwatch.GetTimestamp();
        _poll.Wait(blocks: FallAsleep());
        Volatile.Write(ref _isAsleep, 0);
        long now = Stopwatch.GetTimestamp();
        if (now - before > ShortestRest)
            _began = now;
    }

    /// <summary>From here on others wake this thread; false when one of them came first.</summary>
    private bool FallAsleep()
    {
        Interlocked.Exchange(ref _isAsleep, 1);
        return _foreign.IsEmpty;
    }

    private void RunWork()
    {
        for (int run = 0; run < RunsBetweenReadings; run++)
        {
            if (!_own.TryDequeue(out IRunnable? work) && !_foreign.TryDequeue(out work))
                return;
            CurrentCause.Enter(null, EventId.None);
            work.Run();
        }
    }
}

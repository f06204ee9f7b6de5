using System.Collections.Concurrent;
using Akka.Dispatch;
using Hyper.Actors.Runtime.Events;

namespace Hyper.Actors.Runtime.Udp.Linux;

/// <summary>
/// The thread that reads the sockets of the process, and runs the actors that asked for it between two readings: what a datagram
/// leads to then costs no switch of threads.
/// </summary>
internal sealed class NetworkThread
{
    /// <summary>Mailboxes run before the sockets are looked at again.</summary>
    private const int RunsBetweenReadings = 64;

    private readonly DescriptorPoll _poll = new();
    private readonly Queue<IRunnable> _own = new();
    private readonly ConcurrentQueue<IRunnable> _foreign = new();
    private readonly Thread _thread;
    private int _isAsleep;

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

    private void Run()
    {
        while (true)
        {
            bool isIdle = _own.Count == 0 && _foreign.IsEmpty && FallAsleep();
            _poll.Dispatch(blocks: isIdle);
            Volatile.Write(ref _isAsleep, 0);
            RunWork();
        }
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

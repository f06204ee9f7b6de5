using System.Collections.Concurrent;
using Akka.Dispatch;
using Hyper.Actors.Runtime.Udp.Linux;

namespace Hyper.Actors.Runtime.Workers;

/// <summary>
/// The threads that wait for the network on behalf of every port in the process, and run what is added to them.
/// What a worker starts it runs itself, so that a chain of messages wakes no second thread; another one wakes when work piles up.
/// </summary>
internal sealed class WorkerPool
{
    private readonly Worker[] _workers;
    private readonly ConcurrentQueue<IRunnable> _arrivals = new();
    private readonly Lock _gate = new();
    private readonly Stack<Worker> _sleeping = new();
    private bool _isWaiting;
    private int _idle;
    private int _searching;
    private int _networkTaken;

    private WorkerPool(int workers)
    {
        Poll = LibC.IsSupported ? new DescriptorPoll() : null;
        _workers = [.. Enumerable.Range(0, workers).Select(number => new Worker(this, number))];
        foreach (Worker worker in _workers)
            worker.Start();
    }

    public static WorkerPool Shared { get; } = new(Math.Max(2, Environment.ProcessorCount));

    /// <summary>Calls back one reader at a time; null where the system has none.</summary>
    public DescriptorPoll? Poll { get; }

    public void Add(IRunnable work)
    {
        if (Worker.Current is { } worker)
        {
            if (worker.Add(work))
                WakeOne();
        }
        else
        {
            _arrivals.Enqueue(work);
            WakeOne();
        }
    }

    public bool TryTakeArrival(out IRunnable work) => _arrivals.TryDequeue(out work!);

    /// <summary>Work that other workers have not got to yet.</summary>
    public bool TrySteal(Worker taker, out IRunnable work)
    {
        work = null!;
        for (int i = 1; i < _workers.Length; i++)
        {
            if (_workers[(taker.Number + i) % _workers.Length].TryTake(out work))
                return true;
        }

        return false;
    }

    /// <summary>The worker that was woken has found work; the next one is woken if there is more.</summary>
    public void HandleFound()
    {
        Interlocked.Exchange(ref _searching, 0);
        if (HasWork())
            WakeOne();
    }

    /// <summary>Serves the network without waiting, unless another worker does.</summary>
    public void Look()
    {
        if (Poll is null || Interlocked.CompareExchange(ref _networkTaken, 1, 0) != 0)
            return;
        Poll.CallBack(Poll.Wait(0));
        Volatile.Write(ref _networkTaken, 0);
    }

    /// <summary>Returns when there may be work; one worker waits for the network, the others sleep. True when it was woken to search.</summary>
    public bool Idle(Worker worker, bool wasSearching)
        => Poll is not null && Interlocked.CompareExchange(ref _networkTaken, 1, 0) == 0
            ? WaitForNetwork(wasSearching)
            : Sleep(worker, wasSearching);

    private bool WaitForNetwork(bool wasSearching)
    {
        lock (_gate)
            _isWaiting = true;
        int ready = GoIdle(wasSearching) ? Poll!.Wait(-1) : 0;
        bool wasWoken;
        lock (_gate)
        {
            wasWoken = !_isWaiting;
            if (_isWaiting)
                Interlocked.Decrement(ref _idle);
            _isWaiting = false;
        }

        Poll!.CallBack(ready);
        Volatile.Write(ref _networkTaken, 0);
        return wasWoken;
    }

    private bool Sleep(Worker worker, bool wasSearching)
    {
        lock (_gate)
            _sleeping.Push(worker);
        if (!GoIdle(wasSearching))
            WakeOne();
        worker.Sleep();
        return true;
    }

    /// <summary>False when work has come in the meantime. Who adds work looks for idle workers afterwards, who goes idle for work.</summary>
    private bool GoIdle(bool wasSearching)
    {
        Interlocked.Increment(ref _idle);
        if (wasSearching)
            Interlocked.Exchange(ref _searching, 0);
        return !HasWork();
    }

    private bool HasWork() => !_arrivals.IsEmpty || Array.Exists(_workers, worker => worker.HasWork);

    /// <summary>One woken worker searches at a time; it wakes the next one when it has found something.</summary>
    private void WakeOne()
    {
        do
        {
            Interlocked.MemoryBarrier();
            if (Volatile.Read(ref _idle) == 0 || Interlocked.CompareExchange(ref _searching, 1, 0) != 0)
                return;
            if (TryWakeOne())
                return;
            Interlocked.Exchange(ref _searching, 0);
        }
        while (HasWork());
    }

    private bool TryWakeOne()
    {
        Worker? sleeper;
        lock (_gate)
        {
            if (!_sleeping.TryPop(out sleeper) && !_isWaiting)
                return false;
            _isWaiting &= sleeper is not null;
            Interlocked.Decrement(ref _idle);
        }

        if (sleeper is not null)
            sleeper.Wake();
        else
            Poll!.Wake();
        return true;
    }
}

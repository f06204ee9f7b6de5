using System.Collections.Concurrent;
using System.Diagnostics;
using Akka.Dispatch;

namespace Hyper.Actors.Runtime.Workers;

/// <summary>One thread of the pool and the work that it has started itself.</summary>
internal sealed class Worker
{
    private const int TurnsBetweenArrivals = 16;
    private const int TurnsBetweenClockReadings = 8;
    private static readonly long NetworkPeriod = Stopwatch.Frequency / 5000;

    [ThreadStatic]
    private static Worker? t_current;

    private readonly WorkerPool _pool;
    private readonly ConcurrentQueue<IRunnable> _work = new();
    private readonly object _gate = new();
    private long _lookedAt;
    private uint _turns;
    private bool _isSearching;
    private bool _isWoken;

    public Worker(WorkerPool pool, int number) => (_pool, Number) = (pool, number);

    /// <summary>The worker whose thread this is.</summary>
    public static Worker? Current => t_current;

    public int Number { get; }

    public bool HasWork => !_work.IsEmpty;

    public void Start() => new Thread(Run) { IsBackground = true, Name = $"worker-{Number}" }.Start();

    /// <summary>How much waits now; for the worker's own thread.</summary>
    public int Add(IRunnable work)
    {
        _work.Enqueue(work);
        return _work.Count;
    }

    public bool TryTake(out IRunnable work) => _work.TryDequeue(out work!);

    public void Sleep()
    {
        lock (_gate)
        {
            while (!_isWoken)
                Monitor.Wait(_gate);
            _isWoken = false;
        }
    }

    public void Wake()
    {
        lock (_gate)
        {
            _isWoken = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        t_current = this;
        while (true)
        {
            if (TryFind(out IRunnable work))
            {
                if (_isSearching)
                    _pool.HandleFound();
                _isSearching = false;
                work.Run();
                LookSometimes();
            }
            else
                _isSearching = _pool.Idle(this, _isSearching);
        }
    }

    private bool TryFind(out IRunnable work)
    {
        bool arrivalsFirst = ++_turns % TurnsBetweenArrivals == 0;
        return (arrivalsFirst && _pool.TryTakeArrival(out work)) || TryTake(out work)
            || _pool.TryTakeArrival(out work) || _pool.TrySteal(this, out work);
    }

    /// <summary>A busy pool must not keep the network waiting.</summary>
    private void LookSometimes()
    {
        if (_turns % TurnsBetweenClockReadings != 0 || Stopwatch.GetTimestamp() is var now && now - _lookedAt < NetworkPeriod)
            return;
        _lookedAt = now;
        _pool.Look();
    }
}

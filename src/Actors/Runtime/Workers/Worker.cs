using System.Collections.Concurrent;
using System.Diagnostics;
using Akka.Dispatch;

namespace Hyper.Actors.Runtime.Workers;

/// <summary>One thread of the pool and the work that it has started itself.</summary>
internal sealed class Worker
{
    private const int TurnsBetweenArrivals = 16;
    private const int ShortQueue = 2;
    private static readonly long ShortWork = Stopwatch.Frequency / 2_000;
    private static readonly long NetworkPeriod = Stopwatch.Frequency / 5000;

    [ThreadStatic]
    private static Worker? t_current;

    private readonly WorkerPool _pool;
    private readonly ConcurrentQueue<IRunnable> _work = new();
    private readonly ThreadGate _gate = new();
    private long _lookedAt;
    private long _beganAt;
    private uint _turns;
    private bool _isSearching;

    public Worker(WorkerPool pool, int number) => (_pool, Number) = (pool, number);

    /// <summary>The worker whose thread this is.</summary>
    public static Worker? Current => t_current;

    public int Number { get; }

    public bool HasWork => !_work.IsEmpty;

    public void Start() => new Thread(Run) { IsBackground = true, Name = $"worker-{Number}" }.Start();

    /// <summary>For the worker's own thread; true when another one should help, because much waits or the present work takes long.</summary>
    public bool Add(IRunnable work)
    {
        _work.Enqueue(work);
        return _work.Count > ShortQueue || Stopwatch.GetTimestamp() - _beganAt > ShortWork;
    }

    public bool TryTake(out IRunnable work) => _work.TryDequeue(out work!);

    public void Sleep() => _gate.Wait();

    public void Wake() => _gate.Open();

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
                LookSometimes();
                work.Run();
            }
            else
            {
                _isSearching = _pool.Idle(this, _isSearching);
                _lookedAt = _beganAt = Stopwatch.GetTimestamp();
            }
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
        _beganAt = Stopwatch.GetTimestamp();
        if (_beganAt - _lookedAt < NetworkPeriod)
            return;
        _lookedAt = _beganAt;
        _pool.Look();
    }
}

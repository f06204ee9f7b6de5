using Akka.Dispatch;

namespace AuctionActors.Simulation.Kernel;

/// <summary>Ready mailboxes in the order they became ready, and the tripwire that guards them.</summary>
internal sealed class Pump
{
    private readonly Queue<IRunnable> _ready = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private volatile ForeignThreadException? _trip;

    public bool IsTripped => _trip is not null;

    /// <summary>Accepts work from the kernel's own thread only; anything else makes the run worthless.</summary>
    public void Add(IRunnable run)
    {
        RequireOwnThread();
        _ready.Enqueue(run);
    }

    public bool TryTake(out IRunnable run)
    {
        if (_trip is { } trip)
            throw trip;
        return _ready.TryDequeue(out run!);
    }

    /// <summary>Remembers the first foreign call with its stack; the kernel throws it at its next step.</summary>
    public void RequireOwnThread()
    {
        if (Environment.CurrentManagedThreadId == _thread)
            return;
        var error = new ForeignThreadException(Environment.StackTrace);
        Interlocked.CompareExchange(ref _trip, error, null);
        throw error;
    }
}

/// <summary>Something outside the kernel's thread sent a message or set a timer: the run is not deterministic.</summary>
public sealed class ForeignThreadException(string stack)
    : InvalidOperationException($"a foreign thread reached the simulation kernel{Environment.NewLine}{stack}");

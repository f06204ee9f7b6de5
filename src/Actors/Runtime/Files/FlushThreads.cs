namespace Hyper.Actors.Runtime.Files;

/// <summary>A few threads that flush, so that what one folder waits for does not hold up every other; each starts when it is needed.</summary>
internal sealed class FlushThreads : IDisposable
{
    private const int Count = 4;
    private readonly Lazy<FlushThread>[] _threads = [.. Enumerable.Range(0, Count).Select(_ => new Lazy<FlushThread>(() => new FlushThread()))];
    private int _taken;

    /// <summary>The thread for one folder, whose flushes end in order on it.</summary>
    public FlushThread Next() => _threads[(uint)Interlocked.Increment(ref _taken) % Count].Value;

    public void Dispose()
    {
        foreach (Lazy<FlushThread> thread in _threads.Where(thread => thread.IsValueCreated))
            thread.Value.Dispose();
    }
}

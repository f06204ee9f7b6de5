using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Scheduling;

namespace Hyper.Actors.Storage.Corestores;

/// <summary>Cores of which nobody has a session any more: they stay open for a while, for whoever wants one again.</summary>
internal sealed class IdleCores(TimeSpan linger, IClock clock, DeadlineTimer timer, Action<StoredCore> stop)
{
    private readonly Dictionary<StoredCore, TimeSpan> _until = [];

    /// <summary>Somebody has got a session of the core, or has ended one.</summary>
    public void Settle(StoredCore core)
    {
        if (!core.IsIdle)
            _until.Remove(core);
        else if (linger <= TimeSpan.Zero || core.Info is null)
            Close(core);
        else if (_until.TryAdd(core, clock.Now + linger))
            timer.Follow(_until.Values.Min());
    }

    /// <summary>Closes the core now; the next session is of another opening.</summary>
    public void Close(StoredCore core)
    {
        _until.Remove(core);
        if (core.IsClosing)
            return;
        core.IsClosing = true;
        stop(core);
    }

    public void HandleDue()
    {
        timer.Arrived();
        foreach ((StoredCore core, TimeSpan until) in _until.ToArray())
        {
            if (until <= clock.Now)
                Close(core);
        }

        timer.Follow(_until.Count == 0 ? null : _until.Values.Min());
    }

    public void Cancel() => timer.Cancel();

    /// <summary>The core's actor has stopped.</summary>
    public void Forget(StoredCore core) => _until.Remove(core);
}

using Akka.Actor;

namespace Hyper.Actors.Storage.Cores;

/// <summary>A download of a range that has been begun.</summary>
public sealed class CoreDownload
{
    private readonly IActorRef _core;
    private readonly IActorRef _asker;

    internal CoreDownload(IActorRef core, IActorRef asker, Task<bool> done) => (_core, _asker, Done) = (core, asker, done);

    /// <summary>True when every block of the range is stored, false when the download was ended before.</summary>
    public Task<bool> Done { get; }

    /// <summary>Ends it: what has not been fetched is no longer asked for.</summary>
    public void End() => _core.Tell(new DownloadProtocol.EndDownload(0), _asker);
}

using AuctionActors.EventLog.Recording;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Simulation.Running;

/// <summary>Writes a run's event log as a sealed Hypercore whose key pair is drawn from the seed; the digest is its tree hash.</summary>
public sealed class FolderEventSink : IEventSink, IDisposable
{
    private readonly DiskFileStore _disk = new();
    private readonly EventLogWriter _log;

    public FolderEventSink(string path, ulong seed)
        => _log = new EventLogWriter(_disk, path, KeyPair.Generate(new SeededEntropy(seed, "events")));

    public void Append(byte[] batch) => _log.Append(batch);

    public string Seal(ulong events) => _log.Seal(events).TreeHash;

    public void Dispose()
    {
        _log.Dispose();
        _disk.Dispose();
    }
}

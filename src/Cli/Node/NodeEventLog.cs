using AuctionActors.Cli.Output;
using AuctionActors.EventLog.Querying;
using AuctionActors.EventLog.Recording;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore.Files;

namespace AuctionActors.Cli.Node;

/// <summary>The event log of one node over all its runs; it is written only once the node has its storage.</summary>
internal sealed class NodeEventLog : IDisposable
{
    private static readonly HashSet<EventKind> TooMany =
    [
        EventKind.NetSend, EventKind.NetReceive, EventKind.ActorReceive, EventKind.TimerSet, EventKind.TimerFire, EventKind.TimerCancel,
    ];

    private const long KeepBytes = 256L << 20;

    private readonly Lock _lock = new();
    private readonly List<byte[]> _early = [];
    private readonly string _folder;
    private readonly EventRecorder _recorder;
    private EventLogWriter? _writer;

    /// <exception cref="CommandException">The log of earlier runs is damaged.</exception>
    public NodeEventLog(string folder)
    {
        _folder = folder;
        // Small batches: what a killed node had not written yet is a few events, not minutes.
        EventRecorderOptions options = new() { BatchBytes = 2048, BatchEvents = 64, Omitted = TooMany, After = FindEnd(folder) };
        _recorder = new EventRecorder(SystemClock.Instance, Append, options);
        _recorder.Record(new EventEntry(EventKind.RunStart) { Text = $"{DateTimeOffset.UtcNow:yyyy-MM-ddTHH:mm:ssZ}" });
    }

    public IEventRecorder Recorder => _recorder;

    /// <summary>Writes what has been recorded so far, and from now on what comes.</summary>
    /// <exception cref="CommandException">The log of earlier runs is damaged.</exception>
    public void Begin(IFileStore files)
    {
        lock (_lock)
        {
            try
            {
                _writer = new EventLogWriter(files, _folder, KeyPair.Generate(SystemEntropy.Instance), KeepBytes);
            }
            catch (CoreStorageException damage)
            {
                throw Damaged(_folder, damage.Message);
            }

            foreach (byte[] batch in _early)
                _writer.Append(batch);
            _early.Clear();
        }
    }

    /// <summary>Seals the log: the node has come to its end.</summary>
    public void Dispose()
    {
        _recorder.Record(new EventEntry(EventKind.RunEnd));
        _recorder.Close();
        lock (_lock)
        {
            _writer?.Seal(_recorder.Count);
            _writer?.Dispose();
        }
    }

    private void Append(byte[] batch)
    {
        lock (_lock)
        {
            if (_writer is null)
                _early.Add(batch);
            else
                _writer.Append(batch);
        }
    }

    private static LogPosition FindEnd(string folder)
    {
        try
        {
            using EventLogFolder log = EventLogFolder.Open(folder);
            return log.End;
        }
        catch (DirectoryNotFoundException)
        {
            return default;
        }
        catch (InvalidDataException damage)
        {
            throw Damaged(folder, damage.Message);
        }
    }

    private static CommandException Damaged(string folder, string damage) => new(
        ExitCode.VerificationFailed, "STORAGE_CORRUPT", $"the event log in {folder} is damaged: {damage}",
        "move the folder away, or start with --no-events");
}

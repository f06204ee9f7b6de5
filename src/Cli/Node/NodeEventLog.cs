using AuctionActors.EventLog.Recording;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Cli.Node;

/// <summary>The event log of one node; it touches the disk only once the node has its storage.</summary>
internal sealed class NodeEventLog : IDisposable
{
    private static readonly HashSet<EventKind> TooMany =
    [
        EventKind.NetSend, EventKind.NetReceive, EventKind.ActorReceive, EventKind.TimerSet, EventKind.TimerFire, EventKind.TimerCancel,
    ];

    private readonly Lock _lock = new();
    private readonly List<byte[]> _early = [];
    private readonly EventRecorder _recorder;
    private EventLogWriter? _writer;

    public NodeEventLog()
        => _recorder = new EventRecorder(SystemClock.Instance, Append, new EventRecorderOptions { Omitted = TooMany });

    public IEventRecorder Recorder => _recorder;

    public void Begin(IFileStore files, string folder)
    {
        lock (_lock)
        {
            _writer = new EventLogWriter(files, folder, KeyPair.Generate(SystemEntropy.Instance));
            foreach (byte[] batch in _early)
                _writer.Append(batch);
            _early.Clear();
        }
    }

    public void Dispose()
    {
        _recorder.Close();
        lock (_lock)
            _writer?.Dispose();
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
}

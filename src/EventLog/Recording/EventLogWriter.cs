using AuctionActors.EventLog.Querying;
using Hyper.Actors.Runtime;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.EventLog.Recording;

/// <summary>Appends batches of events to a Hypercore in a folder of its own, outside of what is recorded.</summary>
public sealed class EventLogWriter : IDisposable
{
    // Each batch leaves the folder complete: a reader of a growing or broken-off log finds whole batches.
    private static readonly HypercoreOptions Options = new() { Durable = false, CheckpointEvery = 1 };

    private readonly Lock _lock = new();
    private readonly IFileFolder _folder;
    private readonly HypercoreMachine _core;
    private readonly long _keepBytes;
    private long _droppedBytes;
    private Exception? _failure;

    /// <summary>Opens the folder's log to continue it, or makes a new one whose writer is the key pair.</summary>
    /// <param name="files">Where the folder is.</param>
    /// <param name="path">The folder.</param>
    /// <param name="writer">Signs a new log.</param>
    /// <param name="keepBytes">When the log is longer, its oldest events are dropped.</param>
    /// <exception cref="FolderLockedException">Another process writes there.</exception>
    /// <exception cref="Hyper.Protocol.Hypercore.Files.CoreStorageException">The log that is there is damaged.</exception>
    public EventLogWriter(IFileStore files, string path, KeyPair writer, long keepBytes = long.MaxValue)
    {
        _keepBytes = keepBytes;
        _folder = files.OpenFolder(path, FolderAccess.Write);
        FolderCoreFiles core = new(_folder);
        _core = HypercoreMachine.Exists(core)
            ? HypercoreMachine.Open(core, Options)
            : HypercoreMachine.Create(core, CoreIdentity.ForWriter(writer), Options);
        // A log that grows has no seal; a reader must not take that of an earlier end for this one's.
        if (_folder.FileExists(EventLogSeal.FileName))
            _folder.Delete(EventLogSeal.FileName);
        lock (_lock)
            Perform();
    }

    /// <summary>The log's tree hash so far, hexadecimal.</summary>
    public string TreeHash
    {
        get
        {
            lock (_lock)
                return _core.Tree.Hash.ToHex();
        }
    }

    /// <summary>Adds one batch.</summary>
    /// <exception cref="IOException">The disk refused an earlier batch.</exception>
    public void Append(byte[] batch)
    {
        lock (_lock)
        {
            if (_failure is not null)
                throw new IOException("the event log cannot be written", _failure);
            _core.Append([batch]);
            Perform();
            DropOldest();
        }
    }

    /// <summary>Writes the seal beside the log; nothing may be appended afterwards.</summary>
    public EventLogSeal Seal(ulong events)
    {
        lock (_lock)
        {
            EventLogSeal seal = new(_core.Key.ToString(), _core.Tree.Length, _core.Tree.Hash.ToHex(), (long)events);
            byte[] json = seal.ToJson();
            Submit(new FileBatch([new FileTruncate(EventLogSeal.FileName, 0), new FileWrite(EventLogSeal.FileName, 0, json)], Flush: false));
            return seal;
        }
    }

    public void Dispose() => _folder.Dispose();

    // Now and then rather than block by block. The tree stays: what is left can still be verified.
    private void DropOldest()
    {
        long excess = _core.ByteLength - _keepBytes;
        if (excess < _droppedBytes + (_keepBytes / 16) || excess <= 0 || !_core.TryFindByte(excess, out long block, out _))
            return;
        _droppedBytes = excess;
        long first = _core.Bitfield.FindFirst(true, 0);
        if (first < 0 || first >= block)
            return;
        _core.Clear(first, block);
        Perform();
    }

    private void Perform()
    {
        while (_core.TryTake(out CoreEffect effect))
        {
            if (effect is not Persist persist)
                continue;
            foreach (FileBatch batch in FolderCoreFiles.ToBatches(persist.Operations, flush: false))
                Submit(batch);
            // Nothing waits for the disk: a refusal is remembered and meets the next append.
            _core.HandlePersisted(persist.Id);
        }
    }

    private void Submit(FileBatch batch)
        => _folder.Submit(batch, outcome =>
        {
            if (outcome.Error is { } error)
                Interlocked.CompareExchange(ref _failure, error, null);
        });
}

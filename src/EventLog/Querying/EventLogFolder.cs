using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Files;

namespace AuctionActors.EventLog.Querying;

/// <summary>A log opened for reading: nothing is repaired, nothing locked.</summary>
public sealed class EventLogFolder : IDisposable
{
    private readonly IFileFolder _folder;
    private readonly HypercoreMachine _core;

    private EventLogFolder(IFileFolder folder, HypercoreMachine core)
    {
        _folder = folder;
        _core = core;
        Seal = ReadSeal();
    }

    /// <summary>What the log was sealed with; null while it is being written.</summary>
    public EventLogSeal? Seal { get; }

    /// <summary>The tree hash of what is there, hexadecimal.</summary>
    public string TreeHash => _core.Tree.Hash.ToHex();

    // A long log's oldest blocks are dropped.
    private long FirstBlock => Math.Max(0, _core.Bitfield.FindFirst(true, 0));

    /// <summary>Blocks of the log, dropped ones included.</summary>
    public long Length => _core.Tree.Length;

    /// <summary>Where the log ends.</summary>
    /// <exception cref="InvalidDataException">Its last block cannot be read.</exception>
    public LogPosition End => _core.Tree.Length > 0 && ReadBatch(_core.Tree.Length - 1) is [.., LoggedEvent last]
        ? new LogPosition(last.Number, last.Time)
        : default;

    /// <summary>Opens a run folder (its <c>events</c> folder) or a log folder itself.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no log.</exception>
    /// <exception cref="InvalidDataException">The log's files are damaged; says where.</exception>
    public static EventLogFolder Open(string path)
    {
        string inner = Path.Combine(path, "events");
        using DiskFileStore disk = new();
        IFileFolder folder = disk.OpenFolder(disk.FolderExists(inner) ? inner : path, FolderAccess.Read);
        FolderCoreFiles files = new(folder);
        if (!HypercoreMachine.Exists(files))
            throw new DirectoryNotFoundException($"there is no event log in {path}");
        try
        {
            return new EventLogFolder(folder, HypercoreMachine.Open(files, new HypercoreOptions { ReadOnly = true }));
        }
        catch (CoreStorageException error)
        {
            throw new InvalidDataException(error.Message, error);
        }
    }

    /// <summary>Every event in order; blocks that are damaged end the reading with an exception.</summary>
    /// <exception cref="InvalidDataException">A block cannot be read or is not a batch.</exception>
    public IEnumerable<LoggedEvent> Read()
    {
        for (long block = FirstBlock; block < _core.Tree.Length; block++)
        {
            foreach (LoggedEvent item in ReadBatch(block))
                yield return item;
        }
    }

    /// <summary>Recomputes the tree from the blocks and compares it with every stored node; null when all agree.</summary>
    public string? FindFault() => CoreAudit.FindFault(_core);

    /// <summary>Does the same and compares with the seal too; null when all agree.</summary>
    public string? Verify()
    {
        if (FindFault() is { } fault)
            return fault;
        if (Seal is not { } seal)
            return _folder.FileExists(EventLogSeal.FileName) ? "the seal is damaged" : "the log has no seal";
        if (seal.Key != _core.Key.ToString())
            return $"the seal names core {seal.Key}, the log is core {_core.Key}";
        if (seal.Length != _core.Tree.Length || seal.TreeHash != TreeHash)
            return $"the seal says {seal.Length} blocks and tree hash {seal.TreeHash}, the log has {_core.Tree.Length} and {TreeHash}";
        ulong dropped = Read().FirstOrDefault() is { } first ? first.Number - 1 : 0;
        long count = Read().LongCount() + (long)dropped;
        return count == seal.Count ? null : $"the seal says {seal.Count} events, the log has {count}";
    }

    /// <summary>Whether somebody still writes, or whoever wrote did not come to an end: there is no seal at all.</summary>
    public bool IsOpenEnded => Seal is null && !_folder.FileExists(EventLogSeal.FileName);

    public void Dispose() => _folder.Dispose();

    private List<LoggedEvent> ReadBatch(long block)
        => BatchReader.TryRead(ReadBlock(block).Span, out List<LoggedEvent>? events)
            ? events
            : throw new InvalidDataException($"block {block} is not a batch of events");

    private ReadOnlyMemory<byte> ReadBlock(long block)
    {
        try
        {
            return _core.TryRead(block, out ReadOnlyMemory<byte> bytes)
                ? bytes
                : throw new InvalidDataException($"block {block} is missing");
        }
        catch (CoreStorageException error)
        {
            throw new InvalidDataException(error.Message, error);
        }
    }

    private EventLogSeal? ReadSeal()
    {
        byte[] json = new byte[Math.Min(_folder.LengthOf(EventLogSeal.FileName), 4096)];
        int read = _folder.Read(EventLogSeal.FileName, 0, json);
        return EventLogSeal.TryParse(json.AsSpan(0, read));
    }
}

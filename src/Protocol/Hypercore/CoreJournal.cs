using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.Hypercore.Oplog;

namespace Hyper.Protocol.Hypercore;

/// <summary>Turns accepted changes into writes, and persisted writes into reports.</summary>
internal sealed class CoreJournal
{
    // One write of data and the entry.
    private const int UsualOperations = 2;

    private readonly CoreState _state;
    private readonly OplogWriter _oplog;
    private readonly HypercoreOptions _options;
    private readonly Queue<Change> _changes = new();
    private readonly Queue<CoreEffect> _effects = new();
    private long _lastId;
    private int _changesUntilCheckpoint = 1;
    private long _dataEnd;
    private WriteGroup? _group;
    private bool _manifestStored;

    internal CoreJournal(ICoreFiles files, CoreState state, OplogWriter oplog, HypercoreOptions options, MerkleTree tree)
    {
        _dataEnd = files[CoreFile.Data].Length;
        _state = state;
        _oplog = oplog;
        _options = options;
        Tree = Accepted = tree;
        LostLength = state.Lost?.Length;
        ContiguousLength = Math.Min(state.ContiguousLength, tree.Length);
        _manifestStored = state.Verifier is not null;
    }

    internal PendingBlocks Blocks { get; } = new();

    /// <summary>The state that is on disk.</summary>
    internal MerkleTree Tree { get; private set; }

    /// <summary>The state that the next change builds on.</summary>
    internal MerkleTree Accepted { get; private set; }

    internal long ContiguousLength { get; private set; }

    /// <summary>Blocks that are stored while the roots above them are lost, or not yet on disk again.</summary>
    internal long? LostLength { get; private set; }

    /// <summary>Why the disk refused; null while all is well.</summary>
    internal string? Failure { get; private set; }

    internal bool HasPendingWrites => _changes.Count > 0;

    internal bool TryTake(out CoreEffect effect) => _effects.TryDequeue(out effect!);

    internal void Raise(CoreEffect effect) => _effects.Enqueue(effect);

    /// <summary>The change that the next commit will be, so that data can be tied to it.</summary>
    internal PersistId NextId => new(_lastId + 1);

    /// <summary>What is committed from here on is written together.</summary>
    internal void BeginGroup() => _group ??= new WriteGroup();

    internal void EndGroup()
    {
        if (_group is not { } group)
            return;
        _group = null;
        if (!group.IsEmpty)
            Persist(group.TakeOperations(), group.Reports, group.Flush);
    }

    /// <summary>Writes the first header of a new core.</summary>
    internal void CommitCreation()
    {
        List<FileOperation> operations = [.. _oplog.WriteHeader(_state.ToHeader(Accepted)), _oplog.DropEntries()];
        Persist(operations, []);
    }

    /// <summary>Writes who may write the core, once that is known.</summary>
    internal void CommitIdentity(IReadOnlyList<CoreEffect> reports)
    {
        List<FileOperation> operations = [];
        AddCheckpoint(operations);
        Persist(operations, reports);
    }

    /// <summary>Cuts what a torn write left behind the last whole entry.</summary>
    internal void CommitRepair(long end) => Persist([new FileTruncate(CoreFile.Oplog, end)], []);

    /// <summary>Keeps the proof of a second history.</summary>
    internal void CommitEvidence(byte[] evidence)
    {
        if (!_options.ReadOnly)
            Persist([new FileTruncate(CoreFile.Conflict, 0), new FileWrite(CoreFile.Conflict, 0, evidence)], []);
    }

    /// <summary>Accepts a change: first its data, then its entry; the reports follow once both are persisted.</summary>
    internal void Commit(CoreChange change)
    {
        if (_state.Lost is { } lost)
            throw new InvalidOperationException(lost.Reason);
        List<FileOperation> operations = new(UsualOperations);
        if (change.Data is { } data)
            AddData(operations, data, change);
        operations.Add(_oplog.Append(change.Entry));
        if (change.Punch is not null)
        {
            AddBarrier(operations);
            operations.Add(change.Punch);
        }

        _state.Apply(change.Entry);
        Accepted = change.Tree ?? Accepted;
        if (NeedsCheckpoint(change.AlwaysCheckpoint))
            AddCheckpoint(operations);
        Persist(operations, change.Reports, change.Flush);
    }

    internal void HandlePersisted(PersistId id)
    {
        while (_changes.TryPeek(out Change? change) && change.Id.Value <= id.Value)
        {
            _changes.Dequeue();
            Tree = change.Tree;
            LostLength = Tree.Length > 0 ? null : LostLength;
            ContiguousLength = change.ContiguousLength;
            foreach (CoreEffect report in change.Reports)
                _effects.Enqueue(report);
        }

        _state.Nodes.HandlePersisted(id);
        _state.Bitfield.HandlePersisted(id);
        Blocks.HandlePersisted(id);
    }

    /// <summary>From here on the core is read-only: what was accepted and not persisted is reported as failed.</summary>
    internal void HandlePersistFailed(string reason)
    {
        Failure ??= reason;
        foreach (Change change in _changes)
        {
            foreach (CoreEffect report in change.Reports)
            {
                if (report is OrderCompleted completed)
                    _effects.Enqueue(new OrderFailed(completed.Order, CoreFailure.StorageFailed, Failure));
            }
        }

        _changes.Clear();
    }

    /// <summary>Lost data that would have overwritten something else cannot be told from damage later, so the entry waits for it.</summary>
    private void AddData(List<FileOperation> operations, BlockWrites data, CoreChange change)
    {
        operations.AddRange(data.Operations);
        if (change.DataFirst || (change.Flush && data.Start < _dataEnd))
            AddBarrier(operations);
        _dataEnd = Math.Max(_dataEnd, data.End);
    }

    private bool NeedsCheckpoint(bool always)
    {
        if (always)
            return true;
        bool counted = _options.CheckpointEvery > 0 && --_changesUntilCheckpoint <= 0;
        if (counted || _oplog.EntriesLength >= _options.MaxOplogBytes)
        {
            _changesUntilCheckpoint = _options.CheckpointEvery;
            return true;
        }

        bool learned = !_manifestStored && _state.Verifier is not null;
        _manifestStored |= learned;
        return learned;
    }

    /// <summary>Bitfield and tree first, then the header that counts on them, then the entries that it replaces.</summary>
    private void AddCheckpoint(List<FileOperation> operations)
    {
        AddBarrier(operations);
        operations.AddRange(_state.Bitfield.TakeWrites(NextId));
        operations.AddRange(_state.Nodes.TakeWrites(NextId));
        AddBarrier(operations);
        operations.AddRange(_oplog.WriteHeader(_state.ToHeader(Accepted)));
        AddBarrier(operations);
        operations.Add(_oplog.DropEntries());
    }

    private void AddBarrier(List<FileOperation> operations)
    {
        if (_options.Durable)
            operations.Add(FileBarrier.Instance);
    }

    private void Persist(IReadOnlyList<FileOperation> operations, IReadOnlyList<CoreEffect> reports, bool flush = true)
    {
        if (_group is { } group)
        {
            group.Add(operations, reports, flush);
            return;
        }

        PersistId id = new(++_lastId);
        _changes.Enqueue(new Change(id, Accepted, Math.Min(_state.ContiguousLength, Accepted.Length), reports));
        _effects.Enqueue(new Persist(id, operations, flush && _options.Durable));
    }

    private sealed record Change(PersistId Id, MerkleTree Tree, long ContiguousLength, IReadOnlyList<CoreEffect> Reports);
}

/// <summary>One change to accept.</summary>
internal sealed record CoreChange(OplogEntry Entry, IReadOnlyList<CoreEffect> Reports)
{
    /// <summary>Written before the entry, so that an entry never speaks of data that is not there.</summary>
    internal BlockWrites? Data { get; init; }

    /// <summary>Done after the entry, so that data is never missing that no entry has dropped.</summary>
    internal FilePunch? Punch { get; init; }

    /// <summary>The state the change leads to, when it is another one.</summary>
    internal MerkleTree? Tree { get; init; }

    internal bool AlwaysCheckpoint { get; init; }

    /// <summary>Whether the entry must wait for the data: it names blocks that opening does not look at.</summary>
    internal bool DataFirst { get; init; }

    /// <summary>Blocks of others can be fetched again and need not wait for the disk.</summary>
    internal bool Flush { get; init; } = true;
}

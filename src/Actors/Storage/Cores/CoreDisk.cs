using System.Diagnostics.CodeAnalysis;
using Hyper.Actors.Runtime;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Files;

namespace Hyper.Actors.Storage.Cores;

/// <summary>One core's folder: reads for its machine, and its writes in order, with barriers.</summary>
internal sealed class CoreDisk : ICoreFiles, IDisposable
{
    private readonly IFileFolder _folder;
    private readonly Action<object> _report;
    private readonly File[] _files;
    private readonly Queue<Step> _steps = new();
    private readonly SortedSet<string> _unflushed = new(StringComparer.Ordinal);
    private readonly Queue<StepDone> _done = new();
    private bool _waiting;
    private bool _failed;

    /// <summary>Reports are <see cref="StepDone"/> messages, possibly from another thread.</summary>
    internal CoreDisk(IFileFolder folder, Action<object> report)
    {
        _folder = folder;
        _report = report;
        _files = [.. Enum.GetValues<CoreFile>().Select(file => new File(folder, CoreStorageException.NameOf(file)))];
    }

    public IRandomAccess this[CoreFile file] => _files[(int)file];

    internal void Submit(Persist persist)
    {
        List<FileChange> changes = [];
        foreach (FileOperation operation in persist.Operations)
        {
            if (operation is not FileBarrier)
            {
                changes.Add(FolderCoreFiles.ToChange(operation));
                continue;
            }

            _steps.Enqueue(new Step(changes, persist.Id, Flush: true, Last: false));
            changes = [];
        }

        _steps.Enqueue(new Step(changes, persist.Id, persist.Flush, Last: true));
        Advance();
    }

    /// <summary>Goes on after a step; true when it was the last of its change.</summary>
    internal bool Handle(StepDone done)
    {
        _waiting &= done.Last;
        _failed |= done.Error is not null;
        if (_failed)
            _steps.Clear();
        Advance();
        return done.Last || done.Error is not null;
    }

    /// <summary>A step that has ended already, to be given to <see cref="Handle"/> like those that are reported.</summary>
    internal bool TryTakeDone([NotNullWhen(true)] out StepDone? done) => _done.TryDequeue(out done);

    public void Dispose() => _folder.Dispose();

    private void Advance()
    {
        while (!_waiting && !_failed && _steps.TryDequeue(out Step? step))
        {
            foreach (FileChange change in step.Changes)
                _unflushed.Add(change.Name);
            IReadOnlyList<FileChange> changes = step.Changes;
            if (step.Flush)
                changes = [.. changes, .. Touch(changes)];
            _waiting = !step.Last;
            Submit(step, new FileBatch(changes, step.Flush));
        }
    }

    // What ends before the call returns, as writes without a flush do, is not worth a message.
    private void Submit(Step step, FileBatch batch)
    {
        int caller = Environment.CurrentManagedThreadId;
        bool returned = false;
        _folder.Submit(batch, outcome =>
        {
            StepDone done = new(step.Id, step.Last, outcome.Error?.Message);
            if (Environment.CurrentManagedThreadId == caller && !returned)
                _done.Enqueue(done);
            else
                _report(done);
        });
        returned = true;
    }

    /// <summary>A flush covers the files that its batch names, so files written earlier are named again.</summary>
    private IEnumerable<FileChange> Touch(IReadOnlyList<FileChange> changes)
    {
        string[] earlier = [.. _unflushed.Where(name => changes.All(change => change.Name != name))];
        _unflushed.Clear();
        return earlier.Select(name => new Runtime.FileWrite(name, 0, default));
    }

    /// <summary>A step has been applied, and flushed if it asked for that.</summary>
    internal sealed record StepDone(PersistId Id, bool Last, string? Error);

    private sealed record Step(IReadOnlyList<FileChange> Changes, PersistId Id, bool Flush, bool Last);

    private sealed class File(IFileFolder folder, string name) : IRandomAccess
    {
        public long Length => folder.LengthOf(name);

        public int Read(long offset, Span<byte> destination) => folder.Read(name, offset, destination);
    }
}

namespace Hyper.Actors.Runtime.Files;

/// <summary>The files of one folder in memory and who may write them.</summary>
internal sealed class MemoryFolder(string path)
{
    public string Path => path;

    public SortedDictionary<string, MemoryFile> Files { get; } = new(StringComparer.Ordinal);

    public object? Writer { get; set; }

    public void LoseUnflushed()
    {
        Writer = null;
        foreach (MemoryFile file in Files.Values)
            file.LoseUnflushed();
    }
}

/// <summary>One opening of a folder in memory.</summary>
internal sealed class OpenMemoryFolder : IFileFolder
{
    private readonly MemoryFolder _folder;
    private readonly Action<Action>? _finish;
    private readonly bool _writes;

    public OpenMemoryFolder(MemoryFolder folder, FolderAccess access, Action<Action>? finish)
    {
        _folder = folder;
        _finish = finish;
        _writes = access == FolderAccess.Write;
        if (!_writes)
            return;
        if (folder.Writer is not null)
            throw new FolderLockedException(folder.Path);
        folder.Writer = this;
    }

    public string Path => _folder.Path;

    public bool FileExists(string name) => _folder.Files.ContainsKey(name);

    public long LengthOf(string name) => _folder.Files.TryGetValue(name, out MemoryFile? file) ? file.Length : 0;

    public IReadOnlyList<string> ListFiles() => _folder.Files.Keys.ToArray();

    public int Read(string name, long offset, Span<byte> destination)
        => _folder.Files.TryGetValue(name, out MemoryFile? file) ? file.Read(offset, destination) : 0;

    public void Submit(FileBatch batch, Action<FileOutcome> completed)
    {
        RequireOwnership();
        foreach (FileChange change in batch.Changes)
            Apply(change);
        if (!batch.Flush)
        {
            completed(default);
            return;
        }

        (MemoryFile File, long Changes)[] covered = batch.Changes.Select(change => change.Name).Distinct()
            .Select(name => _folder.Files[name]).Select(file => (file, file.Changes)).ToArray();
        if (_finish is null)
            FinishFlush(covered, completed);
        else
            _finish(() => FinishFlush(covered, completed));
    }

    public void Rename(string from, string to)
    {
        RequireOwnership();
        if (!_folder.Files.Remove(from, out MemoryFile? file))
            throw new FileNotFoundException($"there is no file {from} in {Path}", from);
        _folder.Files[to] = file;
    }

    public void Delete(string name)
    {
        RequireOwnership();
        _folder.Files.Remove(name);
    }

    public void Dispose()
    {
        if (_folder.Writer == this)
            _folder.Writer = null;
    }

    private void FinishFlush((MemoryFile File, long Changes)[] covered, Action<FileOutcome> completed)
    {
        if (_folder.Writer != this)
            return;
        foreach ((MemoryFile file, long changes) in covered)
            file.Flush(changes);

        completed(default);
    }

    private void RequireOwnership()
    {
        if (!_writes || _folder.Writer != this)
            throw new FolderReadOnlyException(Path);
    }

    private void Apply(FileChange change)
    {
        if (!_folder.Files.TryGetValue(change.Name, out MemoryFile? file))
            _folder.Files.Add(change.Name, file = new MemoryFile());
        switch (change)
        {
            case FileWrite write:
                file.Write(write.Offset, write.Bytes.Span);
                break;
            case FileGather gather:
                long offset = gather.Offset;
                foreach (ReadOnlyMemory<byte> part in gather.Parts)
                {
                    file.Write(offset, part.Span);
                    offset += part.Length;
                }

                break;
            case FileTruncate truncate:
                file.Truncate(truncate.Length);
                break;
            case FileHole hole when hole.Offset < file.Length:
                file.Write(hole.Offset, new byte[Math.Min(hole.Length, file.Length - hole.Offset)]);
                break;
        }
    }
}

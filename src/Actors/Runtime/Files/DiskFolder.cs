using Microsoft.Win32.SafeHandles;

namespace Hyper.Actors.Runtime.Files;

/// <summary>A folder on disk. Writes go to the system's cache at once, so reads see them; only flushes wait.</summary>
internal sealed class DiskFolder(string path, SafeFileHandle? ownership, FlushThread? flush, UnixFileMode? mode) : IFileFolder
{
    private readonly Dictionary<string, SafeFileHandle> _open = [];

    public string Path => path;

    public bool FileExists(string name) => File.Exists(Full(name));

    public long LengthOf(string name) => Find(name) is { } file ? RandomAccess.GetLength(file) : 0;

    public IReadOnlyList<string> ListFiles()
        => Directory.EnumerateFiles(path).Select(file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal).ToArray();

    public int Read(string name, long offset, Span<byte> destination)
    {
        if (Find(name) is not { } file)
            return 0;
        int total = 0;
        while (total < destination.Length)
        {
            int count = RandomAccess.Read(file, destination[total..], offset + total);
            if (count == 0)
                break;
            total += count;
        }

        return total;
    }

    public void Submit(FileBatch batch, Action<FileOutcome> completed)
    {
        if (ownership is null)
            throw new FolderReadOnlyException(path);
        HashSet<SafeFileHandle>? touched = batch.Flush ? [] : null;
        try
        {
            for (int i = 0; i < batch.Changes.Count; i++)
            {
                SafeFileHandle file = Apply(batch.Changes[i]);
                touched?.Add(file);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            completed(new FileOutcome(DiskErrors.Translate(error, path)));
            return;
        }

        if (touched is not null)
            flush!.Add(touched, path, Events.CurrentCause.Keep(completed));
        else
            completed(default);
    }

    public void Rename(string from, string to)
    {
        Close(from);
        Close(to);
        File.Move(Full(from), Full(to), overwrite: true);
    }

    public void Delete(string name)
    {
        Close(name);
        File.Delete(Full(name));
    }

    public void Dispose()
    {
        foreach (SafeFileHandle file in _open.Values)
            file.Dispose();
        _open.Clear();
        ownership?.Dispose();
    }

    private SafeFileHandle Apply(FileChange change)
    {
        SafeFileHandle file = Find(change.Name) ?? Open(change.Name, FileMode.OpenOrCreate);
        switch (change)
        {
            case FileWrite write:
                RandomAccess.Write(file, write.Bytes.Span, write.Offset);
                break;
            case FileGather gather:
                GatheredWrites.Write(file, gather.Parts, gather.Offset);
                break;
            case FileTruncate truncate:
                RandomAccess.SetLength(file, truncate.Length);
                break;
            case FileHole hole:
                FileHoles.Punch(file, hole.Offset, hole.Length);
                break;
        }

        return file;
    }

    private SafeFileHandle? Find(string name)
    {
        if (_open.TryGetValue(name, out SafeFileHandle? file))
            return file;
        return File.Exists(Full(name)) ? Open(name, FileMode.Open) : null;
    }

    private SafeFileHandle Open(string name, FileMode creation)
    {
        FileAccess access = ownership is null ? FileAccess.Read : FileAccess.ReadWrite;
        SafeFileHandle file = File.OpenHandle(Full(name), creation, access, FileShare.ReadWrite | FileShare.Delete);
        // Only a file that is made here has its mode set: what a person changed stays.
        if (access == FileAccess.ReadWrite && FileMode.OpenOrCreate == creation && mode is { } owners && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, owners);
        _open.Add(name, file);
        return file;
    }

    private void Close(string name)
    {
        if (_open.Remove(name, out SafeFileHandle? file))
            file.Dispose();
    }

    private string Full(string name) => System.IO.Path.Combine(path, name);
}

namespace Hyper.Actors.Runtime;

/// <summary>Folders of files: a disk or its simulation.</summary>
public interface IFileStore
{
    bool FolderExists(string path);

    /// <summary>Opens a folder; with write access it is made when missing and locked, by that file in it, until it is disposed.</summary>
    /// <exception cref="FolderLockedException">Somebody else has the folder open for writing.</exception>
    /// <exception cref="FolderReadOnlyException">The system refuses to write there.</exception>
    /// <exception cref="DirectoryNotFoundException">Read access to a folder that does not exist.</exception>
    IFileFolder OpenFolder(string path, FolderAccess access, string lockedFile = "oplog");

    void DeleteFolder(string path);

    /// <summary>Names of the folders directly in a folder, sorted; none when it does not exist.</summary>
    IReadOnlyList<string> ListFolders(string path);
}

/// <summary>How a folder is opened.</summary>
public enum FolderAccess
{
    /// <summary>Nothing is written, nothing locked.</summary>
    Read,

    /// <summary>One writer at a time, across processes.</summary>
    Write,
}

/// <summary>An open folder. All members are for one actor at a time; completions may come from another thread.</summary>
public interface IFileFolder : IDisposable
{
    string Path { get; }

    bool FileExists(string name);

    /// <summary>Length in bytes, 0 for a missing file.</summary>
    long LengthOf(string name);

    /// <summary>Names of the files, sorted.</summary>
    IReadOnlyList<string> ListFiles();

    /// <summary>Reads what is there, submitted writes included; fewer bytes than asked means end of file.</summary>
    int Read(string name, long offset, Span<byte> destination);

    /// <summary>
    /// Applies the changes in order, visible to reads at once. The completion is called exactly once, after the flush when one
    /// is asked for, from any thread and possibly before this method returns; it only passes the outcome on.
    /// </summary>
    void Submit(FileBatch batch, Action<FileOutcome> completed);

    /// <summary>Replaces the target atomically.</summary>
    void Rename(string from, string to);

    void Delete(string name);
}

/// <summary>Changes to files of one folder that belong together.</summary>
public sealed record FileBatch(IReadOnlyList<FileChange> Changes, bool Flush);

/// <summary>One change to one file; the file is made when missing.</summary>
public abstract record FileChange(string Name);

/// <summary>Puts bytes at an offset; a gap before it reads as zeros.</summary>
public sealed record FileWrite(string Name, long Offset, ReadOnlyMemory<byte> Bytes) : FileChange(Name);

/// <summary>Puts parts one behind the other, from an offset on.</summary>
public sealed record FileGather(string Name, long Offset, IReadOnlyList<ReadOnlyMemory<byte>> Parts) : FileChange(Name);

/// <summary>Cuts or extends the file to a length.</summary>
public sealed record FileTruncate(string Name, long Length) : FileChange(Name);

/// <summary>Turns a range into zeros without changing the file's length, as a hole where the file system can.</summary>
public sealed record FileHole(string Name, long Offset, long Length) : FileChange(Name);

/// <summary>How a batch ended; <see cref="Error"/> is null on success.</summary>
public readonly record struct FileOutcome(Exception? Error)
{
    public bool Succeeded => Error is null;
}

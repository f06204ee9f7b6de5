namespace Hyper.Actors.Runtime.Files;

/// <summary>Folders on the real disk, sharing a few flush threads.</summary>
/// <param name="isPrivate">Whether folders and files that are made are for their owner alone, as secret keys want it.</param>
public sealed class DiskFileStore(bool isPrivate = false) : IFileStore, IDisposable
{
    private const UnixFileMode OwnersFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FlushThreads _flush = new();

    public bool FolderExists(string path) => Directory.Exists(path);

    public IFileFolder OpenFolder(string path, FolderAccess access, string lockedFile = "oplog")
    {
        if (access == FolderAccess.Read)
        {
            return Directory.Exists(path)
                ? new DiskFolder(path, null, null, null)
                : throw new DirectoryNotFoundException($"there is no storage folder {path}");
        }

        UnixFileMode? mode = isPrivate && !OperatingSystem.IsWindows() ? OwnersFile : null;
        try
        {
            Make(path);
            return new DiskFolder(path, FolderLock.Take(path, lockedFile, mode), _flush.Next(), mode);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or (IOException and not FolderLockedException))
        {
            throw DiskErrors.Translate(error, path);
        }
    }

    public void DeleteFolder(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }

    public IReadOnlyList<string> ListFolders(string path)
        => Directory.Exists(path)
            ? [.. Directory.EnumerateDirectories(path).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)]
            : [];

    public void Dispose() => _flush.Dispose();

    private void Make(string path)
    {
        if (File.Exists(path))
            throw new IOException($"{path} is a file, not a folder");
        try
        {
            if (isPrivate && !OperatingSystem.IsWindows())
                Directory.CreateDirectory(path, OwnersFolder);
            else
                Directory.CreateDirectory(path);
        }
        // What the system says of a parent that is no folder, or takes none, does not name the cause.
        catch (Exception error) when (error is DirectoryNotFoundException or FileNotFoundException)
        {
            throw new FolderReadOnlyException(path, error);
        }
    }
}

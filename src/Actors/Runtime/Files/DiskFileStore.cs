namespace Hyper.Actors.Runtime.Files;

/// <summary>Folders on the real disk, sharing one flush thread.</summary>
public sealed class DiskFileStore : IFileStore, IDisposable
{
    private readonly FlushThread _flush = new();

    public bool FolderExists(string path) => Directory.Exists(path);

    public IFileFolder OpenFolder(string path, FolderAccess access, string lockedFile = "oplog")
    {
        if (access == FolderAccess.Read)
        {
            return Directory.Exists(path)
                ? new DiskFolder(path, null, _flush)
                : throw new DirectoryNotFoundException($"there is no storage folder {path}");
        }

        try
        {
            Directory.CreateDirectory(path);
            return new DiskFolder(path, FolderLock.Take(path, lockedFile), _flush);
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

    public void Dispose() => _flush.Dispose();
}

namespace Hyper.Actors.Runtime.Files;

/// <summary>Folders in memory, for as long as the store lives.</summary>
/// <param name="finish">When a flush ends: runs the completion later, by a clock; at once when null.</param>
public sealed class MemoryFileStore(Action<Action>? finish = null) : IFileStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, MemoryFolder> _folders = new(StringComparer.Ordinal);

    public bool FolderExists(string path)
    {
        lock (_gate)
            return _folders.ContainsKey(path);
    }

    public IFileFolder OpenFolder(string path, FolderAccess access, string lockedFile = "oplog")
    {
        lock (_gate)
        {
            if (!_folders.TryGetValue(path, out MemoryFolder? folder))
            {
                if (access == FolderAccess.Read)
                    throw new DirectoryNotFoundException($"there is no storage folder {path}");
                _folders.Add(path, folder = new MemoryFolder(path));
            }

            return new OpenMemoryFolder(folder, access, finish);
        }
    }

    public void DeleteFolder(string path)
    {
        lock (_gate)
        {
            string below = path + '/';
            foreach (string key in _folders.Keys.Where(key => key == path || key.StartsWith(below, StringComparison.Ordinal)).ToArray())
                _folders.Remove(key);
        }
    }

    public IReadOnlyList<string> ListFolders(string path)
    {
        string below = path + '/';
        lock (_gate)
        {
            IEnumerable<string> names = _folders.Keys.Where(key => key.StartsWith(below, StringComparison.Ordinal))
                .Select(key => key[below.Length..].Split('/')[0]);
            return [.. names.Distinct().Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>What a power cut leaves: every file as it was at its last finished flush, no lock held.</summary>
    public void LoseUnflushed()
    {
        lock (_gate)
        {
            foreach (MemoryFolder folder in _folders.Values)
                folder.LoseUnflushed();
        }
    }
}

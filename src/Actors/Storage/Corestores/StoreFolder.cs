using Hyper.Actors.Runtime;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Corestore;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;

namespace Hyper.Actors.Storage.Corestores;

/// <summary>The store's own folder: its secret, and where its cores are.</summary>
internal sealed class StoreFolder : IDisposable
{
    private readonly IFileStore _files;
    private readonly IFileFolder _folder;

    private StoreFolder(IFileStore files, IFileFolder folder, Bytes32 primaryKey)
    {
        _files = files;
        _folder = folder;
        Keys = new StoreKeys(primaryKey);
    }

    public StoreKeys Keys { get; }

    /// <summary>Reads the secret, or makes one; it is on disk when the action is called, from any thread.</summary>
    public static StoreFolder Open(IFileStore files, CorestoreOptions options, IEntropy entropy, Action<FileOutcome> stored)
    {
        if (files.FolderExists(options.Folder))
            CoreFolder.RefuseRocksDb(files, options.Folder);
        IFileFolder folder = files.OpenFolder(
            options.Folder, options.Storage.ReadOnly ? FolderAccess.Read : FolderAccess.Write, StoreLayout.PrimaryKeyFile);
        try
        {
            Bytes32 primaryKey = ReadOrMake(folder, options, entropy, stored);
            return new StoreFolder(files, folder, primaryKey);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public string PathOf(DiscoveryKey key) => $"{_folder.Path}/{StoreLayout.FolderOf(key)}";

    public bool Holds(DiscoveryKey key) => _files.FolderExists(PathOf(key));

    /// <summary>Every core that has a folder in the store, in the order of their discovery keys.</summary>
    public IEnumerable<DiscoveryKey> List()
    {
        string cores = $"{_folder.Path}/{StoreLayout.CoresFolder}";
        foreach (string first in _files.ListFolders(cores))
        {
            foreach (string second in _files.ListFolders($"{cores}/{first}"))
            {
                foreach (string name in _files.ListFolders($"{cores}/{first}/{second}"))
                {
                    bool isCore = DiscoveryKey.TryParse(name, out DiscoveryKey key);
                    if (isCore && StoreLayout.FolderOf(key) == $"{StoreLayout.CoresFolder}/{first}/{second}/{name}")
                        yield return key;
                }
            }
        }
    }

    /// <summary>Deletes a core that nobody has open.</summary>
    public void Purge(DiscoveryKey key) => _files.DeleteFolder(PathOf(key));

    /// <summary>The core of a name; stores of version 6 may hold it under its public key.</summary>
    public CoreIdentity Resolve(StoreNamespace space, string name)
    {
        CoreIdentity compat = Keys.IdentityOf(space, name, compat: true);
        return Holds(compat.Key.ToDiscoveryKey()) ? compat : Keys.IdentityOf(space, name);
    }

    public void Dispose() => _folder.Dispose();

    private static Bytes32 ReadOrMake(IFileFolder folder, CorestoreOptions options, IEntropy entropy, Action<FileOutcome> stored)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Size];
        long length = folder.LengthOf(StoreLayout.PrimaryKeyFile);
        if (length == 0 && !options.Storage.ReadOnly)
        {
            Bytes32 made = options.PrimaryKey ?? entropy.Next32();
            folder.Submit(new FileBatch([new FileWrite(StoreLayout.PrimaryKeyFile, 0, made.ToArray())], Flush: true), stored);
            return made;
        }

        if (length == 0)
            throw new CoreOpenException(CoreProblem.NotFound, $"there is no store in {folder.Path}");
        if (length != bytes.Length || folder.Read(StoreLayout.PrimaryKeyFile, 0, bytes) != bytes.Length)
            throw new CoreOpenException(CoreProblem.Corrupt, $"{StoreLayout.PrimaryKeyFile} holds {length} bytes instead of {bytes.Length}");
        Bytes32 read = new(bytes);
        if (options.PrimaryKey is { } wanted && wanted != read)
            throw new CoreOpenException(CoreProblem.OtherCore, $"{folder.Path} holds another store");
        stored(default);
        return read;
    }
}

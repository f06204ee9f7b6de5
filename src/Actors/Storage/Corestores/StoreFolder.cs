using Hyper.Actors.Runtime;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Corestore;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Oplog;

namespace Hyper.Actors.Storage.Corestores;

/// <summary>The store's own folder: its secret, and where its cores are.</summary>
internal sealed class StoreFolder : IDisposable
{
    private readonly IFileStore _files;
    private readonly IFileFolder _folder;
    private readonly int _manifestVersion;

    private StoreFolder(IFileStore files, IFileFolder folder, Bytes32 primaryKey, int manifestVersion)
    {
        _manifestVersion = manifestVersion;
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
            return new StoreFolder(files, folder, primaryKey, options.ManifestVersion);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public string PathOf(DiscoveryKey key) => $"{_folder.Path}/{StoreLayout.FolderOf(key)}";

    public bool Holds(DiscoveryKey key) => _files.FolderExists(PathOf(key));

    /// <summary>
    /// Every core that has a folder in the store, in the order of their discovery keys, or only those whose names are of one namespace;
    /// damaged ones tell no name.
    /// </summary>
    public IEnumerable<DiscoveryKey> List(StoreNamespace? only) => only is { } space
        ? List().Where(key => NamespaceOf(key) is { } found && found.Span.SequenceEqual(space.Value.Span))
        : List();

    /// <summary>Answers what a stored core says of itself.</summary>
    public CorestoreProtocol.IEvent Identify(CorestoreProtocol.GetIdentity order)
    {
        try
        {
            using IFileFolder? folder = Holds(order.Key) ? _files.OpenFolder(PathOf(order.Key), FolderAccess.Read) : null;
            FolderCoreFiles? files = folder is null ? null : new FolderCoreFiles(folder);
            bool isStored = files is not null && HypercoreMachine.Exists(files);
            return new CorestoreProtocol.Identity(order.Request, isStored ? HypercoreMachine.ReadIdentity(files!) : null);
        }
        catch (Exception error) when (CoreFolder.ProblemOf(error) is { } problem)
        {
            return new CorestoreProtocol.Failed(order.Request, problem, error.Message);
        }
    }

    /// <summary>Deletes a core that nobody has open, and the folders above it that held nothing else.</summary>
    public void Purge(DiscoveryKey key)
    {
        string path = PathOf(key);
        _files.DeleteFolder(path);
        for (int above = 0; above < 2; above++)
        {
            path = path[..path.LastIndexOf('/')];
            if (!_files.FolderExists(path) || _files.ListFolders(path).Count > 0 || HoldsFiles(path))
                return;
            _files.DeleteFolder(path);
        }
    }

    /// <summary>The core of a name: the one that is stored, in whatever way its key was made from the name, or the one to make.</summary>
    public CoreIdentity Resolve(StoreNamespace space, string name)
        => Keys.IdentitiesOf(space, name, _manifestVersion).FirstOrDefault(identity => Holds(identity.Key.ToDiscoveryKey()))
            ?? Keys.IdentityOf(space, name, _manifestVersion);

    public void Dispose() => _folder.Dispose();

    private IEnumerable<DiscoveryKey> List()
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

    private bool HoldsFiles(string path)
    {
        using IFileFolder folder = _files.OpenFolder(path, FolderAccess.Read);
        return folder.ListFiles().Count > 0;
    }

    private ReadOnlyMemory<byte>? NamespaceOf(DiscoveryKey key)
    {
        try
        {
            using IFileFolder folder = _files.OpenFolder(PathOf(key), FolderAccess.Read);
            FolderCoreFiles files = new(folder);
            UserDataItem? item = HypercoreMachine.Exists(files)
                ? HypercoreMachine.ReadUserData(files).FirstOrDefault(item => item.Key == StoreLayout.NamespaceItem) : null;
            return item?.Value;
        }
        catch (Exception error) when (CoreFolder.ProblemOf(error) is not null)
        {
            return null;
        }
    }

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

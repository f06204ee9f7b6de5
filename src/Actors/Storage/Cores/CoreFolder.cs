using Hyper.Actors.Runtime;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Files;

namespace Hyper.Actors.Storage.Cores;

/// <summary>A core opened or created in its folder.</summary>
internal sealed record OpenCore(HypercoreMachine Machine, CoreDisk Disk);

/// <summary>Opens core folders and says plainly why one cannot be opened.</summary>
internal static class CoreFolder
{
    internal static OpenCore Open(IFileStore store, CoreOptions options, Action<object> report)
    {
        bool exists = store.FolderExists(options.Folder);
        if (exists)
            RefuseRocksDb(store, options.Folder);
        bool stored = exists && HasCore(store, options.Folder);
        bool makes = options is { Identity: not null, CreateIfMissing: true, Storage.ReadOnly: false };
        if (!stored && !makes)
            throw new CoreOpenException(CoreProblem.NotFound, $"there is no core in {options.Folder}");
        FolderAccess access = options.Storage.ReadOnly ? FolderAccess.Read : FolderAccess.Write;
        CoreDisk disk = new(store.OpenFolder(options.Folder, access), report);
        try
        {
            return new OpenCore(OpenMachine(disk, options), disk);
        }
        catch
        {
            disk.Dispose();
            throw;
        }
    }

    /// <summary>The problem behind an error of opening; null when it is none that a folder can cause.</summary>
    internal static CoreProblem? ProblemOf(Exception error) => error switch
    {
        CoreOpenException open => open.Problem,
        CoreStorageException => CoreProblem.Corrupt,
        FolderLockedException => CoreProblem.Locked,
        FolderReadOnlyException => CoreProblem.FolderReadOnly,
        DirectoryNotFoundException => CoreProblem.NotFound,
        IOException => CoreProblem.StorageFailed,
        _ => null,
    };

    private static HypercoreMachine OpenMachine(CoreDisk disk, CoreOptions options)
    {
        if (!HypercoreMachine.Exists(disk))
            return HypercoreMachine.Create(disk, options.Identity!, options.Storage);
        HypercoreMachine machine = HypercoreMachine.Open(disk, options.Storage);
        if (options.Identity is { } wanted && wanted.Key != machine.Key)
            throw new CoreOpenException(CoreProblem.OtherCore, $"{options.Folder} holds the core {machine.Key}, not {wanted.Key}");
        if (options is { Identity: not null, Storage.ReadOnly: false })
            machine.Adopt(options.Identity);
        return machine;
    }

    private static bool HasCore(IFileStore store, string folder)
    {
        using CoreDisk disk = new(store.OpenFolder(folder, FolderAccess.Read), _ => { });
        return HypercoreMachine.Exists(disk);
    }

    // Looked for before anything is locked, because taking the lock creates a file.
    internal static void RefuseRocksDb(IFileStore store, string folder)
    {
        using IFileFolder files = store.OpenFolder(folder, FolderAccess.Read);
        if (files.FileExists("CORESTORE") || files.FileExists("CURRENT") || store.FolderExists($"{folder}/db"))
        {
            throw new CoreOpenException(
                CoreProblem.WrongVersion,
                $"{folder} was written by Hypercore 11 (RocksDB); only the files of Hypercore 10 can be opened here");
        }
    }
}

/// <summary>A folder that cannot be opened as the core that was asked for.</summary>
internal sealed class CoreOpenException(CoreProblem problem, string reason) : Exception(reason)
{
    internal CoreProblem Problem => problem;
}

using Hyper.Actors.Runtime;
using Hyper.Protocol.Hypercore.Files;

namespace Hyper.Actors.Storage.Cores;

/// <summary>The files of a core in an open folder, named as JavaScript names them.</summary>
public sealed class FolderCoreFiles : ICoreFiles
{
    private readonly RandomAccess[] _files;

    public FolderCoreFiles(IFileFolder folder)
        => _files = [.. Enum.GetValues<CoreFile>().Select(file => new RandomAccess(folder, CoreStorageException.NameOf(file)))];

    public IRandomAccess this[CoreFile file] => _files[(int)file];

    /// <summary>Operations between two barriers as one batch each; the last one flushes when asked to.</summary>
    public static IEnumerable<FileBatch> ToBatches(IReadOnlyList<FileOperation> operations, bool flush)
    {
        List<FileChange> changes = [];
        foreach (FileOperation operation in operations)
        {
            if (operation is FileBarrier)
            {
                yield return new FileBatch(changes, Flush: true);
                changes = [];
            }
            else
            {
                changes.Add(ToChange(operation));
            }
        }

        yield return new FileBatch(changes, flush);
    }

    /// <summary>One operation in the words of a folder.</summary>
    public static FileChange ToChange(FileOperation operation) => operation switch
    {
        Hyper.Protocol.Hypercore.Files.FileWrite write
            => new Runtime.FileWrite(CoreStorageException.NameOf(write.File), write.Offset, write.Bytes),
        Hyper.Protocol.Hypercore.Files.FileGather gather
            => new Runtime.FileGather(CoreStorageException.NameOf(gather.File), gather.Offset, gather.Parts),
        Hyper.Protocol.Hypercore.Files.FileTruncate truncate
            => new Runtime.FileTruncate(CoreStorageException.NameOf(truncate.File), truncate.Length),
        FilePunch punch => new FileHole(CoreStorageException.NameOf(punch.File), punch.Offset, punch.Length),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "an operation of an unknown kind"),
    };

    private sealed class RandomAccess(IFileFolder folder, string name) : IRandomAccess
    {
        public long Length => folder.LengthOf(name);

        public int Read(long offset, Span<byte> destination) => folder.Read(name, offset, destination);
    }
}

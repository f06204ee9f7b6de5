namespace Hyper.Protocol.Hypercore.Files;

/// <summary>The files of a core contradict themselves or are of a kind that cannot be read.</summary>
public sealed class CoreStorageException : Exception
{
    public CoreStorageException(CoreFile file, long offset, string reason)
        : base($"{NameOf(file)} at byte {offset}: {reason}")
    {
        File = file;
        Offset = offset;
        Reason = reason;
    }

    public CoreFile File { get; }

    /// <summary>Where in the file the trouble was found.</summary>
    public long Offset { get; }

    public string Reason { get; }

    /// <summary>The file's name on disk.</summary>
    public static string NameOf(CoreFile file) => file switch
    {
        CoreFile.Oplog => "oplog",
        CoreFile.Tree => "tree",
        CoreFile.Bitfield => "bitfield",
        CoreFile.Data => "data",
        CoreFile.Conflict => "conflict",
        _ => "header",
    };
}

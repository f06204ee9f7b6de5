namespace Hyper.Protocol.Hypercore.Files;

/// <summary>One step of a change on disk; steps are applied in the order given, across all changes of a core.</summary>
public abstract record FileOperation
{
    private protected FileOperation()
    {
    }
}

/// <summary>Writes bytes at an offset and creates the file if need be.</summary>
public sealed record FileWrite(CoreFile File, long Offset, ReadOnlyMemory<byte> Bytes) : FileOperation;

/// <summary>Writes parts one behind the other, like one <see cref="FileWrite"/> of all of them.</summary>
public sealed record FileGather(CoreFile File, long Offset, IReadOnlyList<ReadOnlyMemory<byte>> Parts) : FileOperation;

/// <summary>Cuts or extends a file to a length.</summary>
public sealed record FileTruncate(CoreFile File, long Length) : FileOperation;

/// <summary>Turns a range into zeros, as a hole where the file system can.</summary>
public sealed record FilePunch(CoreFile File, long Offset, long Length) : FileOperation;

/// <summary>Everything before must be on disk before anything after is written.</summary>
public sealed record FileBarrier : FileOperation
{
    public static FileBarrier Instance { get; } = new();
}

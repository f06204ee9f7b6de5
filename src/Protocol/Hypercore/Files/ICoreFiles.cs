namespace Hyper.Protocol.Hypercore.Files;

/// <summary>Synchronous reads of one file; a file that does not exist has length 0.</summary>
public interface IRandomAccess
{
    long Length { get; }

    /// <summary>Copies what is there and returns how much that was; less than asked for only at the end.</summary>
    int Read(long offset, Span<byte> destination);
}

/// <summary>The files of one core as they are on disk, after every write that has been reported as persisted.</summary>
public interface ICoreFiles
{
    IRandomAccess this[CoreFile file] { get; }
}

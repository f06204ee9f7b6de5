namespace Hyper.Actors.Runtime.Files;

/// <summary>The system's error numbers as errors with a name.</summary>
internal static class DiskErrors
{
    private const int NoSpaceLinux = 28;
    private const int QuotaLinux = 122;
    private const int ReadOnlyLinux = 30;
    private const int NoSpaceWindows = unchecked((int)0x80070070);

    public static Exception Translate(Exception error, string path) => error switch
    {
        UnauthorizedAccessException => new FolderReadOnlyException(path, error),
        IOException { HResult: NoSpaceLinux or QuotaLinux or NoSpaceWindows } => new DiskFullException(path, error),
        IOException { HResult: ReadOnlyLinux } => new FolderReadOnlyException(path, error),
        _ => error,
    };
}

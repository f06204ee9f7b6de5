using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Hyper.Actors.Runtime.Files;

/// <summary>
/// The lock that the JavaScript stack takes on a folder: an exclusive open-file-description lock on a core's <c>oplog</c> or a
/// store's <c>primary-key</c>, so that neither side opens what the other has open.
/// </summary>
internal static partial class FolderLock
{
    private const int SetOpenFileDescriptionLock = 37;
    private const short WriteLock = 1;

    public static SafeFileHandle Take(string folder, string lockedFile, UnixFileMode? mode = null)
    {
        string path = Path.Combine(folder, lockedFile);
        bool system = OperatingSystem.IsLinux();
        SafeFileHandle? handle = null;
        try
        {
            bool isNew = !File.Exists(path);
            handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            if (isNew && mode is { } owners && !OperatingSystem.IsWindows())
                File.SetUnixFileMode(handle, owners);
            if (!system)
                return File.OpenHandle(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (!system && handle is not null)
        {
            handle.Dispose();
            throw new FolderLockedException(folder, error);
        }

        var request = new FileLock { Type = WriteLock };
        if (Control(handle, SetOpenFileDescriptionLock, ref request) == 0)
            return handle;
        handle.Dispose();
        throw new FolderLockedException(folder);
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, ref FileLock request);

    // struct flock of 64-bit Linux; zero start and length cover the whole file, and the process id must be 0.
    [StructLayout(LayoutKind.Sequential)]
    private struct FileLock
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Process;
    }
}

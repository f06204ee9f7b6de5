using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Hyper.Actors.Runtime.Files;

/// <summary>Gives the disk space of a range back, where the file system can; elsewhere the range is overwritten with zeros.</summary>
internal static partial class FileHoles
{
    private const int KeepSize = 1;
    private const int PunchHole = 2;
    private const int ZeroChunk = 1 << 16;
    private static readonly byte[] s_zeros = new byte[ZeroChunk];

    public static void Punch(SafeFileHandle file, long offset, long length)
    {
        length = Math.Min(length, RandomAccess.GetLength(file) - offset);
        if (length <= 0 || (OperatingSystem.IsLinux() && Allocate(file, KeepSize | PunchHole, offset, length) == 0))
            return;
        for (long done = 0; done < length; done += ZeroChunk)
            RandomAccess.Write(file, s_zeros.AsSpan(0, (int)Math.Min(ZeroChunk, length - done)), offset + done);
    }

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);
}

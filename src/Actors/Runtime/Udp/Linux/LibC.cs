using System.Runtime.InteropServices;

namespace Hyper.Actors.Runtime.Udp.Linux;

/// <summary>The system calls of the fast path, in the layout that 64-bit little-endian Linux gives them.</summary>
internal static unsafe partial class LibC
{
    public const int Interrupted = 4;
    public const int TryAgain = 11;

    public const int SocketLevelUdp = 17;
    public const int OptionSegment = 103;
    public const int OptionCoalesce = 104;
    public const int DoNotWait = 0x40;

    public const int PollIn = 1;
    public const int PollOut = 4;
    public const int ControlAdd = 1;
    public const int ControlDelete = 2;
    public const int EdgeTriggered = 1 << 31;
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;

    /// <summary>Whether the layouts below are those of this process.</summary>
    public static bool IsSupported { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess && BitConverter.IsLittleEndian;

    public static int CreatePoll() => epoll_create1(CloseOnExec);

    /// <summary>A descriptor that can be read once something has been written to it.</summary>
    public static int CreateSignal() => eventfd(0, CloseOnExec | NonBlocking);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int epoll_ctl(int poll, int operation, int descriptor, byte* entry);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int epoll_wait(int poll, byte* entries, int capacity, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint write(int descriptor, void* bytes, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int recvmmsg(int socket, MessageEntry* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int sendmmsg(int socket, MessageEntry* messages, uint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint sendto(int socket, void* bytes, nuint length, int flags, void* name, uint nameLength);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setsockopt(int socket, int level, int option, int* value, uint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint value, int flags);

    // struct mmsghdr
    [StructLayout(LayoutKind.Sequential)]
    public struct MessageEntry
    {
        public void* Name;
        public uint NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
        private readonly int _padding;
        public uint Length;
        private readonly uint _end;
    }

    // struct iovec
    [StructLayout(LayoutKind.Sequential)]
    public struct Vector
    {
        public void* Start;
        public nuint Length;
    }

    // struct pollfd
    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Wanted;
        public short Found;
    }
}

using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace AuctionActors.Interop.Tests.Nat;

/// <summary>A network interface of which this process is the other end: it reads and writes whole IP packets.</summary>
internal sealed partial class Tun : IDisposable
{
    private const int ReadWrite = 2, NonBlocking = 0x800, CloseOnExec = 0x80000, NetworkNamespace = 0x40000000;
    private const nuint SetInterface = 0x400454CA;
    private const short PacketsOnly = 0x1001, Readable = 1;
    private const int RequestSize = 40, NameSize = 16;
    private readonly int _descriptor;

    private Tun(int descriptor) => _descriptor = descriptor;

    /// <summary>Moves the calling thread, and no other, into a namespace for good, and makes an interface there.</summary>
    public static Tun OpenIn(string namespaceFile, string name)
    {
        int there = Checked(Open(namespaceFile, CloseOnExec), namespaceFile);
        int moved = SetNamespace(there, NetworkNamespace);
        string? failure = moved == 0 ? null : Failure("setns");
        _ = Close(there);
        if (failure is not null)
            throw new LabException(failure);
        Tun tun = new(Checked(Open("/dev/net/tun", ReadWrite | NonBlocking | CloseOnExec), "/dev/net/tun"));
        byte[] request = new byte[RequestSize];
        Encoding.ASCII.GetBytes(name, request);
        MemoryMarshal.Write(request.AsSpan(NameSize), PacketsOnly);
        if (Control(tun._descriptor, SetInterface, request) == 0)
            return tun;
        failure = Failure("TUNSETIFF");
        tun.Dispose();
        throw new LabException(failure);
    }

    /// <summary>Waits for a packet.</summary>
    public void Wait(TimeSpan limit)
    {
        PollRequest request = new() { Descriptor = _descriptor, Wanted = Readable };
        _ = Poll(ref request, 1, (int)Math.Ceiling(limit.TotalMilliseconds));
    }

    /// <summary>The packet's length, or less than 1 when none is there.</summary>
    public int Read(byte[] buffer) => (int)Read(_descriptor, buffer, (nuint)buffer.Length);

    /// <summary>A packet that the kernel does not take is lost, as on any wire.</summary>
    public void Write(byte[] packet) => _ = Write(_descriptor, packet, (nuint)packet.Length);

    public void Dispose() => _ = Close(_descriptor);

    private static int Checked(int descriptor, string what) => descriptor >= 0 ? descriptor : throw new LabException(Failure(what));

    private static string Failure(string what) => $"{what}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}";

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int kind);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, nuint request, byte[] argument);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollRequest request, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int descriptor, byte[] buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, byte[] buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    private struct PollRequest
    {
        public int Descriptor;
        public short Wanted;
        public short Found;
    }
}

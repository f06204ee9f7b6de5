using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Hyper.Actors.Runtime.Udp.Linux;

/// <summary>One thread that waits until any of many descriptors can be read, and calls its reader.</summary>
internal sealed unsafe class DescriptorPoll
{
    private const int Capacity = 64;

    // struct epoll_event is packed on x86-64 only.
    private static readonly int EntrySize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = EntrySize - sizeof(long);

    private readonly int _poll = LibC.CreatePoll();
    private readonly ConcurrentDictionary<long, Action<ReceiveBuffers>> _readers = new();
    private readonly byte* _entries = (byte*)NativeMemory.AllocZeroed((nuint)(Capacity * EntrySize));
    private readonly ReceiveBuffers _buffers = new();
    private long _last;

    private DescriptorPoll() => new Thread(Run) { IsBackground = true, Name = "network" }.Start();

    public static DescriptorPoll Shared { get; } = new();

    /// <summary>Has the callback called while the descriptor holds something to read; returns what <see cref="Remove"/> wants.</summary>
    public long Add(int descriptor, Action<ReceiveBuffers> readable)
    {
        long key = Interlocked.Increment(ref _last);
        _readers[key] = readable;
        if (Control(LibC.ControlAdd, descriptor, key) < 0)
            throw new IOException($"epoll_ctl failed with {Marshal.GetLastPInvokeError()}");
        return key;
    }

    /// <summary>To be called before the descriptor is closed; a callback may still run.</summary>
    public void Remove(int descriptor, long key)
    {
        _ = Control(LibC.ControlDelete, descriptor, key);
        _readers.TryRemove(key, out _);
    }

    private void Run()
    {
        while (true)
        {
            int ready = LibC.epoll_wait(_poll, _entries, Capacity, -1);
            for (int i = 0; i < ready; i++)
            {
                long key = BinaryPrimitives.ReadInt64LittleEndian(new ReadOnlySpan<byte>(_entries + (i * EntrySize) + DataOffset, sizeof(long)));
                if (_readers.TryGetValue(key, out Action<ReceiveBuffers>? readable))
                    readable(_buffers);
            }
        }
    }

    private int Control(int operation, int descriptor, long key)
    {
        byte* entry = stackalloc byte[EntrySize];
        BinaryPrimitives.WriteInt32LittleEndian(new Span<byte>(entry, EntrySize), LibC.PollIn);
        BinaryPrimitives.WriteInt64LittleEndian(new Span<byte>(entry + DataOffset, sizeof(long)), key);
        return LibC.epoll_ctl(_poll, operation, descriptor, entry);
    }
}

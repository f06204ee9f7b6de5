using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Hyper.Actors.Runtime.Udp.Linux;

/// <summary>Waits until one of many descriptors can be read; whoever waits runs what is to be done then.</summary>
internal sealed unsafe class DescriptorPoll
{
    private const int Capacity = 64;

    // struct epoll_event is packed on x86-64 only.
    private static readonly int EntrySize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = EntrySize - sizeof(long);

    private readonly int _poll = LibC.CreatePoll();
    private readonly int _wake = LibC.CreateEvent(isBlocking: false);
    private readonly ConcurrentDictionary<long, Action<ReceiveBuffers>> _readers = new();
    private readonly byte* _entries = (byte*)NativeMemory.AllocZeroed((nuint)(Capacity * EntrySize));
    private readonly ReceiveBuffers _buffers = new();
    private long _last;

    public DescriptorPoll() => Control(LibC.ControlAdd, _wake, 0);

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

    /// <summary>Lets the waiting thread go on. The count that is written makes the descriptor readable.</summary>
    public void Wake()
    {
        long one = 1;
        _ = LibC.write(_wake, &one, sizeof(long));
    }

    /// <summary>Waits and tells how many descriptors are ready; for one thread at a time, as <see cref="CallBack"/>.</summary>
    public int Wait(int milliseconds) => LibC.epoll_wait(_poll, _entries, Capacity, milliseconds);

    /// <summary>Serves what the last <see cref="Wait"/> has found.</summary>
    public void CallBack(int ready)
    {
        for (int i = 0; i < ready; i++)
        {
            long key = BinaryPrimitives.ReadInt64LittleEndian(new ReadOnlySpan<byte>(_entries + (i * EntrySize) + DataOffset, sizeof(long)));
            if (key == 0)
                ClearWake();
            else if (_readers.TryGetValue(key, out Action<ReceiveBuffers>? readable))
                readable(_buffers);
        }
    }

    private void ClearWake()
    {
        long count;
        _ = LibC.read(_wake, &count, sizeof(long));
    }

    private int Control(int operation, int descriptor, long key)
    {
        byte* entry = stackalloc byte[EntrySize];
        BinaryPrimitives.WriteInt32LittleEndian(new Span<byte>(entry, EntrySize), LibC.PollIn);
        BinaryPrimitives.WriteInt64LittleEndian(new Span<byte>(entry + DataOffset, sizeof(long)), key);
        return LibC.epoll_ctl(_poll, operation, descriptor, entry);
    }
}

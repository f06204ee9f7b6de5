using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Hyper.Actors.Runtime.Udp.Linux;

/// <summary>Waits until any of many descriptors can be read, and calls its reader; can be woken.</summary>
internal sealed unsafe class DescriptorPoll
{
    private const int Capacity = 64;
    private const long SignalKey = 0;

    // struct epoll_event is packed on x86-64 only.
    private static readonly int EntrySize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = EntrySize - sizeof(long);

    private readonly int _poll = LibC.CreatePoll();
    private readonly int _signal = LibC.CreateSignal();
    private readonly ConcurrentDictionary<long, Action<ReceiveBuffers>> _readers = new();
    private readonly byte* _entries = (byte*)NativeMemory.AllocZeroed((nuint)(Capacity * EntrySize));
    private readonly ReceiveBuffers _buffers = new();
    private long _last;
    private int _ready;

    public DescriptorPoll() => Add(_signal, SignalKey, LibC.PollIn | LibC.EdgeTriggered);

    /// <summary>Has the callback called while the descriptor holds something to read; returns what <see cref="Remove"/> wants.</summary>
    public long Add(int descriptor, Action<ReceiveBuffers> readable)
    {
        long key = Interlocked.Increment(ref _last);
        _readers[key] = readable;
        Add(descriptor, key, LibC.PollIn);
        return key;
    }

    /// <summary>To be called before the descriptor is closed; a callback may still run.</summary>
    public void Remove(int descriptor, long key)
    {
        _ = Control(LibC.ControlDelete, descriptor, key, 0);
        _readers.TryRemove(key, out _);
    }

    /// <summary>Looks for what can be read, and waits for it if there is nothing and <paramref name="blocks"/>.</summary>
    public void Wait(bool blocks)
    {
        _ready = LibC.epoll_wait(_poll, _entries, Capacity, blocks ? -1 : 0);
        _buffers.Round++;
    }

    /// <summary>Calls the readers of what <see cref="Wait"/> has found.</summary>
    public void Dispatch()
    {
        for (int i = 0; i < _ready; i++)
        {
            long key = BinaryPrimitives.ReadInt64LittleEndian(new ReadOnlySpan<byte>(_entries + (i * EntrySize) + DataOffset, sizeof(long)));
            if (_readers.TryGetValue(key, out Action<ReceiveBuffers>? readable))
                readable(_buffers);
        }
    }

    /// <summary>Ends the wait, or the next one. The signal is never read: each write is a new edge.</summary>
    public void Wake()
    {
        ulong one = 1;
        _ = LibC.write(_signal, &one, sizeof(ulong));
    }

    private void Add(int descriptor, long key, int events)
    {
        if (Control(LibC.ControlAdd, descriptor, key, events) < 0)
            throw new IOException($"epoll_ctl failed with {Marshal.GetLastPInvokeError()}");
    }

    private int Control(int operation, int descriptor, long key, int events)
    {
        byte* entry = stackalloc byte[EntrySize];
        BinaryPrimitives.WriteInt32LittleEndian(new Span<byte>(entry, EntrySize), events);
        BinaryPrimitives.WriteInt64LittleEndian(new Span<byte>(entry + DataOffset, sizeof(long)), key);
        return LibC.epoll_ctl(_poll, operation, descriptor, entry);
    }
}

using System.Buffers;
using System.Numerics;
using Hyper.Protocol.Udx.Packets;

namespace Hyper.Protocol.Udx.Streams;

/// <summary>Packets that arrived ahead of a gap, within fixed limits of distance and bytes.</summary>
internal sealed class ReorderBuffer(UdxStreamOptions options)
{
    private const int WordBits = 64;
    private readonly int _slotCount = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(WordBits, options.MaximumReorderPackets));
    private ulong[] _present = [];
    private Slot[] _slots = [];

    public int Count { get; private set; }

    public int ByteLength { get; private set; }

    /// <summary>One past the highest packet kept.</summary>
    public long End { get; private set; }

    public bool Contains(long number) => Count > 0 && (_present[WordOf(number)] & BitOf(number)) != 0;

    /// <summary>False when the packet lies beyond a limit.</summary>
    public bool TryAdd(long number, long expected, ReadOnlySpan<byte> payload)
    {
        if (number - expected >= options.MaximumReorderPackets || ByteLength + payload.Length > options.MaximumReorderBytes)
            return false;
        if (_slots.Length == 0)
        {
            _slots = new Slot[_slotCount];
            _present = new ulong[_slotCount / WordBits];
        }

        byte[] bytes = payload.IsEmpty ? [] : ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.CopyTo(bytes);
        _slots[IndexOf(number)] = new Slot(bytes, payload.Length);
        _present[WordOf(number)] |= BitOf(number);
        ByteLength += payload.Length;
        End = Count++ == 0 ? number + 1 : Math.Max(End, number + 1);
        return true;
    }

    /// <summary>Moves a packet's bytes to the reader.</summary>
    public bool TryRemove(long number, ReceivedBytes destination)
    {
        if (!Contains(number))
            return false;
        ref Slot slot = ref _slots[IndexOf(number)];
        destination.Append(slot.Bytes.AsSpan(0, slot.Length));
        Release(ref slot);
        _present[WordOf(number)] &= ~BitOf(number);
        if (--Count == 0)
            Clear();
        return true;
    }

    /// <summary>Writes the ranges kept, in ascending order, and returns how many there are.</summary>
    public int WriteBlocks(long expected, Span<SackBlock> blocks)
    {
        int count = 0;
        long number = expected + 1;
        while (count < blocks.Length && Count > 0)
        {
            long start = FindNext(number, present: true);
            if (start >= End)
                break;
            long end = FindNext(start, present: false);
            blocks[count++] = new SackBlock((uint)start, (uint)end);
            number = end;
        }

        return count;
    }

    public void Clear()
    {
        foreach (ref Slot slot in _slots.AsSpan())
            Release(ref slot);
        _slots = [];
        _present = [];
        Count = 0;
        ByteLength = 0;
    }

    private long FindNext(long number, bool present)
    {
        while (number < End)
        {
            int offset = (int)(number & (WordBits - 1));
            ulong word = _present[WordOf(number)];
            ulong rest = (present ? word : ~word) >> offset;
            if (rest != 0)
                return Math.Min(End, number + BitOperations.TrailingZeroCount(rest));
            number += WordBits - offset;
        }

        return End;
    }

    private void Release(ref Slot slot)
    {
        ByteLength -= slot.Length;
        if (slot.Length > 0)
            ArrayPool<byte>.Shared.Return(slot.Bytes);
        slot = default;
    }

    private int IndexOf(long number) => (int)(number & (_slotCount - 1));

    private int WordOf(long number) => IndexOf(number) / WordBits;

    private static ulong BitOf(long number) => 1UL << (int)(number & (WordBits - 1));

    private record struct Slot(byte[] Bytes, int Length);
}

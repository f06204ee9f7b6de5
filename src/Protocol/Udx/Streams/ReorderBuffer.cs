using System.Buffers;
using System.Numerics;
using Hyper.Protocol.Udx.Packets;

namespace Hyper.Protocol.Udx.Streams;

/// <summary>Packets that arrived ahead of a gap, within fixed limits of distance and bytes.</summary>
internal sealed class ReorderBuffer(UdxStreamOptions options)
{
    private const int InitialSlots = 64;
    private NumberSet _present = NumberSet.Empty;
    private Slot[] _slots = [];
    private long _latest;

    public int Count { get; private set; }

    public int ByteLength { get; private set; }

    /// <summary>One past the highest packet kept.</summary>
    public long End { get; private set; }

    /// <summary>Whether a packet from the expected one on is kept.</summary>
    public bool Contains(long number) => Count > 0 && number < End && _present.Contains(number);

    /// <summary>False when the packet lies beyond a limit.</summary>
    public bool TryAdd(long number, long expected, ReadOnlySpan<byte> payload)
    {
        if (number - expected >= options.MaximumReorderPackets || ByteLength + payload.Length > options.MaximumReorderBytes)
            return false;
        if (number - expected >= _slots.Length)
            Grow((int)(number - expected) + 1, expected);
        byte[] bytes = payload.IsEmpty ? [] : ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.CopyTo(bytes);
        _slots[IndexOf(number)] = new Slot(bytes, payload.Length);
        _present.Add(number);
        ByteLength += payload.Length;
        End = Count++ == 0 ? number + 1 : Math.Max(End, number + 1);
        return true;
    }

    /// <summary>Hands a packet's memory to the reader.</summary>
    public bool TryRemove(long number, ReceivedBytes destination)
    {
        if (!Contains(number))
            return false;
        ref Slot slot = ref _slots[IndexOf(number)];
        ByteLength -= slot.Length;
        if (slot.Length > 0)
            destination.AppendRented(slot.Bytes, slot.Length);
        slot = default;
        _present.Remove(number);
        if (--Count == 0)
            Clear();
        return true;
    }

    /// <summary>This packet has arrived, maybe again.</summary>
    public void Note(long number) => _latest = number;

    /// <summary>Writes the ranges kept, in ascending order, and returns how many there are.</summary>
    /// <remarks>Of too many it leaves out some in the middle, but never the one with the packet that <see cref="Note"/> named last.</remarks>
    public int WriteBlocks(long expected, Span<SackBlock> blocks)
    {
        int count = 0;
        long rest = NextPresent(expected + 1);
        while (rest < End && count < blocks.Length)
        {
            long end = _present.First(rest, End, isMember: false);
            blocks[count++] = new SackBlock((uint)rest, (uint)end);
            rest = NextPresent(end);
        }

        if (rest < End)
            WriteOthers(expected, rest, blocks);
        return count;
    }

    public void Clear()
    {
        foreach (ref Slot slot in _slots.AsSpan())
            Release(ref slot);
        _slots = [];
        _present = NumberSet.Empty;
        Count = 0;
        ByteLength = 0;
    }

    private long NextPresent(long number) => Count == 0 ? End : _present.First(number, End, isMember: true);

    // Repairs fill gaps at the low end, new packets come in at the high end; a repair in between is in no other acknowledgement.
    private void WriteOthers(long expected, long rest, Span<SackBlock> blocks)
    {
        int half = blocks.Length / 2;
        long end = End;
        for (int i = blocks.Length - 1; i > half && end > rest; i--)
            (blocks[i], end) = BlockBefore(rest, end);
        if (_latest > expected && Contains(_latest) && end > rest)
            (blocks[half], _) = BlockBefore(expected, _present.First(_latest, End, isMember: false));
    }

    /// <summary>The range that ends where given, and the end of the one before.</summary>
    private (SackBlock Block, long Earlier) BlockBefore(long floor, long end)
    {
        long start = _present.Last(floor, end, isMember: false) + 1;
        return (new SackBlock((uint)start, (uint)end), _present.Last(floor, start, isMember: true) + 1);
    }

    private void Grow(int required, long expected)
    {
        int count = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(InitialSlots, required));
        Slot[] slots = new Slot[count];
        NumberSet present = new(count);
        for (long number = NextPresent(expected); number < End; number = NextPresent(number + 1))
        {
            slots[(int)(number & (count - 1))] = _slots[IndexOf(number)];
            present.Add(number);
        }

        (_slots, _present) = (slots, present);
    }

    private void Release(ref Slot slot)
    {
        ByteLength -= slot.Length;
        if (slot.Length > 0)
            ArrayPool<byte>.Shared.Return(slot.Bytes);
        slot = default;
    }

    private int IndexOf(long number) => (int)(number & (_slots.Length - 1));

    private record struct Slot(byte[] Bytes, int Length);
}

namespace Hyper.Protocol.DhtRpc.Requests;

/// <summary>Limits unanswered sends over the last four time slots; slots move with the time that is passed in, not with a timer.</summary>
/// <remarks>
/// An answer frees the slot of its request. Upstream frees whichever slot is current, so that a busy node's window fills up with what was
/// answered a slot later, until nothing may be sent.
/// </remarks>
internal sealed class CongestionWindow(int slotLimit, TimeSpan slotLength)
{
    private const int SlotCount = 4;

    private readonly int[] _slots = new int[SlotCount];
    private long _slot;
    private int _total;

    /// <summary>True when nothing more may be sent in this slot.</summary>
    public bool IsFull(TimeSpan now)
    {
        MoveTo(now);
        return _total >= 2 * slotLimit || Current >= slotLimit;
    }

    /// <summary>When the next slot begins.</summary>
    public TimeSpan NextSlot => slotLength * (_slot + 1);

    /// <summary>Answers what <see cref="CountEnd"/> wants to know.</summary>
    public long CountSend(TimeSpan now)
    {
        MoveTo(now);
        Current++;
        _total++;
        return _slot;
    }

    public void CountEnd(long slot, TimeSpan now)
    {
        MoveTo(now);
        ref int count = ref _slots[slot % SlotCount];
        if (_slot - slot >= SlotCount || count == 0)
            return;
        count--;
        _total--;
    }

    public void Clear()
    {
        Array.Clear(_slots);
        _total = 0;
    }

    private ref int Current => ref _slots[_slot % SlotCount];

    private void MoveTo(TimeSpan now)
    {
        long slot = now.Ticks / slotLength.Ticks;
        for (long step = Math.Max(_slot, slot - SlotCount) + 1; step <= slot; step++)
        {
            _total -= _slots[step % SlotCount];
            _slots[step % SlotCount] = 0;
        }

        _slot = Math.Max(_slot, slot);
    }
}

namespace Hyper.Protocol.DhtRpc.Requests;

/// <summary>Limits sends over the last four time slots; slots move with the time that is passed in, not with a timer.</summary>
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

    public void CountSend(TimeSpan now)
    {
        MoveTo(now);
        Current++;
        _total++;
    }

    public void CountEnd(TimeSpan now)
    {
        MoveTo(now);
        if (Current == 0)
            return;
        Current--;
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

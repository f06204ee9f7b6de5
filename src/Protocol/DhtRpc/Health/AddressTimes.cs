using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.DhtRpc.Health;

/// <summary>When something last happened with each of some addresses, to the second, in half the room that a dictionary takes.</summary>
internal sealed class AddressTimes
{
    private const int FirstSlots = 8;

    // An address is at the place of its hash or behind it, before the first free slot; a fifth at least is free.
    private Slot[] _slots = [];

    public int Count { get; private set; }

    public TimeSpan? Find(PeerAddress address)
    {
        Slot slot = Count == 0 ? default : _slots[IndexOf(_slots, address)];
        return slot.IsFree ? null : TimeSpan.FromSeconds(slot.SecondsPlusOne - 1);
    }

    public void Set(PeerAddress address, TimeSpan at)
    {
        if (5 * (Count + 1) > 4 * _slots.Length)
            Grow();
        ref Slot slot = ref _slots[IndexOf(_slots, address)];
        Count += slot.IsFree ? 1 : 0;
        slot = new Slot(address, (int)at.TotalSeconds + 1);
    }

    public void Clear() => (_slots, Count) = ([], 0);

    private static int IndexOf(Slot[] slots, PeerAddress address)
    {
        int index = (int)((uint)address.GetHashCode() % (uint)slots.Length);
        while (!slots[index].IsFree && slots[index].Address != address)
            index = index + 1 == slots.Length ? 0 : index + 1;
        return index;
    }

    private void Grow()
    {
        Slot[] larger = new Slot[Math.Max(FirstSlots, _slots.Length + (_slots.Length / 4))];
        foreach (Slot slot in _slots)
        {
            if (!slot.IsFree)
                larger[IndexOf(larger, slot.Address)] = slot;
        }

        _slots = larger;
    }

    private readonly record struct Slot(PeerAddress Address, int SecondsPlusOne)
    {
        public bool IsFree => SecondsPlusOne == 0;
    }
}

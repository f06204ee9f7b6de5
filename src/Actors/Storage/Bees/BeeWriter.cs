using Akka.Actor;
using Hyper.Protocol.Hyperbee.Reading;
using Hyper.Protocol.Hyperbee.Writing;

namespace Hyper.Actors.Storage.Bees;

/// <summary>An order to write that has not been turned into blocks yet.</summary>
internal sealed record BeeOrder(IActorRef Asker, BeeProtocol.Write Write);

/// <summary>Turns orders into blocks one after the other, each on top of the blocks of the one before, written or not.</summary>
internal sealed class BeeWriter(BeeBlocks blocks)
{
    private readonly Queue<BeeOrder> _orders = [];
    private BeeBatch? _batch;
    private BeeBatch? _former;
    private int _applied;

    public int Count => _orders.Count;

    public ulong? NeedBlock => _batch?.NeedBlock;

    public BeeFault Fault => _batch?.Fault ?? BeeFault.None;

    public void Add(BeeOrder order) => _orders.Enqueue(order);

    public void Loaded(ulong sequence, ReadOnlyMemory<byte> block) => _batch?.Loaded(sequence, block);

    public void Unavailable(ulong sequence) => _batch?.Unavailable(sequence);

    /// <summary>The oldest order with its blocks, which may be none; false while a block is missing or when nothing waits.</summary>
    public bool TryFinish(long length, out BeeOrder order, out IReadOnlyList<byte[]> written)
    {
        written = [];
        if (!_orders.TryPeek(out order!))
            return false;
        _batch ??= _former is { } former && former.EndLength == (ulong)length ? former.Next() : new BeeBatch(blocks, (ulong)length);
        while (_applied < order.Write.Changes.Length)
        {
            if (Apply(_batch, order.Write.Changes[_applied]) is BeeWrite.NeedsBlock or BeeWrite.Failed)
                return false;
            _applied++;
        }

        written = _batch.Finish();
        if (Fault != BeeFault.None)
            return false;
        BeeBatch finished = _batch;
        Drop();
        _former = finished;
        return true;
    }

    /// <summary>The core was cut, or refused what was written: nothing in memory counts any more, and the oldest order begins anew.</summary>
    public void Forget()
    {
        (_batch, _former) = (null, null);
        _applied = 0;
    }

    /// <summary>Gives up the oldest order.</summary>
    public BeeOrder Drop()
    {
        Forget();
        return _orders.Dequeue();
    }

    private static BeeWrite Apply(BeeBatch batch, BeeEdit edit)
        => edit.IsDeletion ? batch.Delete(edit.Key, edit.Condition) : batch.Put(edit.Key, edit.Value, edit.Condition);
}

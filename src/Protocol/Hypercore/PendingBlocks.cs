namespace Hyper.Protocol.Hypercore;

/// <summary>Blocks that were accepted and have not been reported as persisted; they are read from memory.</summary>
internal sealed class PendingBlocks
{
    // Single blocks are found by their index; batches are few and are searched.
    private const int FewestOfBatch = 16;

    private readonly Dictionary<long, Batch> _single = [];
    private readonly List<Batch> _batches = [];
    private readonly Queue<Batch> _order = new();

    internal void Add(long index, ReadOnlyMemory<byte> block, PersistId id) => AddSingle(new Batch(index, block, id));

    /// <summary>Blocks in a row; the list must not change afterwards.</summary>
    internal void Add(long first, IReadOnlyList<ReadOnlyMemory<byte>> blocks, PersistId id)
    {
        if (blocks.Count < FewestOfBatch)
        {
            for (int i = 0; i < blocks.Count; i++)
                Add(first + i, blocks[i], id);
            return;
        }

        Batch batch = new(first, blocks, id);
        _batches.Add(batch);
        _order.Enqueue(batch);
    }

    internal bool TryGet(long index, out ReadOnlyMemory<byte> block)
    {
        Batch? newest = _single.GetValueOrDefault(index);
        foreach (Batch batch in _batches)
        {
            if (batch.Holds(index) && (newest is null || batch.Id.Value >= newest.Id.Value))
                newest = batch;
        }

        block = newest is null ? default : newest[index];
        return newest is not null;
    }

    internal void HandlePersisted(PersistId id)
    {
        while (_order.TryPeek(out Batch? oldest) && oldest.Id.Value <= id.Value)
        {
            _order.Dequeue();
            if (oldest.IsMany)
                _batches.Remove(oldest);
            else if (_single.TryGetValue(oldest.First, out Batch? pending) && pending == oldest)
                _single.Remove(oldest.First);
        }
    }

    private void AddSingle(Batch batch)
    {
        _single[batch.First] = batch;
        _order.Enqueue(batch);
    }

    private sealed class Batch
    {
        private readonly IReadOnlyList<ReadOnlyMemory<byte>>? _many;
        private readonly ReadOnlyMemory<byte> _one;

        internal Batch(long first, ReadOnlyMemory<byte> block, PersistId id) => (First, _one, Id) = (first, block, id);

        internal Batch(long first, IReadOnlyList<ReadOnlyMemory<byte>> blocks, PersistId id) => (First, _many, Id) = (first, blocks, id);

        internal long First { get; }

        internal PersistId Id { get; }

        internal bool IsMany => _many is not null;

        internal ReadOnlyMemory<byte> this[long index] => _many is null ? _one : _many[(int)(index - First)];

        internal bool Holds(long index) => index >= First && index - First < (_many?.Count ?? 1);
    }
}

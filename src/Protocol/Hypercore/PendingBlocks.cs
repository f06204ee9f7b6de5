using Hyper.Protocol.Hypercore.Files;

namespace Hyper.Protocol.Hypercore;

/// <summary>Blocks that were accepted and have not been reported as persisted; they are read from memory.</summary>
internal sealed class PendingBlocks
{
    private readonly Dictionary<long, (ReadOnlyMemory<byte> Block, PersistId Id)> _blocks = [];
    private readonly Queue<(PersistId Id, long Index)> _order = new();

    internal void Add(long index, ReadOnlyMemory<byte> block, PersistId id)
    {
        _blocks[index] = (block, id);
        _order.Enqueue((id, index));
    }

    internal bool TryGet(long index, out ReadOnlyMemory<byte> block)
    {
        bool found = _blocks.TryGetValue(index, out (ReadOnlyMemory<byte> Block, PersistId Id) pending);
        block = pending.Block;
        return found;
    }

    internal void HandlePersisted(PersistId id)
    {
        while (_order.TryPeek(out (PersistId Id, long Index) oldest) && oldest.Id.Value <= id.Value)
        {
            _order.Dequeue();
            if (_blocks.TryGetValue(oldest.Index, out (ReadOnlyMemory<byte> Block, PersistId Id) pending) && pending.Id == oldest.Id)
                _blocks.Remove(oldest.Index);
        }
    }
}

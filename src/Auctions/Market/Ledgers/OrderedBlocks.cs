namespace AuctionActors.Auctions.Market.Ledgers;

/// <summary>Asks for the blocks of a core a few at a time and gives them in order, whatever order they come in.</summary>
internal sealed class OrderedBlocks(int window)
{
    private readonly Dictionary<long, ReadOnlyMemory<byte>> _early = [];
    private readonly SortedList<long, long> _stored = [];
    private long _asked;
    private long _length;

    /// <summary>Blocks given so far.</summary>
    public long Next { get; private set; }

    public bool IsCaughtUp => Next == _length;

    /// <summary>All blocks below the length can be asked for.</summary>
    public void HandleLength(long length) => _length = Math.Max(_length, length);

    /// <summary>These blocks can be asked for, once all before them can.</summary>
    public void HandleStored(long start, long count)
    {
        _stored[start] = Math.Max(_stored.GetValueOrDefault(start), count);
        while (_stored.Count > 0 && _stored.Keys[0] <= _length)
        {
            _length = Math.Max(_length, _stored.Keys[0] + _stored.Values[0]);
            _stored.RemoveAt(0);
        }
    }

    /// <summary>The core was cut: what lies above is read again.</summary>
    public void HandleCut(long ancestors)
    {
        Next = Math.Min(Next, ancestors);
        _length = Math.Min(_length, ancestors);
        _asked = Next;
        _early.Clear();
        _stored.Clear();
    }

    /// <summary>The next block to ask for.</summary>
    public bool TryAsk(out long index)
    {
        index = _asked;
        if (_asked >= _length || _asked >= Next + window)
            return false;
        _asked++;
        return true;
    }

    /// <summary>Takes a block; gives it and those that waited for it.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> HandleBlock(long index, ReadOnlyMemory<byte> block)
    {
        if (index < Next || index >= _asked)
            return [];
        _early[index] = block;
        var ready = new List<ReadOnlyMemory<byte>>();
        while (_early.Remove(Next, out ReadOnlyMemory<byte> next))
        {
            ready.Add(next);
            Next++;
        }

        return ready;
    }
}

using Hyper.Protocol.Hyperbee.Nodes;

namespace Hyper.Protocol.Hyperbee.Reading;

/// <summary>Walks a range of one version of the tree in key order, in either direction.</summary>
public sealed class BeeScan : BeeOperation
{
    private readonly BeeRange _range;
    private readonly Stack<Cursor> _path = [];
    private NodeAddress? _seeking;
    private ReadOnlyMemory<byte>? _last;
    private int _left;

    public BeeScan(BeeBlocks blocks, ulong version, BeeRange? range = null)
        : base(blocks, version)
    {
        _range = range ?? BeeRange.All;
        _left = _range.Limit ?? int.MaxValue;
        _seeking = version < 2 ? null : new NodeAddress(version - 1, 0);
    }

    /// <summary>The next entry. <see cref="BeeProgress.Done"/> with a null entry is the end.</summary>
    public BeeProgress Next(out BeeEntry? entry)
    {
        entry = null;
        if (Fault != BeeFault.None)
            return BeeProgress.Failed;
        while (_seeking is { } address)
            if (!TrySeek(address))
                return Paused;
        while (_left > 0 && _path.TryPeek(out Cursor? cursor))
        {
            if (cursor.AtEnd)
                _path.Pop();
            else if (!TryStep(cursor, out entry))
                return Paused;
            else if (entry is not null)
                return BeeProgress.Done;
        }

        return BeeProgress.Done;
    }

    // Descends to the first entry at or after the start bound, remembering the way.
    private bool TrySeek(NodeAddress address)
    {
        if (!TryNode(address, out TreeLevel? node))
            return false;
        if (_range.Start is not { } start)
        {
            _seeking = null;
            return TryEnter(new Cursor(node, _range.Reverse));
        }

        if (!TrySearch(node, start.Span, out int position, out bool found))
            return false;
        Cursor cursor = new(node, _range.Reverse);
        _seeking = found || node.IsLeaf ? null : node.Children[position];
        cursor.Place(position, found, _range.StartIncluded);
        return TryEnter(cursor);
    }

    private bool TryEnter(Cursor cursor)
    {
        if (_path.Count >= Options.MaxDepth)
            return Fail(BeeFault.MalformedTree);
        _path.Push(cursor);
        return true;
    }

    private bool TryStep(Cursor cursor, out BeeEntry? entry)
    {
        entry = null;
        if (cursor.AtKey)
            return TryYield(cursor, out entry);
        if (cursor.Node.IsLeaf)
        {
            cursor.Move();
            return true;
        }

        if (!TryNode(cursor.Node.Children[cursor.Index], out TreeLevel? child))
            return false;
        cursor.Move();
        return TryEnter(new Cursor(child, _range.Reverse));
    }

    private bool TryYield(Cursor cursor, out BeeEntry? entry)
    {
        entry = null;
        if (!TryBlock(cursor.Node.Keys[cursor.Index], out BeeBlock? block))
            return false;
        if (_last is { } last && IsBehind(block.Key.Span, last.Span))
            return Fail(BeeFault.MalformedTree);
        cursor.Move();
        Settle();
        if (_range.End is { } end && IsBeyond(block.Key.Span, end.Span))
        {
            _left = 0;
            return true;
        }

        _last = block.Key;
        _left--;
        entry = BeeEntry.From(block);
        return true;
    }

    // An order that does not advance would let a hostile tree repeat itself for ever.
    private bool IsBehind(ReadOnlySpan<byte> key, ReadOnlySpan<byte> last)
        => _range.Reverse ? key.SequenceCompareTo(last) >= 0 : key.SequenceCompareTo(last) <= 0;

    private bool IsBeyond(ReadOnlySpan<byte> key, ReadOnlySpan<byte> end)
    {
        int order = key.SequenceCompareTo(end);
        return order == 0 ? !_range.EndIncluded : _range.Reverse ? order < 0 : order > 0;
    }

    /// <summary>A place in one node: even steps are children, odd steps keys.</summary>
    private sealed class Cursor(TreeLevel node, bool reverse)
    {
        private int _step = reverse ? node.Keys.Count * 2 : 0;

        public TreeLevel Node { get; } = node;

        public bool AtEnd => _step < 0 || _step > Node.Keys.Count * 2;

        public bool AtKey => (_step & 1) == 1;

        public int Index => _step >> 1;

        public void Move() => _step += reverse ? -1 : 1;

        /// <summary>Stands where a scan goes on once the child at the position has been walked, or at a key that was found.</summary>
        public void Place(int position, bool found, bool included)
        {
            if (!found)
                _step = (2 * position) + (reverse ? -1 : 1);
            else
                _step = (2 * position) + (included ? 1 : reverse ? 0 : 2);
        }
    }
}

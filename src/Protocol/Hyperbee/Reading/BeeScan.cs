using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.Hyperbee.Hints;
using Hyper.Protocol.Hyperbee.Nodes;

namespace Hyper.Protocol.Hyperbee.Reading;

/// <summary>Walks a range of one version of the tree in key order, in either direction.</summary>
public sealed class BeeScan : BeeOperation
{
    // Upstream asks again after so many blocks.
    private const int ReadsBetweenHints = 2048;

    private readonly BeeRange _range;
    private readonly Queue<(NodeAddress Address, int Step)> _resuming = [];
    private readonly Stack<Cursor> _path = [];
    private NodeAddress? _seeking;
    private ReadOnlyMemory<byte>? _last;
    private int _left;
    private int _nextHint;

    public BeeScan(BeeBlocks blocks, ulong version, BeeRange? range = null)
        : base(blocks, version)
    {
        _range = range ?? BeeRange.All;
        _left = _range.Limit ?? int.MaxValue;
        _seeking = version < 2 ? null : new NodeAddress(version - 1, 0);
    }

    /// <summary>A scan from where a peer's stands; false when no scan can stand there.</summary>
    internal static bool TryResume(BeeBlocks blocks, ScanHint hint, [NotNullWhen(true)] out BeeScan? scan)
    {
        scan = null;
        IReadOnlyList<ulong> places = hint.Checkpoint;
        if (places.Count % 3 != 0 || places.Count > 3 * blocks.Options.MaxDepth)
            return false;
        scan = new BeeScan(blocks, hint.Version, hint.Range);
        for (int i = 0; i < places.Count; i += 3)
        {
            if (places[i + 1] > int.MaxValue || places[i + 2] > int.MaxValue)
                return false;
            scan._resuming.Enqueue((new NodeAddress(places[i], (int)places[i + 1]), (int)places[i + 2]));
        }

        if (places.Count > 0)
            scan._seeking = null;
        return true;
    }

    /// <summary>The next entry. <see cref="BeeProgress.Done"/> with a null entry is the end.</summary>
    public BeeProgress Next(out BeeEntry? entry)
    {
        entry = null;
        if (Fault != BeeFault.None)
            return BeeProgress.Failed;
        while (_resuming.TryPeek(out (NodeAddress Address, int Step) place))
        {
            if (!TryNode(place.Address, out TreeLevel? node) || !TryEnter(new Cursor(place.Address, node, _range.Reverse, place.Step)))
                return Paused;
            _resuming.Dequeue();
        }

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

    public override BeeHint? TakeHint()
    {
        bool isOpen = _seeking is null && _resuming.Count == 0;
        if (_left == 0 || Reads < _nextHint || Version < 2 || (isOpen && _path.Count == 0))
            return null;
        _nextHint = Reads + ReadsBetweenHints;
        BeeRange range = _range with { Limit = _range.Limit is null ? null : _left };
        return new BeeHint { Scan = new ScanHint(Version, range, isOpen ? Checkpoint() : []) };
    }

    private ulong[] Checkpoint()
        => [.. _path.Reverse().Where(cursor => cursor.Step >= 0)
            .SelectMany(cursor => (ulong[])[cursor.Address.Sequence, (ulong)cursor.Address.Level, (ulong)cursor.Step])];

    // Descends to the first entry at or after the start bound, remembering the way.
    private bool TrySeek(NodeAddress address)
    {
        if (!TryNode(address, out TreeLevel? node))
            return false;
        if (_range.Start is not { } start)
        {
            _seeking = null;
            return TryEnter(Cursor.Before(address, node, _range.Reverse));
        }

        if (!TrySearch(node, start.Span, out int position, out bool found))
            return false;
        Cursor cursor = Cursor.Before(address, node, _range.Reverse);
        _seeking = found || node.IsLeaf ? null : node.Children[position];
        cursor.Place(position, found, _range.StartIncluded);
        return TryEnter(cursor);
    }

    private bool TryEnter(Cursor cursor)
    {
        if (_path.Count >= Options.MaxDepth)
            return Fail(BeeFault.MalformedTree);
        _path.Push(cursor);
        Settle();
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

        NodeAddress address = cursor.Node.Children[cursor.Index];
        if (!TryNode(address, out TreeLevel? child))
            return false;
        cursor.Move();
        return TryEnter(Cursor.Before(address, child, _range.Reverse));
    }

    private bool TryYield(Cursor cursor, out BeeEntry? entry)
    {
        entry = null;
        if (!TryBlock(cursor.Node.Keys[cursor.Index], out BeeBlock? block))
            return false;
        if (_last is { } last ? IsBehind(block.Key.Span, last.Span) : IsBeforeStart(block.Key.Span))
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

    // Only the way to the start was searched; the first key may come from a node beside it, which a hostile tree fills as it likes.
    private bool IsBeforeStart(ReadOnlySpan<byte> key)
    {
        if (_range.Start is not { } start)
            return false;
        int order = key.SequenceCompareTo(start.Span);
        return order == 0 ? !_range.StartIncluded : _range.Reverse ? order > 0 : order < 0;
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
    private sealed class Cursor(NodeAddress address, TreeLevel node, bool reverse, int step)
    {
        public NodeAddress Address => address;

        public TreeLevel Node => node;

        public int Step { get; private set; } = step;

        public bool AtEnd => Step < 0 || Step > Node.Keys.Length * 2;

        public bool AtKey => (Step & 1) == 1;

        public int Index => Step >> 1;

        public static Cursor Before(NodeAddress address, TreeLevel node, bool reverse)
            => new(address, node, reverse, reverse ? node.Keys.Length * 2 : 0);

        public void Move() => Step += reverse ? -1 : 1;

        /// <summary>Stands where a scan goes on once the child at the position has been walked, or at a key that was found.</summary>
        public void Place(int position, bool found, bool included)
        {
            if (!found)
                Step = (2 * position) + (reverse ? -1 : 1);
            else
                Step = (2 * position) + (included ? 1 : reverse ? 0 : 2);
        }
    }
}

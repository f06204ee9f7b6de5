using Hyper.Protocol.Hyperbee.Nodes;

namespace Hyper.Protocol.Hyperbee.Reading;

/// <summary>A key that two versions hold differently; null on the side that does not have it.</summary>
public sealed record BeeDifference(BeeEntry? Left, BeeEntry? Right);

/// <summary>Walks two versions of one bee together, in key order, past the parts that they share.</summary>
public sealed class BeeDiff : BeeOperation
{
    private readonly BeeRange _range;
    private readonly Side _left, _right;
    private int _remaining;

    /// <param name="blocks">Of the core.</param>
    /// <param name="left">One version.</param>
    /// <param name="right">The other version.</param>
    /// <param name="range">Bounds of the keys that count; a diff always goes forward.</param>
    public BeeDiff(BeeBlocks blocks, ulong left, ulong right, BeeRange? range = null)
        : base(blocks, Math.Max(left, right))
    {
        _range = range ?? BeeRange.All;
        if (_range.Reverse)
            throw new ArgumentException("a diff goes forward", nameof(range));
        _remaining = _range.Limit ?? int.MaxValue;
        _left = new Side(left);
        _right = new Side(right);
    }

    /// <summary>The next difference. <see cref="BeeProgress.Done"/> with null is the end.</summary>
    public BeeProgress Next(out BeeDifference? difference)
    {
        difference = null;
        if (!TryMeasure(_left) || !TryMeasure(_right))
            return Paused;
        while (_remaining > 0 && !(_left.AtEnd & _right.AtEnd))
        {
            if (!TryStep(out difference))
                return Paused;
            Settle();
            if (difference is null)
                continue;
            _remaining--;
            return BeeProgress.Done;
        }

        return Fault == BeeFault.None ? BeeProgress.Done : BeeProgress.Failed;
    }

    /// <summary>All leaves stand equally deep, so the height of a tree is that of its left edge.</summary>
    private bool TryMeasure(Side side)
    {
        while (side.Edge is { } edge)
        {
            if (side.Height >= Options.MaxDepth)
                return Fail(BeeFault.MalformedTree);
            if (!TryNode(edge, out TreeLevel? node))
                return false;
            side.Deepen(node.IsLeaf ? null : node.Children[0]);
        }

        return true;
    }

    private bool TryStep(out BeeDifference? difference)
    {
        difference = null;
        if (_left.Subtree is { } left && _right.Subtree is { } right)
        {
            if (left == right)
            {
                _left.Move();
                _right.Move();
                return true;
            }

            bool leftFirst = _left.SubtreeHeight >= _right.SubtreeHeight, rightFirst = _left.SubtreeHeight <= _right.SubtreeHeight;
            return (!leftFirst || TryDescend(_left)) && (!rightFirst || TryDescend(_right));
        }

        if (_left.Subtree is not null || _right.Subtree is not null)
            return TryDescend(_left.Subtree is null ? _right : _left);
        return TryCompare(out difference);
    }

    private bool TryDescend(Side side)
    {
        if (side.KeyAfterSubtree is { } next && _range.Start is { } start)
        {
            if (!TryKey(next, out ReadOnlySpan<byte> key))
                return false;
            if (key.SequenceCompareTo(start.Span) <= 0)
            {
                side.Move();
                return true;
            }
        }

        if (!TryNode(side.Subtree!.Value, out TreeLevel? node))
            return false;
        return side.TryEnter(node, Options.MaxDepth) || Fail(BeeFault.MalformedTree);
    }

    private bool TryCompare(out BeeDifference? difference)
    {
        difference = null;
        if (!TryEntry(_left, out BeeEntry? left) || !TryEntry(_right, out BeeEntry? right))
            return false;
        int order = left is null ? 1 : right is null ? -1 : left.Key.Span.SequenceCompareTo(right.Key.Span);
        if (order > 0)
            left = null;
        else if (order < 0)
            right = null;
        if ((left is not null && !_left.TryPass(left.Key)) || (right is not null && !_right.TryPass(right.Key)))
            return Fail(BeeFault.MalformedTree);
        ReadOnlySpan<byte> key = (left ?? right)!.Key.Span;
        if (IsBeyond(key))
            _remaining = 0;
        else if (!IsBefore(key) && left?.Sequence != right?.Sequence)
            difference = new BeeDifference(left, right);
        return true;
    }

    private bool TryEntry(Side side, out BeeEntry? entry)
    {
        entry = null;
        if (side.Key is not { } sequence)
            return true;
        if (!TryBlock(sequence, out BeeBlock? block))
            return false;
        entry = BeeEntry.From(block);
        return true;
    }

    private bool IsBefore(ReadOnlySpan<byte> key)
        => _range.Start is { } start && key.SequenceCompareTo(start.Span) is var order && (order < 0 || (order == 0 && !_range.StartIncluded));

    private bool IsBeyond(ReadOnlySpan<byte> key)
        => _range.End is { } end && key.SequenceCompareTo(end.Span) is var order && (order > 0 || (order == 0 && !_range.EndIncluded));

    /// <summary>Where the walk stands in one version: before a subtree, at a key, or at the end.</summary>
    private sealed class Side
    {
        private readonly Stack<(TreeLevel Node, int Step)> _path = [];
        private NodeAddress? _root;
        private ReadOnlyMemory<byte>? _last;

        internal Side(ulong version) => _root = Edge = version < 2 ? null : new NodeAddress(version - 1, 0);

        /// <summary>The next node of the left edge, until the height is known.</summary>
        internal NodeAddress? Edge { get; private set; }

        internal int Height { get; private set; }

        internal bool AtEnd => _root is null && _path.Count == 0;

        internal NodeAddress? Subtree
            => _root ?? (_path.TryPeek(out var top) && (top.Step & 1) == 0 && !top.Node.IsLeaf ? top.Node.Children[top.Step / 2] : null);

        internal int SubtreeHeight => Height - _path.Count;

        internal ulong? Key => _root is null && _path.TryPeek(out var top) && (top.Step & 1) == 1 ? top.Node.Keys[top.Step / 2] : null;

        /// <summary>The key right of the subtree in its parent: all of the subtree is below it.</summary>
        internal ulong? KeyAfterSubtree
            => _root is null && _path.TryPeek(out var top) && top.Step / 2 < top.Node.Keys.Length ? top.Node.Keys[top.Step / 2] : null;

        internal void Deepen(NodeAddress? next)
        {
            Edge = next;
            Height++;
        }

        internal void Move()
        {
            if (_root is null && _path.TryPop(out var top))
                _path.Push((top.Node, top.Step + 1));
            _root = null;
            SkipEnds();
        }

        internal bool TryEnter(TreeLevel node, int maxDepth)
        {
            if (_path.Count >= maxDepth)
                return false;
            if (_root is null && _path.TryPop(out var top))
                _path.Push((top.Node, top.Step + 1));
            _root = null;
            _path.Push((node, 0));
            SkipEnds();
            return true;
        }

        /// <summary>Leaves the key; false when it does not come after the one before.</summary>
        internal bool TryPass(ReadOnlyMemory<byte> key)
        {
            bool ascends = _last is not { } last || key.Span.SequenceCompareTo(last.Span) > 0;
            _last = key;
            Move();
            return ascends;
        }

        private void SkipEnds()
        {
            while (_path.TryPop(out var top))
            {
                int step = top.Node.IsLeaf ? top.Step | 1 : top.Step;
                if (step > top.Node.Keys.Length * 2 || (top.Node.IsLeaf && step / 2 >= top.Node.Keys.Length))
                    continue;
                _path.Push((top.Node, step));
                return;
            }
        }
    }
}

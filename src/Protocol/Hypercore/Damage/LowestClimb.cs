using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.Hypercore.Damage;

/// <summary>Computes a node out of the lowest nodes below it that are stored, a few at a time.</summary>
internal sealed class LowestClimb
{
    private readonly ComputedNodes _nodes;

    // From the top down to where the climb is.
    private readonly Stack<Place> _way = new();

    // Of the place that was left last.
    private MerkleNode? _found;
    private bool _isLeaving;

    internal LowestClimb(ComputedNodes nodes, long top)
    {
        _nodes = nodes;
        Index = top;
        _way.Push(new Place(top, null));
    }

    internal long Index { get; }

    /// <summary>The node, once the climb has ended; null when too little is stored.</summary>
    internal MerkleNode? Top => _way.Count == 0 ? _found : null;

    /// <summary>Goes on while there is budget; whether it has ended.</summary>
    internal bool Continue(StepBudget budget)
    {
        while (_way.TryPeek(out Place at))
        {
            if (budget.IsSpent)
                return false;
            budget.TakeNode();
            if (_isLeaving)
                Return(at);
            else if (FlatTreeIndex.Depth(at.Index) == 0)
                Leave(_nodes.Stored(at.Index));
            else
                _way.Push(new Place(FlatTreeIndex.LeftChild(at.Index), null));
        }

        return true;
    }

    /// <summary>A child has been left: after the left one comes the right one, if it can be of use.</summary>
    private void Return(Place at)
    {
        if (_found is not { } child)
        {
            Leave(_nodes.Stored(at.Index));
            return;
        }

        if (at.Left is { } left)
        {
            Leave(ComputedNodes.ParentOf(left, child) ?? _nodes.Stored(at.Index));
            return;
        }

        _way.Pop();
        _way.Push(at with { Left = child });
        _way.Push(new Place(FlatTreeIndex.RightChild(at.Index), null));
        _isLeaving = false;
    }

    private void Leave(MerkleNode? found)
    {
        _way.Pop();
        (_found, _isLeaving) = (found, true);
    }

    private readonly record struct Place(long Index, MerkleNode? Left);
}

using Hyper.Protocol.Hypercore.FlatTree;
using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.Hypercore.Damage;

/// <summary>Computes a node out of all leaves below it, a few at a time.</summary>
internal sealed class LeafClimb(ComputedNodes nodes, long top)
{
    private readonly Stack<MerkleNode> _left = new();
    private long _leaf = FlatTreeIndex.LeftSpan(top);

    /// <summary>The node; null when a leaf is missing.</summary>
    internal MerkleNode? Top { get; private set; }

    /// <summary>Goes on while there is budget; whether it has ended.</summary>
    internal bool Continue(StepBudget budget)
    {
        for (; Top is null && _leaf <= FlatTreeIndex.RightSpan(top); _leaf += 2)
        {
            if (budget.IsSpent)
                return false;
            budget.TakeNode();
            MerkleNode? node = nodes.Stored(_leaf);
            while (node is { } right && _left.TryPeek(out MerkleNode left) && FlatTreeIndex.Sibling(right.Index) == left.Index)
                node = ComputedNodes.ParentOf(_left.Pop(), right);
            if (node is not { } done)
                return true;
            if (done.Index == top)
                Top = done;
            else
                _left.Push(done);
        }

        return true;
    }
}

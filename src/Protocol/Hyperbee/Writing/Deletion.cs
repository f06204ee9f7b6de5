using Hyper.Protocol.Hyperbee.Nodes;

namespace Hyper.Protocol.Hyperbee.Writing;

/// <summary>Takes a key out of the tree and refills the nodes that became too small.</summary>
internal static class Deletion
{
    /// <summary>Loads all that <see cref="Apply"/> may touch, so that it never stops halfway.</summary>
    public static bool TryPrepare(WorkingTree tree, WritePath path, out int foundAt)
    {
        foundAt = path.Depth - 1;
        (WorkingNode node, int position) = path.Last;
        if (!node.IsLeaf && !TryDescendToSmallerSide(tree, path, node, position))
            return false;
        for (int depth = path.Depth - 1; depth > 0 && path[depth].Node.Keys.Count <= BeeLimits.MinKeys; depth--)
        {
            (WorkingNode parent, int index) = path[depth - 1];
            if (index > 0 && !tree.TryChild(parent, index - 1, out _))
                return false;
            if (index + 1 < parent.Children.Count && !tree.TryChild(parent, index + 1, out _))
                return false;
        }

        return path[0].Node.IsLeaf || tree.TryChild(path[0].Node, 0, out _);
    }

    /// <summary>Removes the key found at depth <paramref name="foundAt"/> and answers the root of the tree without it.</summary>
    public static WorkingNode Apply(WritePath path, int foundAt, int keyIndex)
    {
        (WorkingNode node, int index) = path[foundAt];
        if (node.IsLeaf)
            node.RemoveKey(keyIndex);
        else
            node.Keys[keyIndex] = TakeNeighbour(path.Last.Node, successor: index > keyIndex);
        path.MarkChanged();
        return Rebalance(path);
    }

    // The successor only when its leaf has more keys than the predecessor's: ties go to the predecessor.
    private static bool TryDescendToSmallerSide(WorkingTree tree, WritePath path, WorkingNode node, int position)
    {
        if (!TryLeafSize(tree, node, position, rightmost: true, out int left)
            || !TryLeafSize(tree, node, position + 1, rightmost: false, out int right))
            return false;
        return path.TryDescend(tree, rightOfKey: left < right);
    }

    private static bool TryLeafSize(WorkingTree tree, WorkingNode parent, int index, bool rightmost, out int size)
    {
        size = 0;
        for (int depth = 0; tree.TryDeepen(depth) && tree.TryChild(parent, index, out WorkingNode? node); depth++)
        {
            if (node.IsLeaf)
            {
                size = node.Keys.Count;
                return tree.TryRequireKeys(node);
            }

            parent = node;
            index = rightmost ? node.Children.Count - 1 : 0;
        }

        return false;
    }

    private static KeyPointer TakeNeighbour(WorkingNode leaf, bool successor)
    {
        int index = successor ? 0 : leaf.Keys.Count - 1;
        KeyPointer key = leaf.Keys[index];
        leaf.Keys.RemoveAt(index);
        return key;
    }

    private static WorkingNode Rebalance(WritePath path)
    {
        WorkingNode root = path[0].Node;
        for (int depth = path.Depth - 1; depth > 0; depth--)
        {
            WorkingNode node = path[depth].Node;
            (WorkingNode parent, int index) = path[depth - 1];
            if (node.Keys.Count >= BeeLimits.MinKeys)
                return root;
            WorkingNode? left = index > 0 ? parent.Children[index - 1].Node : null;
            WorkingNode? right = index + 1 < parent.Children.Count ? parent.Children[index + 1].Node : null;
            if (left is { Keys.Count: > BeeLimits.MinKeys })
            {
                BorrowFromLeft(parent, index, left, node);
                return root;
            }

            if (right is { Keys.Count: > BeeLimits.MinKeys })
            {
                BorrowFromRight(parent, index, node, right);
                return root;
            }

            MergeSiblings(parent, left is null ? index : index - 1, left ?? node, left is null ? right : node);
        }

        return root.Keys.Count == 0 && !root.IsLeaf ? root.Children[0].Node! : root;
    }

    private static void MergeSiblings(WorkingNode parent, int index, WorkingNode left, WorkingNode? right)
    {
        if (right is null)
            return;
        left.Merge(parent.Keys[index], right);
        parent.RemoveKey(index);
    }

    private static void BorrowFromLeft(WorkingNode parent, int index, WorkingNode left, WorkingNode node)
    {
        left.Changed = true;
        node.Keys.Insert(0, parent.Keys[index - 1]);
        if (!left.IsLeaf)
        {
            node.Children.Insert(0, left.Children[^1]);
            left.Children.RemoveAt(left.Children.Count - 1);
        }

        parent.Keys[index - 1] = left.Keys[^1];
        left.Keys.RemoveAt(left.Keys.Count - 1);
    }

    private static void BorrowFromRight(WorkingNode parent, int index, WorkingNode node, WorkingNode right)
    {
        right.Changed = true;
        node.Keys.Add(parent.Keys[index]);
        if (!right.IsLeaf)
        {
            node.Children.Add(right.Children[0]);
            right.Children.RemoveAt(0);
        }

        parent.Keys[index] = right.Keys[0];
        right.Keys.RemoveAt(0);
    }
}

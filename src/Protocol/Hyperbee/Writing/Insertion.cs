using Hyper.Protocol.Hyperbee.Nodes;

namespace Hyper.Protocol.Hyperbee.Writing;

/// <summary>Puts a key into the tree and splits the nodes that grow too large.</summary>
internal static class Insertion
{
    /// <summary>Replaces the key that was found, or inserts it; answers the root, which is new when the old one was split.</summary>
    public static WorkingNode Apply(WritePath path, KeyPointer key)
    {
        path.MarkChanged();
        (WorkingNode node, int position) = path.Last;
        if (path.Found)
        {
            node.Keys[position] = key;
            return path[0].Node;
        }

        node.Keys.Insert(position, key);
        for (int depth = path.Depth - 1; node.Keys.Count >= BeeLimits.SplitKeys; depth--)
        {
            (KeyPointer median, WorkingNode right) = node.Split();
            if (depth == 0)
                return Grow(node, median, right);
            (WorkingNode parent, int index) = path[depth - 1];
            parent.Keys.Insert(index, median);
            parent.Children.Insert(index + 1, new ChildPointer(default, right));
            node = parent;
        }

        return path[0].Node;
    }

    private static WorkingNode Grow(WorkingNode left, KeyPointer median, WorkingNode right)
    {
        WorkingNode root = new() { Changed = true };
        root.Keys.Add(median);
        root.Children.Add(new ChildPointer(default, left));
        root.Children.Add(new ChildPointer(default, right));
        return root;
    }
}

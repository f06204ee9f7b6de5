namespace Hyper.Protocol.Hyperbee.Writing;

/// <summary>The nodes from the root to where a key stands or would stand, each with the position taken in it.</summary>
internal sealed class WritePath
{
    private const int UsualDepth = 8;

    private readonly List<(WorkingNode Node, int Position)> _steps = new(UsualDepth);

    public int Depth => _steps.Count;

    public bool Found { get; private set; }

    public (WorkingNode Node, int Position) this[int depth] => _steps[depth];

    public (WorkingNode Node, int Position) Last => _steps[^1];

    /// <summary>Searches from the root; false when a block is missing or the tree is malformed.</summary>
    public static bool TryFind(WorkingTree tree, WorkingNode root, ReadOnlySpan<byte> key, out WritePath path)
    {
        path = new WritePath();
        WorkingNode node = root;
        while (true)
        {
            if (!tree.TrySearch(node, key, out int position, out bool found))
                return false;
            path._steps.Add((node, position));
            path.Found = found;
            if (found || node.IsLeaf)
                return true;
            if (!tree.TryDeepen(path.Depth) || !tree.TryChild(node, position, out WorkingNode? child))
                return false;
            node = child;
        }
    }

    /// <summary>Goes on down to a leaf next to the key that was found.</summary>
    public bool TryDescend(WorkingTree tree, bool rightOfKey)
    {
        (WorkingNode node, int position) = Last;
        int index = rightOfKey ? position + 1 : position;
        _steps[^1] = (node, index);
        while (!node.IsLeaf)
        {
            if (!tree.TryDeepen(Depth) || !tree.TryChild(node, index, out WorkingNode? child))
                return false;
            node = child;
            index = rightOfKey ? 0 : node.Children.Count - 1;
            _steps.Add((node, index));
        }

        return true;
    }

    public void MarkChanged()
    {
        foreach ((WorkingNode node, _) in _steps)
            node.Changed = true;
    }

    /// <summary>A put that is refused marks the inner nodes all the same in JavaScript; the next block of the batch shows it.</summary>
    public void MarkInnerChanged()
    {
        foreach ((WorkingNode node, _) in _steps)
            node.Changed |= !node.IsLeaf;
    }
}

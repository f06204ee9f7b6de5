namespace Hyper.Protocol.Hyperbee.Nodes;

/// <summary>One tree node as a block stores it: blocks that hold its keys, and its children or none for a leaf.</summary>
public sealed record TreeLevel(IReadOnlyList<ulong> Keys, IReadOnlyList<NodeAddress> Children)
{
    public bool IsLeaf => Children.Count == 0;
}

using System.Collections.Immutable;

namespace Hyper.Protocol.Hyperbee.Nodes;

/// <summary>One tree node as a block stores it: blocks that hold its keys, and its children or none for a leaf.</summary>
public sealed record TreeLevel(ImmutableArray<ulong> Keys, ImmutableArray<NodeAddress> Children)
{
    public bool IsLeaf => Children.Length == 0;
}

using Hyper.Protocol.Hypercore.FlatTree;

namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>Nodes of a proof in the order they must be used, and one computed node that may be used at any place.</summary>
internal sealed class NodeQueue
{
    private readonly IReadOnlyList<MerkleNode> _nodes;
    private int _next;

    internal NodeQueue(IReadOnlyList<MerkleNode> nodes, MerkleNode? extra)
    {
        _nodes = nodes;
        Extra = extra;
    }

    /// <summary>The computed node, until it is used.</summary>
    internal MerkleNode? Extra { get; private set; }

    internal bool IsEmpty => _next == _nodes.Count && Extra is null;

    /// <summary>Takes the node of an index; false when another one is next.</summary>
    internal bool TryTake(long index, out MerkleNode node)
    {
        if (Extra is { } extra && extra.Index == index)
        {
            Extra = null;
            node = extra;
            return true;
        }

        if (_next == _nodes.Count)
        {
            node = default;
            return false;
        }

        node = _nodes[_next++];
        return node.Index == index && node.ByteLength >= 0 && index < FlatTreeIndex.MaxIndex;
    }
}

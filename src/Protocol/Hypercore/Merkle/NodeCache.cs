namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>The nodes read last, each in the one place its index allows; holds no node that is not also on disk.</summary>
internal sealed class NodeCache
{
    private const int Slots = 256;
    private MerkleNode[]? _nodes;

    internal bool TryGet(long index, out MerkleNode node)
    {
        node = _nodes is null ? default : _nodes[Slot(index)];
        return node.Index == index && (node.ByteLength != 0 || !node.Hash.IsZero);
    }

    internal void Add(MerkleNode node)
    {
        _nodes ??= new MerkleNode[Slots];
        _nodes[Slot(node.Index)] = node;
    }

    internal void Clear() => _nodes = null;

    private static int Slot(long index) => (int)((ulong)(index * -0x61c8864680b583eb) >> 56);
}

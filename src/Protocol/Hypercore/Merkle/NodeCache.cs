using System.Numerics;

namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>The nodes read last, each in the one place its index allows; holds no node that is not also on disk.</summary>
/// <remarks>Grows while nodes push each other out, up to a limit of a few megabytes.</remarks>
internal sealed class NodeCache
{
    private const int FirstSlots = 256;
    private const int MostSlots = 1 << 16;
    private MerkleNode[]? _nodes;
    private int _shift;
    private int _replaced;

    internal bool TryGet(long index, out MerkleNode node)
    {
        node = _nodes is null ? default : _nodes[Slot(index)];
        return node.Index == index && IsNode(node);
    }

    internal void Add(MerkleNode node)
    {
        if (_nodes is null)
            Resize(FirstSlots);
        MerkleNode former = _nodes![Slot(node.Index)];
        if (IsNode(former) && former.Index != node.Index && ++_replaced > _nodes.Length && _nodes.Length < MostSlots)
            Resize(2 * _nodes.Length);
        _nodes[Slot(node.Index)] = node;
    }

    internal void Remove(long index)
    {
        if (TryGet(index, out _))
            _nodes![Slot(index)] = default;
    }

    internal void Clear() => _nodes = null;

    private void Resize(int slots)
    {
        MerkleNode[] former = _nodes ?? [];
        _nodes = new MerkleNode[slots];
        _shift = 64 - BitOperations.Log2((uint)slots);
        _replaced = 0;
        foreach (MerkleNode node in former)
        {
            if (IsNode(node))
                _nodes[Slot(node.Index)] = node;
        }
    }

    private int Slot(long index) => (int)((ulong)(index * -0x61c8864680b583eb) >> _shift);

    private static bool IsNode(in MerkleNode node) => node.ByteLength != 0 || !node.Hash.IsZero;
}

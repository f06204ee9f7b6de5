namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>The nodes read last, each in the one place its index allows; holds no node that is not also on disk.</summary>
/// <remarks>Neighbours lie side by side in pages that are made when they are needed, up to a few megabytes.</remarks>
internal sealed class NodeCache
{
    private const int PageNodes = 64;
    private const int MostPages = 1024;

    // The first ten bits of a product spread what the low bits of an index leave in one place: the nodes high up in the tree.
    private const ulong Spread = 0x9e3779b97f4a7c15;
    private const int SpreadShift = 64 - 10;

    private MerkleNode[]?[]? _pages;

    internal bool TryGet(long index, out MerkleNode node)
    {
        node = default;
        if (_pages?[PageOf(index)] is not { } page)
            return false;
        node = page[index & (PageNodes - 1)];
        return node.Index == index && IsNode(node);
    }

    internal void Add(in MerkleNode node)
    {
        _pages ??= new MerkleNode[MostPages][];
        MerkleNode[] page = _pages[PageOf(node.Index)] ??= new MerkleNode[PageNodes];
        page[node.Index & (PageNodes - 1)] = node;
    }

    internal void Remove(long index)
    {
        if (TryGet(index, out _))
            _pages![PageOf(index)]![index & (PageNodes - 1)] = default;
    }

    internal void Clear() => _pages = null;

    private static int PageOf(long index)
    {
        ulong number = (ulong)index / PageNodes;
        return (int)((number + ((number / MostPages * Spread) >> SpreadShift)) & (MostPages - 1));
    }

    private static bool IsNode(in MerkleNode node) => node.ByteLength != 0 || !node.Hash.IsZero;
}

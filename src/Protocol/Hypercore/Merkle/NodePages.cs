using System.Numerics;

namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>Nodes by index, neighbours together: most changes add a run of them, and they are written in order.</summary>
internal sealed class NodePages
{
    private const int PageNodes = 16;

    private readonly Dictionary<long, Page> _pages = [];
    private Page? _last;

    internal bool TryGet(long index, out MerkleNode node)
    {
        node = default;
        if (_pages.Count == 0 || Find(index / PageNodes) is not { } page)
            return false;
        int at = (int)(index % PageNodes);
        if ((page.Present & (1u << at)) == 0)
            return false;
        node = page.Nodes[at];
        return true;
    }

    internal void Set(in MerkleNode node)
    {
        long number = node.Index / PageNodes;
        Page page = Find(number) ?? Add(new Page(number));
        int at = (int)(node.Index % PageNodes);
        page.Nodes[at] = node;
        page.Present |= 1u << at;
    }

    /// <summary>Forgets every node from an index on.</summary>
    internal void RemoveFrom(long index)
    {
        foreach (Page page in _pages.Values.Where(page => (page.Number + 1) * PageNodes > index).ToArray())
        {
            long kept = index - page.Number * PageNodes;
            page.Present &= kept <= 0 ? 0 : (1u << (int)kept) - 1;
            if (page.Present == 0)
                _pages.Remove(page.Number);
        }

        _last = null;
    }

    internal void Clear()
    {
        _pages.Clear();
        _last = null;
    }

    /// <summary>All nodes, lowest index first.</summary>
    internal MerkleNode[] ToArray()
    {
        Page[] pages = [.. _pages.Values];
        Array.Sort(pages, (one, other) => one.Number.CompareTo(other.Number));
        MerkleNode[] nodes = new MerkleNode[pages.Sum(page => BitOperations.PopCount(page.Present))];
        int count = 0;
        foreach (Page page in pages)
        {
            for (uint rest = page.Present; rest != 0; rest &= rest - 1)
                nodes[count++] = page.Nodes[BitOperations.TrailingZeroCount(rest)];
        }

        return nodes;
    }

    private Page? Find(long number)
    {
        if (_last?.Number == number)
            return _last;
        if (!_pages.TryGetValue(number, out Page? page))
            return null;
        return _last = page;
    }

    private Page Add(Page page)
    {
        _pages.Add(page.Number, page);
        return _last = page;
    }

    private sealed class Page(long number)
    {
        internal long Number => number;

        internal MerkleNode[] Nodes { get; } = new MerkleNode[PageNodes];

        /// <summary>A bit for each place that holds a node.</summary>
        internal uint Present { get; set; }
    }
}

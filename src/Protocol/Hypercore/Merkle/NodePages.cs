using System.Numerics;

namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>Nodes by index, neighbours together: most changes add a run of them, and they are written in order.</summary>
internal sealed class NodePages
{
    private const int PageNodes = 16;

    private readonly Dictionary<long, Page> _pages = [];
    private Page? _last;

    internal bool IsEmpty => _pages.Count == 0;

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

    /// <summary>Pages with nodes, lowest first.</summary>
    internal Page[] InOrder()
    {
        Page[] pages = [.. _pages.Values];
        Array.Sort(pages, (one, other) => one.Number.CompareTo(other.Number));
        return pages;
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

    /// <summary>The nodes of sixteen indexes in a row.</summary>
    internal sealed class Page(long number)
    {
        internal long Number => number;

        internal MerkleNode[] Nodes { get; } = new MerkleNode[PageNodes];

        /// <summary>A bit for each place that holds a node.</summary>
        internal uint Present { get; set; }

        internal int Count => BitOperations.PopCount(Present);

        /// <summary>The places that hold a node, lowest first.</summary>
        public Places GetEnumerator() => new(Present);
    }

    /// <summary>Goes through the bits of a page that are set.</summary>
    internal struct Places(uint rest)
    {
        private uint _rest = rest;

        public int Current { get; private set; }

        public bool MoveNext()
        {
            if (_rest == 0)
                return false;
            Current = BitOperations.TrailingZeroCount(_rest);
            _rest &= _rest - 1;
            return true;
        }
    }
}

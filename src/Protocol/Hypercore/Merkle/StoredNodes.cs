using Hyper.Protocol.Hypercore.Files;
using Hyper.Protocol.Hypercore.FlatTree;

namespace Hyper.Protocol.Hypercore.Merkle;

/// <summary>The tree file under the changes that have not reached it yet.</summary>
internal sealed class StoredNodes : IMerkleNodes
{
    private const long Unlimited = long.MaxValue;

    private readonly TreePages _pages;
    private readonly NodeCache _cache = new();
    private readonly Queue<(PersistId Id, long Limit)> _pending = new();

    private NodePages _unflushed = new();
    private NodePages _flushing = new();

    /// <summary>Nodes from here on were cut off and are not to be read from the file, although they may still be there.</summary>
    private long _limit = Unlimited;

    /// <summary>Bytes of the file, writes under way included: nodes beyond are not asked for.</summary>
    private long _fileEnd;

    internal StoredNodes(IRandomAccess file)
    {
        _pages = new TreePages(file);
        _fileEnd = file.Length;
    }

    /// <inheritdoc/>
    public bool TryGet(long index, out MerkleNode node)
    {
        node = default;
        if (index < 0)
            return false;
        if (_unflushed.TryGet(index, out node) || _flushing.TryGet(index, out node))
            return !IsBlank(node);
        if (index >= ReadableLimit())
            return false;
        return _cache.TryGet(index, out node) || TryRead(index, out node);
    }

    /// <summary>A node without bytes and hash takes what is stored away.</summary>
    internal void Add(in MerkleNode node)
    {
        _unflushed.Set(node);
        if (IsBlank(node))
            _cache.Remove(node.Index);
    }

    /// <summary>Forgets every node beyond a number of blocks, parents that span the cut included.</summary>
    internal void Truncate(long blocks)
    {
        long head = 2 * blocks;
        _limit = Math.Min(_limit, Math.Max(head - 1, 0));
        _cache.Clear();
        _pages.Clear();
        _unflushed.RemoveFrom(head);
        _flushing.RemoveFrom(head);
        if (blocks == 0)
            return;
        for (long at = head - 2; ; at = FlatTreeIndex.Parent(at))
        {
            if (at < head && FlatTreeIndex.RightSpan(at) >= head)
                _unflushed.Set(new MerkleNode(at, 0, default));
            if (FlatTreeIndex.Offset(at) == 0)
                return;
        }
    }

    /// <summary>The changes as writes, neighbours in one.</summary>
    internal IEnumerable<FileOperation> TakeWrites(PersistId id)
    {
        if (_limit != Unlimited)
        {
            _fileEnd = _limit * MerkleNode.StoredSize;
            yield return new FileTruncate(CoreFile.Tree, _fileEnd);
        }

        NodePages.Page[] pages = _unflushed.InOrder();
        foreach (FileWrite write in NodeWrites.Of(pages))
        {
            _fileEnd = Math.Max(_fileEnd, write.Offset + write.Bytes.Length);
            yield return write;
        }

        BeginFlush(pages);
        _pending.Enqueue((id, _limit));
        _limit = Unlimited;
    }

    internal void HandlePersisted(PersistId id)
    {
        bool released = false;
        while (_pending.TryPeek(out (PersistId Id, long Limit) oldest) && oldest.Id.Value <= id.Value)
        {
            _pending.Dequeue();
            released = true;
        }

        if (released)
            _pages.Clear();

        // Later writes of the same node keep it in memory until they are done too; that is rare and short.
        if (!released || _pending.Count > 0)
            return;
        foreach (NodePages.Page page in _flushing.InOrder())
        {
            foreach (int at in page)
            {
                if (!IsBlank(page.Nodes[at]))
                    _cache.Add(page.Nodes[at]);
            }
        }

        _flushing.Clear();
    }

    private long ReadableLimit()
    {
        long limit = _limit;
        foreach ((_, long pending) in _pending)
            limit = Math.Min(limit, pending);
        return limit;
    }

    private bool TryRead(long index, out MerkleNode node)
    {
        node = default;
        if (index > (_fileEnd / MerkleNode.StoredSize) || !_pages.TryRead(index, out node) || IsBlank(node))
            return false;
        _cache.Add(node);
        return true;
    }

    private void BeginFlush(NodePages.Page[] pages)
    {
        if (_flushing.IsEmpty)
        {
            (_flushing, _unflushed) = (_unflushed, _flushing);
            return;
        }

        foreach (NodePages.Page page in pages)
        {
            foreach (int at in page)
                _flushing.Set(page.Nodes[at]);
        }

        _unflushed.Clear();
    }

    private static bool IsBlank(in MerkleNode node) => node.ByteLength == 0 && node.Hash.IsZero;
}

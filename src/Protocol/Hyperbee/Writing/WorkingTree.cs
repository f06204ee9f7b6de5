using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.Hyperbee.Nodes;
using Hyper.Protocol.Hyperbee.Reading;

namespace Hyper.Protocol.Hyperbee.Writing;

/// <summary>Loads the nodes that a write touches, from the core or from the blocks that the batch has not written yet.</summary>
internal sealed class WorkingTree(BeeBlocks blocks, ulong version, IReadOnlyDictionary<ulong, PendingBlock> pending)
    : BeeOperation(blocks, version)
{
    private readonly IReadOnlyDictionary<ulong, PendingBlock> _pending = pending;
    private int _nodes;

    /// <summary>The root, loaded once; null when the tree is still empty.</summary>
    public WorkingNode? Root { get; set; }

    /// <summary>Goes on with the nodes of the batch before, without its leaves when they have become many.</summary>
    public void Adopt(WorkingTree former)
    {
        Root = former.Root;
        _nodes = former._nodes + former._pending.Count;
        if (_nodes > Options.WorkingNodes)
            _nodes = Root?.DropLeaves() ?? 0;
        if (_nodes > Options.WorkingNodes / 2)
            (Root, _nodes) = (null, 0);
    }

    public bool TryLoadRoot()
    {
        if (Root is not null || Version < 2)
            return Fault == BeeFault.None;
        if (!TryNode(new NodeAddress(Version - 1, 0), out TreeLevel? level))
            return false;
        Root = WorkingNode.From(level);
        return true;
    }

    public bool TryChild(WorkingNode parent, int index, [NotNullWhen(true)] out WorkingNode? child)
    {
        ChildPointer pointer = parent.Children[index];
        child = pointer.Node;
        if (child is not null)
            return true;
        if (!TryNode(pointer.Address, out TreeLevel? level))
            return false;
        child = pointer.Node = WorkingNode.From(level);
        _nodes++;
        return true;
    }

    /// <summary>The newest entry of a key, for conditions and for comparing values.</summary>
    public bool TryEntry(KeyPointer key, [NotNullWhen(true)] out BeeEntry? entry)
    {
        entry = null;
        if (_pending.TryGetValue(key.Sequence, out PendingBlock? unwritten))
            entry = new BeeEntry(unwritten.Sequence, unwritten.Key, unwritten.Value);
        else if (TryBlock(key.Sequence, out BeeBlock? block))
            entry = BeeEntry.From(block);
        return entry is not null;
    }

    public bool TrySearch(WorkingNode node, ReadOnlySpan<byte> key, out int position, out bool found)
    {
        found = false;
        position = 0;
        int high = node.Keys.Count;
        while (position < high)
        {
            int middle = (position + high) >> 1;
            if (!TryKey(node.Keys[middle], out ReadOnlySpan<byte> other))
                return false;
            int order = key.SequenceCompareTo(other);
            if (order == 0)
            {
                position = middle;
                found = true;
                return true;
            }

            if (order < 0)
                high = middle;
            else
                position = middle + 1;
        }

        return true;
    }

    /// <summary>Refuses trees so deep that only a hostile writer makes them.</summary>
    public bool TryDeepen(int depth) => depth < Options.MaxDepth || Fail(BeeFault.MalformedTree);

    private bool TryKey(KeyPointer pointer, out ReadOnlySpan<byte> key)
    {
        key = default;
        if (pointer.Key is null && !TryRemember(pointer))
            return false;
        key = pointer.Key!.Value.Span;
        return true;
    }

    private bool TryRemember(KeyPointer pointer)
    {
        if (!TryEntry(pointer, out BeeEntry? entry))
            return false;
        pointer.Key = entry.Key;
        return true;
    }
}

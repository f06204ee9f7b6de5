using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Hyper.Protocol.Hyperbee.Nodes;
using Hyper.Protocol.Hyperbee.Reading;

namespace Hyper.Protocol.Hyperbee.Writing;

/// <summary>Loads the nodes that a write touches, from the core or from the blocks that the batch has not written yet.</summary>
/// <param name="blocks">Of the core.</param>
/// <param name="version">Length of the core.</param>
/// <param name="pending">What the batch will append behind that length.</param>
internal sealed class WorkingTree(BeeBlocks blocks, ulong version, List<PendingBlock> pending)
    : BeeOperation(blocks, version)
{
    private readonly List<PendingBlock> _pending = pending;
    private int _nodes;

    /// <summary>The root, loaded once; null when the tree is still empty.</summary>
    public WorkingNode? Root { get; set; }

    /// <summary>
    /// Goes on with the nodes of the batch before. They are counted when they may have become many, and go down to half of the limit then:
    /// without the leaves, or all of them.
    /// </summary>
    public void Adopt(WorkingTree former)
    {
        Root = former.Root;
        _nodes = former._nodes + former._pending.Count;
        if (_nodes <= Options.WorkingNodes || Root is null)
            return;
        _nodes = Root.Count();
        if (_nodes <= Options.WorkingNodes / 2)
            return;
        Root.DropLeaves();
        _nodes = Root.Count();
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
        if (TryPending(key.Sequence, out PendingBlock? unwritten))
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
            if (!TryKey(node, middle, out ReadOnlySpan<byte> other))
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

    /// <summary>A leaf without keys is no neighbour that a key could be replaced from.</summary>
    public bool TryRequireKeys(WorkingNode leaf) => leaf.Keys.Count > 0 || Fail(BeeFault.MalformedTree);

    public void RefuseSize() => Fail(BeeFault.TooLarge);

    private bool TryPending(ulong sequence, [NotNullWhen(true)] out PendingBlock? block)
    {
        bool found = sequence >= Version && sequence - Version < (ulong)_pending.Count;
        block = found ? _pending[(int)(sequence - Version)] : null;
        return found;
    }

    private bool TryKey(WorkingNode node, int index, out ReadOnlySpan<byte> key)
    {
        ref KeyPointer pointer = ref CollectionsMarshal.AsSpan(node.Keys)[index];
        key = pointer.Key.Span;
        if (!key.IsEmpty)
            return true;
        if (TryPending(pointer.Sequence, out PendingBlock? unwritten))
            key = unwritten.Key.Span;
        else if (!TryKey(pointer.Sequence, out key))
            return false;
        // A copy, for the bytes in the cache hold a whole block.
        pointer = KeyPointer.Of(pointer.Sequence, key.Length <= KeyPointer.MaxKeptBytes ? key.ToArray() : default);
        return true;
    }
}

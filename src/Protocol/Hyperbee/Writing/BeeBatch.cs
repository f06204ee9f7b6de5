using Hyper.Protocol.Hyperbee.Nodes;
using Hyper.Protocol.Hyperbee.Reading;

namespace Hyper.Protocol.Hyperbee.Writing;

/// <summary>What became of a put or a deletion.</summary>
public enum BeeWrite
{
    /// <summary>A block was added to the batch.</summary>
    Written,

    /// <summary>Nothing to write: the key is absent, the value equal, or the condition refused.</summary>
    Unchanged,

    /// <summary>Repeat the call after <see cref="BeeBatch.Loaded"/> for the block in <see cref="BeeBatch.NeedBlock"/>.</summary>
    NeedsBlock,

    /// <summary>Ended by <see cref="BeeBatch.Fault"/>.</summary>
    Failed,
}

/// <summary>Decides over the existing entry whether a write goes ahead.</summary>
public delegate bool WriteCondition(BeeEntry existing);

/// <summary>Puts and deletions that see each other and are appended to the core together.</summary>
/// <remarks>The core must hold its header before the first block: a batch over an empty core begins at length 1.</remarks>
public sealed class BeeBatch
{
    // A path to a leaf of a tree of some 100,000 keys.
    private const int UsualNodes = 8;

    private readonly BeeBlocks _blocks;
    private readonly BeeOptions _options;
    private readonly List<PendingBlock> _written = [];
    private readonly WorkingTree _tree;
    private readonly BlockWriter _writer;
    private bool _marksNodes;
    private bool _finished;

    public BeeBatch(BeeBlocks blocks, ulong coreLength)
        : this(blocks, coreLength, new BlockWriter())
    {
    }

    private BeeBatch(BeeBlocks blocks, ulong coreLength, BlockWriter writer)
    {
        _blocks = blocks;
        _options = blocks.Options;
        _tree = new WorkingTree(blocks, Math.Max(coreLength, 1), _written);
        _writer = writer;
    }

    /// <summary>Blocks that the batch will append.</summary>
    public int Count => _written.Count;

    public ulong? NeedBlock => _tree.NeedBlock;

    public BeeFault Fault => _tree.Fault;

    /// <summary>Length of the core once the blocks are appended.</summary>
    public ulong EndLength => NextSequence;

    private ulong NextSequence => _tree.Version + (ulong)_written.Count;

    /// <summary>Hands over a block that was fetched.</summary>
    public void Loaded(ulong sequence, ReadOnlyMemory<byte> block) => _tree.Loaded(sequence, block);

    /// <summary>Says that a block cannot be had.</summary>
    public void Unavailable(ulong sequence) => _tree.Unavailable(sequence);

    /// <summary>Sets a key; a null value is stored as absent.</summary>
    public BeeWrite Put(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte>? value, WriteCondition? condition = null)
    {
        if (key.Length + (long)(value?.Length ?? 0) > BeeLimits.MaxBlockBytes)
            return Refuse();
        if (!_tree.TryLoadRoot() || !WritePath.TryFind(_tree, _tree.Root ??= new WorkingNode(), key.Span, out WritePath path))
            return Paused();
        if (path.Found)
        {
            if (!TryAllow(path, condition, value, out bool allowed))
                return Paused();
            if (!allowed)
            {
                path.MarkInnerChanged();
                _marksNodes = true;
                return BeeWrite.Unchanged;
            }
        }

        _tree.Root = Insertion.Apply(path, KeyPointer.Of(NextSequence, key));
        return Append(key, value);
    }

    /// <summary>Removes a key; nothing is written when it is absent.</summary>
    public BeeWrite Delete(ReadOnlyMemory<byte> key, WriteCondition? condition = null)
    {
        if (!_tree.TryLoadRoot())
            return Paused();
        if (_tree.Root is not { } root)
            return BeeWrite.Unchanged;
        if (!WritePath.TryFind(_tree, root, key.Span, out WritePath path))
            return Paused();
        if (!path.Found)
            return BeeWrite.Unchanged;
        (WorkingNode node, int keyIndex) = path.Last;
        if (condition is not null && !_tree.TryEntry(node.Keys[keyIndex], out _))
            return Paused();
        if (condition is not null && _tree.TryEntry(node.Keys[keyIndex], out BeeEntry? entry) && !condition(entry))
            return BeeWrite.Unchanged;
        if (!Deletion.TryPrepare(_tree, path, out int foundAt))
            return Paused();
        _tree.Root = Deletion.Apply(path, foundAt, keyIndex);
        return Append(key, null);
    }

    /// <summary>
    /// The blocks to append in one go, or none and a <see cref="Fault"/> when one is too large; the batch must not be used afterwards.
    /// </summary>
    public IReadOnlyList<byte[]> Finish()
    {
        _finished = true;
        byte[][] blocks = new byte[_written.Count][];
        for (int i = 0; i < blocks.Length; i++)
        {
            if (i < blocks.Length - 1)
                _written[i].Compact();
            blocks[i] = _written[i].Encode(_writer);
            if (blocks[i].Length > BeeLimits.MaxBlockBytes)
                Refuse();
        }

        return Fault == BeeFault.None ? blocks : [];
    }

    /// <summary>A batch on top of this one, which is finished; it keeps the nodes that this one has in memory, up to a limit.</summary>
    public BeeBatch Next()
    {
        BeeBatch next = new(_blocks, EndLength, _writer);
        // Nodes that were marked without being written would be written by a later batch, as JavaScript does not.
        if (_finished && !_marksNodes && Fault == BeeFault.None)
            next._tree.Adopt(_tree);
        return next;
    }

    private bool TryAllow(WritePath path, WriteCondition? condition, ReadOnlyMemory<byte>? value, out bool allowed)
    {
        allowed = true;
        if (condition is null && _options.AlwaysDuplicate)
            return true;
        (WorkingNode node, int position) = path.Last;
        if (!_tree.TryEntry(node.Keys[position], out BeeEntry? existing))
            return false;
        allowed = (condition is null || condition(existing)) && (_options.AlwaysDuplicate || !IsSame(existing.Value, value));
        return true;
    }

    private BeeWrite Append(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte>? value)
    {
        _marksNodes = false;
        ulong sequence = NextSequence;
        WorkingNode root = _tree.Root!;
        List<ChildPointer?> index = new(UsualNodes) { new ChildPointer(new NodeAddress(sequence, 0), root) };
        root.Number(index, sequence);
        _written.Add(new PendingBlock(sequence, key, value, index));
        return BeeWrite.Written;
    }

    private BeeWrite Refuse()
    {
        _tree.RefuseSize();
        return BeeWrite.Failed;
    }

    private BeeWrite Paused() => Fault == BeeFault.None ? BeeWrite.NeedsBlock : BeeWrite.Failed;

    private static bool IsSame(ReadOnlyMemory<byte>? left, ReadOnlyMemory<byte>? right)
        => left is null || right is null ? left is null && right is null : left.Value.Span.SequenceEqual(right.Value.Span);
}

using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.Hyperbee.Hints;
using Hyper.Protocol.Hyperbee.Nodes;

namespace Hyper.Protocol.Hyperbee.Reading;

/// <summary>Why an operation cannot be finished.</summary>
public enum BeeFault
{
    None,

    /// <summary>A block is not a Hyperbee block.</summary>
    MalformedBlock,

    /// <summary>The blocks do not form a search tree.</summary>
    MalformedTree,

    /// <summary>A block that is needed cannot be had.</summary>
    Unavailable,

    /// <summary>A key with its value takes more room than a block has.</summary>
    TooLarge,
}

/// <summary>What an operation stands at after a step.</summary>
public enum BeeProgress
{
    /// <summary>The answer is there.</summary>
    Done,

    /// <summary>Goes on after <see cref="BeeOperation.Loaded"/> for the block in <see cref="BeeOperation.NeedBlock"/>.</summary>
    NeedsBlock,

    /// <summary>Ended by <see cref="BeeOperation.Fault"/>.</summary>
    Failed,
}

/// <summary>A read of one version of the tree that pauses where a block is not here yet.</summary>
public abstract class BeeOperation
{
    private readonly BeeBlocks _blocks;

    // A fetched block stays here until the operation has used it, whatever the cache forgets meanwhile.
    private readonly Dictionary<ulong, BeeBlock> _loaded = [];

    // Keys and children of the nodes that were visited while blocks came from the network.
    private readonly Queue<ulong> _ahead = [];

    private protected BeeOperation(BeeBlocks blocks, ulong version)
    {
        _blocks = blocks;
        Version = version;
    }

    /// <summary>Length of the core that is read; the root of the tree is in the block before it.</summary>
    public ulong Version { get; }

    /// <summary>The block that has to be fetched before the operation goes on.</summary>
    public ulong? NeedBlock { get; private set; }

    public BeeFault Fault { get; private set; }

    /// <summary>Blocks come over the network: what a visited node points at is worth fetching at once.</summary>
    public bool IsRemote { get; set; }

    internal TouchedBlocks? Touched { get; set; }

    private protected int Reads { get; private set; }

    private protected BeeOptions Options => _blocks.Options;

    private protected BeeProgress Paused => Fault == BeeFault.None ? BeeProgress.NeedsBlock : BeeProgress.Failed;

    /// <summary>Hands over a block that was fetched.</summary>
    public void Loaded(ulong sequence, ReadOnlyMemory<byte> block)
    {
        if (NeedBlock != sequence)
            return;
        NeedBlock = null;
        if (_blocks.TryAdd(sequence, block, out BeeBlock? decoded))
            _loaded[sequence] = decoded;
        else
            Fail(BeeFault.MalformedBlock);
    }

    /// <summary>Says that a block cannot be had from anyone.</summary>
    public void Unavailable(ulong sequence)
    {
        if (NeedBlock == sequence)
            Fail(BeeFault.Unavailable);
    }

    /// <summary>A question to peers that would bring the next blocks together; null when there is none, or it has been asked.</summary>
    public virtual BeeHint? TakeHint() => null;

    /// <summary>A block that the operation is likely to need soon.</summary>
    public bool TryTakeAhead(out ulong sequence) => _ahead.TryDequeue(out sequence);

    private protected bool Fail(BeeFault fault)
    {
        NeedBlock = null;
        Fault = fault;
        return false;
    }

    /// <summary>What was fetched has been used: an operation holds no more blocks than one node needs.</summary>
    private protected void Settle() => _loaded.Clear();

    private protected bool TryBlock(ulong sequence, [NotNullWhen(true)] out BeeBlock? block)
    {
        block = null;
        if (Fault != BeeFault.None)
            return false;
        if (sequence == 0 || sequence >= Version)
            return Fail(BeeFault.MalformedTree);
        Reads++;
        Touched?.Add(sequence);
        if (_loaded.TryGetValue(sequence, out block))
            return true;
        switch (_blocks.Get(sequence, out block))
        {
            case BlockState.Ready:
                if (NeedBlock == sequence)
                    NeedBlock = null;
                return block is not null;
            case BlockState.Missing:
                NeedBlock = sequence;
                return false;
            default:
                return Fail(BeeFault.MalformedBlock);
        }
    }

    private protected bool TryKey(ulong sequence, out ReadOnlySpan<byte> key)
    {
        bool found = TryBlock(sequence, out BeeBlock? block);
        key = found ? block!.Key.Span : default;
        return found;
    }

    private protected bool TryNode(NodeAddress address, [NotNullWhen(true)] out TreeLevel? level)
    {
        level = null;
        if (!TryBlock(address.Sequence, out BeeBlock? block))
            return false;
        if (!_blocks.TryGetLevels(block, out IReadOnlyList<TreeLevel?>? levels) || address.Level >= levels.Count
            || levels[address.Level] is not { } found)
            return Fail(BeeFault.MalformedTree);
        level = found;
        if (IsRemote)
            LookAhead(found.Keys.Concat(found.Children.Select(child => child.Sequence)));
        return true;
    }

    /// <summary>Names blocks that will be needed soon, as far as they are not here.</summary>
    private protected void LookAhead(IEnumerable<ulong> sequences)
    {
        foreach (ulong sequence in sequences)
        {
            if (_ahead.Count < Options.MaxAhead && !_loaded.ContainsKey(sequence) && !_blocks.Holds(sequence))
                _ahead.Enqueue(sequence);
        }
    }

    /// <summary>Position of a key in a node; when it is absent, where it would stand.</summary>
    private protected bool TrySearch(TreeLevel node, ReadOnlySpan<byte> key, out int position, out bool found)
    {
        found = false;
        position = 0;
        int high = node.Keys.Length;
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
}

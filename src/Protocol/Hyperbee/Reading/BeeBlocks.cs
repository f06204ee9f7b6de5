using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.Hyperbee.Nodes;

namespace Hyper.Protocol.Hyperbee.Reading;

/// <summary>The decoded blocks of one core, kept while there is room.</summary>
public sealed class BeeBlocks(BlockSource source, BeeOptions? options = null)
{
    // Blocks that were used since the generations last changed places, and those that were used before.
    private Dictionary<ulong, BeeBlock> _recent = [];
    private Dictionary<ulong, BeeBlock> _older = [];

    public BeeOptions Options { get; } = options ?? BeeOptions.Default;

    /// <summary>Forgets blocks at and above a length, after a truncation or reorganisation.</summary>
    public void Truncate(ulong length)
    {
        foreach (Dictionary<ulong, BeeBlock> blocks in (Dictionary<ulong, BeeBlock>[])[_recent, _older])
        {
            foreach (ulong sequence in blocks.Keys.Where(sequence => sequence >= length).ToArray())
                blocks.Remove(sequence);
        }
    }

    /// <summary>Keeps blocks that are being appended from a sequence number on: the next write reads them.</summary>
    public void Add(ulong sequence, IReadOnlyList<byte[]> blocks)
    {
        foreach (byte[] block in blocks)
            TryAdd(sequence++, block, out _);
    }

    /// <summary>Keeps a block that was fetched ahead; one that is malformed is left to the read that needs it.</summary>
    public void Remember(ulong sequence, ReadOnlyMemory<byte> block)
    {
        if (!Holds(sequence))
            TryAdd(sequence, block, out _);
    }

    /// <summary>Whether a decoded block is kept.</summary>
    public bool Holds(ulong sequence) => _recent.ContainsKey(sequence) || _older.ContainsKey(sequence);

    internal BlockState Get(ulong sequence, out BeeBlock? block)
    {
        if (_recent.TryGetValue(sequence, out block))
            return BlockState.Ready;
        if (_older.Remove(sequence, out block))
        {
            Keep(block);
            return BlockState.Ready;
        }

        if (!source(sequence, out ReadOnlyMemory<byte> bytes))
            return BlockState.Missing;
        return TryAdd(sequence, bytes, out block) ? BlockState.Ready : BlockState.Malformed;
    }

    internal bool TryAdd(ulong sequence, ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out BeeBlock? block)
    {
        if (!BeeBlock.TryDecode(sequence, bytes.Span, out block))
            return false;
        Keep(block);
        return true;
    }

    private void Keep(BeeBlock block)
    {
        if (_recent.Count > Options.CachedBlocks / 2)
            (_recent, _older) = ([], _recent);
        _recent[block.Sequence] = block;
    }
}

internal enum BlockState
{
    Ready,
    Missing,
    Malformed,
}

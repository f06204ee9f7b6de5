using System.Diagnostics.CodeAnalysis;
using Hyper.Protocol.Hyperbee.Nodes;

namespace Hyper.Protocol.Hyperbee.Reading;

/// <summary>The decoded blocks of one core, kept while there is room.</summary>
public sealed class BeeBlocks(BlockSource source, BeeOptions? options = null)
{
    private readonly Dictionary<ulong, BeeBlock> _decoded = [];

    public BeeOptions Options { get; } = options ?? BeeOptions.Default;

    /// <summary>Forgets blocks at and above a length, after a truncation or reorganisation.</summary>
    public void Truncate(ulong length)
    {
        foreach (ulong sequence in _decoded.Keys.Where(sequence => sequence >= length).ToArray())
            _decoded.Remove(sequence);
    }

    internal BlockState Get(ulong sequence, out BeeBlock? block)
    {
        if (_decoded.TryGetValue(sequence, out block))
            return BlockState.Ready;
        if (!source(sequence, out ReadOnlyMemory<byte> bytes))
            return BlockState.Missing;
        return TryAdd(sequence, bytes, out block) ? BlockState.Ready : BlockState.Malformed;
    }

    internal bool TryAdd(ulong sequence, ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out BeeBlock? block)
    {
        if (!BeeBlock.TryDecode(sequence, bytes.Span, out block))
            return false;
        if (_decoded.Count >= Options.CachedBlocks)
            _decoded.Clear();
        _decoded[sequence] = block;
        return true;
    }
}

internal enum BlockState
{
    Ready,
    Missing,
    Malformed,
}

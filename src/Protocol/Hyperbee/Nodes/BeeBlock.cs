using System.Diagnostics.CodeAnalysis;

namespace Hyper.Protocol.Hyperbee.Nodes;

/// <summary>One put or deletion: its key and value, and the tree nodes that it rewrote.</summary>
public sealed class BeeBlock
{
    private const ulong IndexField = 1, KeyField = 2, ValueField = 3;
    private const int BytesOfReference = 8, BytesOfNode = 96;

    private readonly ReadOnlyMemory<byte> _index;
    private TreeLevel?[]? _levels;
    private bool _indexRefused;

    private BeeBlock(ulong sequence, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte>? value, ReadOnlyMemory<byte> index)
    {
        Sequence = sequence;
        Key = key;
        Value = value;
        _index = index;
    }

    public ulong Sequence { get; }

    public ReadOnlyMemory<byte> Key { get; }

    /// <summary>Null for a deletion and for a null that was put.</summary>
    public ReadOnlyMemory<byte>? Value { get; }

    /// <summary>Reads a block other than the header, whose bytes it keeps; its index is read when it is asked for.</summary>
    public static bool TryDecode(ulong sequence, ReadOnlyMemory<byte> block, [NotNullWhen(true)] out BeeBlock? decoded)
    {
        decoded = null;
        ReadOnlyMemory<byte>? index = null, key = null, value = null;
        FieldReader reader = new(block.Span);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryField(out ulong field, out Range bytes))
                return false;
            if (field == IndexField)
                index = block[bytes];
            else if (field == KeyField)
                key = block[bytes];
            else if (field == ValueField)
                value = block[bytes];
        }

        if (index is null || key is null)
            return false;
        decoded = new BeeBlock(sequence, key.Value, value, index.Value);
        return true;
    }

    /// <summary>Whether the tree nodes are in memory, with <see cref="LevelBytes"/>.</summary>
    internal bool HasLevels => _levels is not null;

    /// <summary>Memory that the tree nodes take beside the block.</summary>
    internal int LevelBytes => _levels is null ? 0 : _levels.Sum(level => level is null ? BytesOfReference : BytesOf(level));

    /// <summary>
    /// The tree nodes of this block, level 0 first; false when the index is malformed. A node that no tree can hold is null: batches of
    /// JavaScript leave such nodes behind where no other node points at them.
    /// </summary>
    public bool TryGetLevels([NotNullWhen(true)] out IReadOnlyList<TreeLevel?>? levels)
    {
        if (_levels is null && !_indexRefused)
            _indexRefused = !IndexReader.TryRead(_index.Span, Sequence, out _levels);
        levels = _levels;
        return levels is not null;
    }

    /// <summary>No value, and its own sequence number in none of its tree nodes: what marks a deletion.</summary>
    public bool IsDeletion
        => Value is null && TryGetLevels(out IReadOnlyList<TreeLevel?>? levels)
            && !levels.Any(level => level is not null && level.Keys.Contains(Sequence));

    private static int BytesOf(TreeLevel level) => BytesOfNode + (level.Keys.Length * sizeof(ulong)) + (level.Children.Length * 2 * sizeof(ulong));
}

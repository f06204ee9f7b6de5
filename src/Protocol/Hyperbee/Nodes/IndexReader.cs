using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Hyper.Protocol.Hyperbee.Nodes;

/// <summary>Reads the tree nodes of a block. Memory is taken only for nodes that a writer of the format could have left.</summary>
internal static class IndexReader
{
    private const ulong LevelField = 1, KeysField = 1, ChildrenField = 2;

    /// <summary>False when the index is malformed or has more nodes than a block may have; a node that no tree can hold is null.</summary>
    /// <param name="index">Its bytes.</param>
    /// <param name="sequence">Of the block: nothing in it points further.</param>
    /// <param name="levels">The nodes in order.</param>
    public static bool TryRead(ReadOnlySpan<byte> index, ulong sequence, [NotNullWhen(true)] out TreeLevel?[]? levels)
    {
        levels = null;
        if (!TryCount(index, out int count))
            return false;
        TreeLevel?[] found = new TreeLevel?[count];
        FieldReader reader = new(index);
        for (int level = 0; level < count;)
        {
            if (!reader.TryField(out ulong field, out Range bytes)
                || (field == LevelField && !TryReadLevel(index[bytes], sequence, out found[level++])))
                return false;
        }

        levels = found;
        return true;
    }

    private static bool TryCount(ReadOnlySpan<byte> index, out int levels)
    {
        levels = 0;
        FieldReader reader = new(index);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryField(out ulong field, out _))
                return false;
            if (field == LevelField && ++levels > BeeLimits.MaxLevels)
                return false;
        }

        return true;
    }

    private static bool TryReadLevel(ReadOnlySpan<byte> bytes, ulong sequence, out TreeLevel? level)
    {
        level = null;
        ReadOnlySpan<byte> keys = default, children = default;
        FieldReader reader = new(bytes);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryField(out ulong field, out Range list))
                return false;
            if ((field == KeysField && !keys.IsEmpty) || (field == ChildrenField && !children.IsEmpty))
                return false;
            if (field == KeysField)
                keys = bytes[list];
            else if (field == ChildrenField)
                children = bytes[list];
        }

        if (!TryCountNumbers(keys, out int keyCount) || !TryCountNumbers(children, out int childNumbers))
            return false;
        bool fits = keyCount <= BeeLimits.MaxNodeKeys && (childNumbers == 0 || childNumbers == 2 * (keyCount + 1));
        if (fits && TryReadKeys(keys, keyCount, sequence) is { } keysRead && TryReadChildren(children, childNumbers / 2, sequence) is { } childrenRead)
            level = new TreeLevel(keysRead, childrenRead);
        return true;
    }

    // A list ends where its field ends, in the middle of no number.
    private static bool TryCountNumbers(ReadOnlySpan<byte> list, out int count)
    {
        count = 0;
        FieldReader reader = new(list);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryNumber(out _))
                return false;
            count++;
        }

        return true;
    }

    private static ImmutableArray<ulong>? TryReadKeys(ReadOnlySpan<byte> list, int count, ulong sequence)
    {
        ImmutableArray<ulong>.Builder keys = ImmutableArray.CreateBuilder<ulong>(count);
        FieldReader reader = new(list);
        while (reader.TryNumber(out ulong key))
        {
            if (key == 0 || key > sequence)
                return null;
            keys.Add(key);
        }

        return keys.MoveToImmutable();
    }

    private static ImmutableArray<NodeAddress>? TryReadChildren(ReadOnlySpan<byte> list, int count, ulong sequence)
    {
        ImmutableArray<NodeAddress>.Builder children = ImmutableArray.CreateBuilder<NodeAddress>(count);
        FieldReader reader = new(list);
        while (reader.TryNumber(out ulong block) && reader.TryNumber(out ulong level))
        {
            if (block == 0 || block > sequence || level > int.MaxValue)
                return null;
            children.Add(new NodeAddress(block, (int)level));
        }

        return children.MoveToImmutable();
    }
}

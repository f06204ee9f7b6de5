using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Hyper.Protocol.Hyperbee.Nodes.Messages;

namespace Hyper.Protocol.Hyperbee.Nodes;

/// <summary>One put or deletion: its key and value, and the tree nodes that it rewrote.</summary>
public sealed class BeeBlock
{
    private readonly ByteString _index;
    private TreeLevel?[]? _levels;
    private bool _indexRefused;

    private BeeBlock(ulong sequence, Node node)
    {
        Sequence = sequence;
        Key = node.Key.Memory;
        Value = node.HasValue ? node.Value.Memory : default(ReadOnlyMemory<byte>?);
        _index = node.Index;
    }

    public ulong Sequence { get; }

    public ReadOnlyMemory<byte> Key { get; }

    /// <summary>Null for a deletion and for a null that was put.</summary>
    public ReadOnlyMemory<byte>? Value { get; }

    /// <summary>Reads a block other than the header; its index is read when it is asked for.</summary>
    public static bool TryDecode(ulong sequence, ReadOnlySpan<byte> block, [NotNullWhen(true)] out BeeBlock? decoded)
    {
        decoded = null;
        try
        {
            Node node = Node.Parser.ParseFrom(block);
            if (!node.HasIndex || !node.HasKey)
                return false;
            decoded = new BeeBlock(sequence, node);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    /// <summary>Bytes of a block, as JavaScript writers lay them out.</summary>
    public static byte[] Encode(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte>? value, IEnumerable<TreeLevel> levels)
    {
        YoloIndex index = new();
        foreach (TreeLevel level in levels)
        {
            YoloIndex.Types.Level written = new();
            written.Keys.AddRange(level.Keys);
            foreach (NodeAddress child in level.Children)
            {
                written.Children.Add(child.Sequence);
                written.Children.Add((ulong)child.Level);
            }

            index.Levels.Add(written);
        }

        Node node = new() { Index = index.ToByteString(), Key = UnsafeByteOperations.UnsafeWrap(key) };
        if (value is { } present)
            node.Value = UnsafeByteOperations.UnsafeWrap(present);
        return node.ToByteArray();
    }

    /// <summary>
    /// The tree nodes of this block, level 0 first; false when the index is malformed. A node that no tree can hold is null: batches of
    /// JavaScript leave such nodes behind where no other node points at them.
    /// </summary>
    public bool TryGetLevels([NotNullWhen(true)] out IReadOnlyList<TreeLevel?>? levels)
    {
        if (_levels is null && !_indexRefused && !TryReadIndex(out _levels))
            _indexRefused = true;
        levels = _levels;
        return levels is not null;
    }

    /// <summary>No value, and its own sequence number in none of its tree nodes: what marks a deletion.</summary>
    public bool IsDeletion
        => Value is null && TryGetLevels(out IReadOnlyList<TreeLevel?>? levels)
            && !levels.Any(level => level is not null && level.Keys.Contains(Sequence));

    private bool TryReadIndex(out TreeLevel?[]? levels)
    {
        levels = null;
        try
        {
            YoloIndex index = YoloIndex.Parser.ParseFrom(_index);
            levels = [.. index.Levels.Select(ReadLevel)];
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    private TreeLevel? ReadLevel(YoloIndex.Types.Level raw)
    {
        int children = raw.Children.Count;
        if (children != 0 && children != 2 * (raw.Keys.Count + 1))
            return null;
        foreach (ulong key in raw.Keys)
            if (key == 0 || key > Sequence)
                return null;

        NodeAddress[] addresses = new NodeAddress[children / 2];
        for (int i = 0; i < addresses.Length; i++)
        {
            ulong sequence = raw.Children[2 * i], position = raw.Children[(2 * i) + 1];
            if (sequence == 0 || sequence > Sequence || position > int.MaxValue)
                return null;
            addresses[i] = new NodeAddress(sequence, (int)position);
        }

        return new TreeLevel([.. raw.Keys], addresses);
    }
}

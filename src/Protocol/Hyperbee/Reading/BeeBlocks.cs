using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hyper.Protocol.Hyperbee.Nodes;

namespace Hyper.Protocol.Hyperbee.Reading;

/// <summary>The decoded blocks of one core, kept while there is room.</summary>
public sealed class BeeBlocks(BlockSource source, BeeOptions? options = null)
{
    // Blocks that were used since the generations last changed places, and those that were used before.
    private Dictionary<ulong, Kept> _recent = [];
    private Dictionary<ulong, Kept> _older = [];
    private long _recentBytes;
    private long _olderBytes;

    public BeeOptions Options { get; } = options ?? BeeOptions.Default;

    /// <summary>Size of the blocks that are kept, with what was decoded of them.</summary>
    public long HeldBytes => _recentBytes + _olderBytes;

    /// <summary>Forgets blocks at and above a length, after a truncation or reorganisation.</summary>
    public void Truncate(ulong length)
    {
        _recentBytes -= Truncate(_recent, length);
        _olderBytes -= Truncate(_older, length);
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
        if (_recent.TryGetValue(sequence, out Kept kept))
        {
            block = kept.Block;
            return BlockState.Ready;
        }

        if (_older.Remove(sequence, out kept))
        {
            _olderBytes -= kept.Bytes;
            Keep(kept);
            block = kept.Block;
            return BlockState.Ready;
        }

        block = null;
        if (!source(sequence, out ReadOnlyMemory<byte> bytes))
            return BlockState.Missing;
        return TryAdd(sequence, bytes, out block) ? BlockState.Ready : BlockState.Malformed;
    }

    /// <summary>The tree nodes of a block, which count from now on as long as it is kept.</summary>
    internal bool TryGetLevels(BeeBlock block, [NotNullWhen(true)] out IReadOnlyList<TreeLevel?>? levels)
    {
        bool known = block.HasLevels, found = block.TryGetLevels(out levels);
        if (known || !found)
            return found;
        ref Kept place = ref CollectionsMarshal.GetValueRefOrNullRef(_recent, block.Sequence);
        if (Unsafe.IsNullRef(ref place) || place.Block != block)
            return found;
        place = place with { Bytes = place.Bytes + block.LevelBytes };
        _recentBytes += block.LevelBytes;
        return found;
    }

    internal bool TryAdd(ulong sequence, ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out BeeBlock? block)
    {
        if (!BeeBlock.TryDecode(sequence, bytes, out block))
            return false;
        Keep(new Kept(block, bytes.Length));
        return true;
    }

    private static long Truncate(Dictionary<ulong, Kept> blocks, ulong length)
    {
        long bytes = 0;
        foreach (ulong sequence in blocks.Keys.Where(sequence => sequence >= length).ToArray())
        {
            blocks.Remove(sequence, out Kept kept);
            bytes += kept.Bytes;
        }

        return bytes;
    }

    private void Keep(Kept kept)
    {
        if (_recent.Count > Options.CachedBlocks / 2 || _recentBytes + kept.Bytes > Options.CachedBytes / 2)
        {
            (_recent, _older) = ([], _recent);
            (_recentBytes, _olderBytes) = (0, _recentBytes);
        }

        ref Kept place = ref CollectionsMarshal.GetValueRefOrAddDefault(_recent, kept.Block.Sequence, out _);
        _recentBytes += kept.Bytes - place.Bytes;
        place = kept;
    }

    private readonly record struct Kept(BeeBlock Block, int Bytes);
}

internal enum BlockState
{
    Ready,
    Missing,
    Malformed,
}

using Hyper.Protocol.Hyperbee.Reading;

namespace Hyper.Protocol.Hyperbee.Hints;

/// <summary>Makes the read that a peer is about to make, as far as the blocks are at hand, and names the blocks that it touches.</summary>
public sealed class HintAnswer
{
    /// <summary>Blocks that one question is answered with at most, as upstream.</summary>
    public const int MaxBlocks = 2048 + GroupBlocks;

    private const int GroupBlocks = 128;

    private readonly BeeOperation _operation;
    private readonly Func<(BeeProgress Progress, bool Ended)> _step;
    private readonly TouchedBlocks _touched;
    private int _taken;

    private HintAnswer(BeeOperation operation, IEnumerable<ulong> known, Func<(BeeProgress, bool)> step)
    {
        _operation = operation;
        _step = step;
        _operation.Touched = _touched = new TouchedBlocks(known);
    }

    /// <summary>The block that must be fetched from this peer's own disk, or be called unavailable.</summary>
    public ulong? NeedBlock => _operation.NeedBlock;

    private bool IsFull => _touched.Order.Count >= MaxBlocks;

    /// <summary>What a hint asks: nothing, a lookup, a scan or both; versions that are not here are left unanswered.</summary>
    public static IEnumerable<HintAnswer> For(BeeHint hint, BeeBlocks blocks, ulong length)
    {
        if (hint.Get is { } get && Exists(get.Version, length))
            yield return For(new BeeLookup(blocks, get.Version, get.Key));
        if (hint.Scan is { } scan && Exists(scan.Version, length) && BeeScan.TryResume(blocks, scan, out BeeScan? resumed))
            yield return For(resumed, scan);
    }

    /// <summary>Walks on; true at the end, which is also where a block is not stored.</summary>
    public bool Advance()
    {
        while (!IsFull)
        {
            (BeeProgress progress, bool ended) = _step();
            if (progress == BeeProgress.NeedsBlock)
                return false;
            if (ended || progress == BeeProgress.Failed)
                return true;
        }

        return true;
    }

    public void Loaded(ulong sequence, ReadOnlyMemory<byte> block) => _operation.Loaded(sequence, block);

    public void Unavailable(ulong sequence) => _operation.Unavailable(sequence);

    /// <summary>The next message for the peer: a full group, or at the end what is left.</summary>
    public bool TryTake(bool atEnd, out BeeHint hint)
    {
        int count = Math.Min(Math.Min(_touched.Order.Count, MaxBlocks) - _taken, GroupBlocks);
        hint = new BeeHint();
        if (count == 0 || (count < GroupBlocks && !atEnd))
            return false;
        ulong[] group = [.. _touched.Order.Skip(_taken).Take(count)];
        _taken += count;
        hint = new BeeHint { Blocks = new BlockHint(group.Min(), group.Max() + 1, group) };
        return true;
    }

    private static bool Exists(ulong version, ulong length) => version > 0 && version <= length;

    private static HintAnswer For(BeeLookup lookup) => new(lookup, [], () => (lookup.Advance(), true));

    private static HintAnswer For(BeeScan scan, ScanHint hint)
        => new(scan, hint.Checkpoint.Where((_, index) => index % 3 == 0), () =>
        {
            BeeProgress progress = scan.Next(out BeeEntry? entry);
            return (progress, entry is null);
        });
}

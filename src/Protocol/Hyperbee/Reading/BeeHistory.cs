using Hyper.Protocol.Hyperbee.Nodes;

namespace Hyper.Protocol.Hyperbee.Reading;

/// <summary>One block of the log: what was put or deleted.</summary>
public sealed record BeeChange(BeeEntry Entry, bool IsDeletion);

/// <summary>Walks the blocks of the log in the order they were written, or from the newest backwards.</summary>
public sealed class BeeHistory : BeeOperation
{
    private readonly bool _reverse;
    private ulong _from, _to;

    /// <summary>Yields sequence numbers in [<paramref name="from"/>, <paramref name="to"/>), never the header.</summary>
    public BeeHistory(BeeBlocks blocks, ulong version, ulong from = 1, ulong? to = null, bool reverse = false)
        : base(blocks, version)
    {
        _reverse = reverse;
        _from = Math.Max(from, 1);
        _to = Math.Min(to ?? version, version);
    }

    /// <summary>The next change. <see cref="BeeProgress.Done"/> with null is the end.</summary>
    public BeeProgress Next(out BeeChange? change)
    {
        change = null;
        if (_from >= _to)
            return Fault == BeeFault.None ? BeeProgress.Done : BeeProgress.Failed;
        if (!TryBlock(_reverse ? _to - 1 : _from, out BeeBlock? block))
        {
            LookAhead();
            return Paused;
        }

        if (_reverse)
            _to--;
        else
            _from++;
        Settle();
        change = new BeeChange(BeeEntry.From(block), block.IsDeletion);
        return BeeProgress.Done;
    }

    private void LookAhead()
    {
        int count = (int)Math.Min(_to - _from, (ulong)Options.MaxAhead);
        if (IsRemote)
            LookAhead(Enumerable.Range(0, count).Select(step => _reverse ? _to - 1 - (ulong)step : _from + (ulong)step));
    }
}

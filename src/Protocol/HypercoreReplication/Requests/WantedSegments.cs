using Hyper.Protocol.HypercoreReplication.Messages;

namespace Hyper.Protocol.HypercoreReplication.Requests;

/// <summary>Asks what the peer has, once for each of the regions in which JavaScript asks.</summary>
internal sealed class WantedSegments(ReplicationOptions options, RemotePeer remote, Action<ReplicationEffect> emit)
{
    private const long SegmentBlocks = 1 << 21;

    private readonly HashSet<long> _asked = [];
    private readonly Queue<long> _order = [];

    /// <summary>Blocks that somebody waits for by name; the regions that hold them are not forgotten.</summary>
    public SortedSet<long> Blocks { get; } = [];

    /// <summary>The regions of a run, as long as no earlier ones have to be forgotten for them.</summary>
    public void Want(long start, long end)
    {
        if (end <= remote.Blocks.Contiguous)
            return;
        for (long segment = start / SegmentBlocks; segment * SegmentBlocks < end && _asked.Count < options.MaxWantedSegments; segment++)
            Ask(segment);
    }

    /// <summary>The region of one block.</summary>
    public void Want(long block)
    {
        if (block >= remote.Blocks.Contiguous && !_asked.Contains(block / SegmentBlocks)
            && (_asked.Count < options.MaxWantedSegments || TryForgetOldest()))
            Ask(block / SegmentBlocks);
    }

    private void Ask(long segment)
    {
        if (!_asked.Add(segment))
            return;
        _order.Enqueue(segment);
        emit(new ReplicationEffect.Send(new WantMessage(segment * SegmentBlocks, SegmentBlocks)));
    }

    // One look each time: regions in which somebody still waits for a block are kept and looked at again after all others.
    private bool TryForgetOldest()
    {
        long oldest = _order.Dequeue(), start = oldest * SegmentBlocks;
        if (Blocks.GetViewBetween(start, start + SegmentBlocks - 1).Count > 0)
        {
            _order.Enqueue(oldest);
            return false;
        }

        _asked.Remove(oldest);
        emit(new ReplicationEffect.Send(new UnwantMessage(start, SegmentBlocks)));
        return true;
    }
}

using Hyper.Protocol.HypercoreReplication.Messages;

namespace Hyper.Protocol.HypercoreReplication.Requests;

/// <summary>Asks what the peer has, once for each of the regions in which JavaScript asks.</summary>
internal sealed class WantedSegments(RemotePeer remote, Action<ReplicationEffect> emit)
{
    private const long SegmentBlocks = 1 << 21;
    private const int MaxSegments = 1024;

    private readonly HashSet<long> _asked = [];

    public void Want(long start, long end)
    {
        if (end <= remote.Blocks.Contiguous)
            return;
        end = Math.Min(end, start + (MaxSegments * SegmentBlocks));
        for (long segment = start / SegmentBlocks; segment * SegmentBlocks < end; segment++)
            if (_asked.Add(segment))
                emit(new ReplicationEffect.Send(new WantMessage(segment * SegmentBlocks, SegmentBlocks)));
    }
}

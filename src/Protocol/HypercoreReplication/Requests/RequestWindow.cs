using Hyper.Protocol.Hypercore.Merkle;

namespace Hyper.Protocol.HypercoreReplication.Requests;

/// <summary>How many requests may be under way: many for short blocks, and for long ones as many as some memory holds.</summary>
internal sealed class RequestWindow(ReplicationOptions options)
{
    private const int FirstRequests = 64;
    private const int FewestRequests = 16;
    private const int Smoothing = 16;

    // Planning costs four messages, so it waits until there is work for some requests.
    private const int PlannedShare = 8;

    private int _requests = Math.Min(FirstRequests, options.MaxInFlight);
    private long _averageLength;

    public void HandleBlock(BlockProof? block)
    {
        if (block is null)
            return;
        long length = block.Value.Length;
        _averageLength = _averageLength == 0 ? length : _averageLength + ((length - _averageLength) / Smoothing);
        _requests = (int)Math.Clamp(options.MaxBytesInFlight / Math.Max(_averageLength, 1), Math.Min(FewestRequests, options.MaxInFlight), options.MaxInFlight);
    }

    /// <summary>Requests to add to those under way; none while there is room for a few only, unless somebody waits for a block.</summary>
    public int RoomBeside(int underWay, bool isUrgent)
    {
        int room = _requests - underWay;
        return isUrgent || underWay == 0 || room >= _requests / PlannedShare ? room : 0;
    }
}

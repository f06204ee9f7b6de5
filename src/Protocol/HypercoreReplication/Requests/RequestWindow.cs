using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication.Blocks;

namespace Hyper.Protocol.HypercoreReplication.Requests;

/// <summary>How many requests may be under way: many for short blocks, and for long ones as many as some memory holds.</summary>
internal sealed class RequestWindow(ReplicationOptions options)
{
    private const int FirstRequests = 64;
    private const int FewestRequests = 16;
    // Planning costs four messages, so it waits until there is work for some requests.
    private const int PlannedShare = 8;

    private int _requests = Math.Min(FirstRequests, options.MaxInFlight);
    private readonly BlockLengths _lengths = new();

    public void HandleBlock(BlockProof? block)
    {
        if (block is null)
            return;
        _lengths.Note(block.Value.Length);
        _requests = _lengths.CountWithin(options.MaxBytesInFlight, FewestRequests, options.MaxInFlight);
    }

    /// <summary>Requests to add to those under way; none while there is room for a few only, unless somebody waits for a block.</summary>
    public int RoomBeside(int underWay, bool isUrgent)
    {
        int room = _requests - underWay;
        return isUrgent || underWay == 0 || room >= _requests / PlannedShare ? room : 0;
    }
}

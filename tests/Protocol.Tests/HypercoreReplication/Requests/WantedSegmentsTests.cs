using Hyper.Protocol.HypercoreReplication;
using Hyper.Protocol.HypercoreReplication.Messages;
using Hyper.Protocol.HypercoreReplication.Requests;

namespace AuctionActors.Protocol.Tests.HypercoreReplication.Requests;

public sealed class WantedSegmentsTests
{
    private const long Segment = 1 << 21;

    private readonly List<ReplicationMessage> _sent = [];
    private readonly WantedSegments _segments;

    public WantedSegmentsTests()
        => _segments = new WantedSegments(
            new ReplicationOptions { MaxWantedSegments = 3 }, new RemotePeer(4), effect => _sent.Add(((ReplicationEffect.Send)effect).Message));

    [Fact]
    public void Of_a_core_of_any_length_a_bounded_number_of_regions_is_asked_for()
    {
        _segments.Want(0, 1L << 53);
        _segments.Want(0, 1L << 53);
        Assert.Equal([new WantMessage(0, Segment), new WantMessage(Segment, Segment), new WantMessage(2 * Segment, Segment)], _sent);
    }

    [Fact]
    public void The_oldest_region_is_taken_back_for_a_new_one_unless_somebody_waits_for_a_block_there()
    {
        _segments.Want(0, 3 * Segment);
        _segments.Blocks.Add(5);
        _sent.Clear();
        _segments.Want(7 * Segment);
        Assert.Empty(_sent);
        _segments.Want(7 * Segment);
        Assert.Equal([new UnwantMessage(Segment, Segment), new WantMessage(7 * Segment, Segment)], _sent);
        _sent.Clear();
        _segments.Want(7 * Segment);
        _segments.Want(5);
        Assert.Empty(_sent);
    }
}

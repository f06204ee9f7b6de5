using Hyper.Actors.Swarm.Peers;

namespace AuctionActors.Auctions.Market.Participants;

/// <summary>Which actor of a participant asked the peer something; part of the request's number, so that answers find their way.</summary>
internal enum RequestLane
{
    Participant = 1,
    Catalogue = 2,
    Outbox = 3,
    EndNotices = 4,
}

/// <summary>Numbers requests of one lane.</summary>
internal sealed class RequestNumbers(RequestLane lane)
{
    private const int LaneShift = 48;

    private long _last;

    public PeerRequestId Next() => new(((long)lane << LaneShift) | ++_last);

    public static RequestLane LaneOf(PeerRequestId request) => (RequestLane)(request.Value >> LaneShift);
}

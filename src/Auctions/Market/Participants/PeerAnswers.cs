using Akka.Actor;
using AuctionActors.Auctions.Rules.Envelopes;
using Hyper.Actors.Swarm.Peers;

namespace AuctionActors.Auctions.Market.Participants;

/// <summary>Brings the peer's answers to who asked.</summary>
internal sealed class PeerAnswers(Desk desk, EndNotices notices)
{
    public void Handle(PeerRequestId request, object answer)
    {
        switch (RequestNumbers.LaneOf(request), answer)
        {
            case (RequestLane.Catalogue, _):
                desk.Catalogue.Tell(answer);
                break;
            case (RequestLane.Outbox, _):
                desk.Outbox.Tell(answer);
                break;
            case (RequestLane.EndNotices, PeerProtocol.RpcReplied replied):
                notices.Handle(replied);
                break;
            case (RequestLane.EndNotices, PeerProtocol.RpcFailed failed):
                notices.Handle(failed);
                break;
            case (RequestLane.Participant, PeerProtocol.RpcReplied replied)
                when EnvelopeList.TryDecode(replied.Value.Span, out var envelopes, out _):
                desk.Roster.Dispatch(envelopes);
                break;
        }
    }
}

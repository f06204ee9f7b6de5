using Akka.Actor;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Folding;
using Hyper.Actors.Swarm.Peers;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Market.Participants;

/// <summary>
/// Tells the connected peers that an own auction has ended and counts those whose signed notes say that they have it.
/// Who ended it hears the count when all have answered or their time is over; the end itself waits for nobody.
/// </summary>
internal sealed class EndNotices(Desk desk)
{
    private readonly RequestNumbers _numbers = new(RequestLane.EndNotices);
    private readonly Dictionary<PeerRequestId, Round> _rounds = [];

    public void Begin(LocalAsker asker, AuctionState state)
    {
        var round = new Round(asker, state, [.. desk.Queries.Peers]);
        byte[] end = state.Chain[^1].Encode();
        foreach (PublicKey peer in round.Peers)
        {
            PeerRequestId request = _numbers.Next();
            _rounds.Add(request, round);
            desk.Peer.Tell(new PeerProtocol.CallRpc(request, peer, AuctionMethods.Close, end, desk.Options.AcknowledgeWithin));
        }

        Finish(round);
    }

    public void Handle(PeerProtocol.RpcReplied replied)
    {
        if (!_rounds.Remove(replied.Request, out Round? round))
            return;
        round.Answered++;
        if (Envelope.TryDecode(replied.Value.Span, out Envelope? answer) && answer.Message is Message.HeadNote note
            && answer.Author == replied.Remote && answer.Auction == round.State.Id && note.Head == round.State.Head)
            round.Acknowledged++;
        Finish(round);
    }

    public void Handle(PeerProtocol.RpcFailed failed)
    {
        if (!_rounds.Remove(failed.Request, out Round? round))
            return;
        round.Answered++;
        Finish(round);
    }

    private void Finish(Round round)
    {
        if (round.Answered < round.Peers.Count)
            return;
        round.Asker.ReplyTo.Tell(new ParticipantProtocol.Closed(
            round.Asker.Command.RequestId, desk.Directory.Summarize(round.State), round.Peers.Count, round.Acknowledged));
    }

    private sealed record Round(LocalAsker Asker, AuctionState State, IReadOnlyList<PublicKey> Peers)
    {
        public int Answered { get; set; }

        public int Acknowledged { get; set; }
    }
}

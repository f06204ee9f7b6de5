using System.Collections.Immutable;
using Akka.Actor;
using AuctionActors.Auctions.Market.Discovery;
using AuctionActors.Auctions.Market.Publishing;
using AuctionActors.Auctions.Market.Trading;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Folding;
using Hyper.Actors.Swarm.Peers;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Auctions.Market.Participants;

/// <summary>Passes on what the auctions want told or asked.</summary>
internal sealed class AuctionWishes(Desk desk, EndNotices notices, HeldCalls held)
{
    private readonly AuctionRecord _record = new(desk.Runtime.Events, desk.Directory);

    /// <summary>Whether envelopes of former runs are being folded: what they tell was recorded when it happened.</summary>
    public bool IsReplaying { get; set; } = true;

    public void Handle(AuctionProtocol.Wants wants)
    {
        switch (wants.Effect)
        {
            case AuctionEffect.Change change:
                Publish(change.State);
                break;
            case AuctionEffect.CatchUp catchUp:
                CatchUp(wants.Auction, catchUp.From);
                break;
            case AuctionEffect.Answer answer:
                if (desk.Askers.TakeRemote(answer.Asker) is { } answered)
                    desk.Peer.Tell(new PeerProtocol.AnswerRpc(answered, answer.Envelope.Encode()));
                break;
            case AuctionEffect.Refuse refuse:
                if (desk.Askers.TakeRemote(refuse.Asker) is { } refused)
                {
                    string code = refuse.IsFinal ? AuctionMethods.Refused : AuctionMethods.TryAgain;
                    desk.Peer.Tell(new PeerProtocol.RefuseRpc(refused, code, refuse.Reason));
                }

                break;
            default:
                TellAsker(wants.Auction, wants.Effect);
                break;
        }
    }

    private void Publish(AuctionState state)
    {
        bool isNew = desk.Directory.Find(state.Id) is not { Terms: not null };
        ImmutableArray<ParticipantProtocol.IEvent> news = desk.Directory.Update(state);
        if (state.Terms is not { } terms)
            return;
        if (isNew)
            desk.Catalogue.Tell(new CatalogueProtocol.Follow(state.Seller, terms.Core, state.Chain[0]));
        desk.BeeWriter.Tell(new BeeWriterProtocol.Project(state));
        if (!IsReplaying)
            _record.Write(news);
        desk.Subscribers.Tell(news);
        held.Handle(state);
    }

    private void CatchUp(Bytes32 auction, ulong from)
    {
        if (desk.Directory.Find(auction) is not { IsKnown: true } state || state.Seller == desk.Signer.Author)
            return;
        byte[] request = new SinceRequest(auction, from).Encode();
        desk.Peer.Tell(new PeerProtocol.CallRpc(
            desk.Numbers.Next(), state.Seller, AuctionMethods.Since, request, desk.Options.CallWithin));
    }

    private void TellAsker(Bytes32 auction, AuctionEffect effect)
    {
        switch (effect)
        {
            case AuctionEffect.AnswerBid answer:
                Reply(answer.Asker, auction, (id, summary) => new ParticipantProtocol.BidAnswered(
                    id, answer.Verdict, answer.Units, summary.NeedUnits, answer.Sequence, summary));
                break;
            case AuctionEffect.Done { Asker: var asker }:
                Finish(asker, auction);
                break;
            case AuctionEffect.Decline decline:
                if (desk.Askers.TakeLocal(decline.Asker) is { } declined)
                    declined.ReplyTo.Tell(new ParticipantProtocol.Refused(declined.Command.RequestId, decline.Code, decline.Message, decline.Expected));
                break;
            default:
                throw new InvalidOperationException($"an auction keeps {effect} to itself");
        }
    }

    private void Finish(Asker asker, Bytes32 auction)
    {
        if (desk.Askers.TakeLocal(asker) is not { } local || desk.Directory.Find(auction) is not { Terms: not null } state)
            return;
        if (local.Command is ParticipantProtocol.OpenAuction)
            local.ReplyTo.Tell(new ParticipantProtocol.Opened(local.Command.RequestId, desk.Directory.Summarize(state), desk.Queries.Peers.Count));
        else
            notices.Begin(local, state);
    }

    private void Reply(Asker asker, Bytes32 auction, Func<long, AuctionSummary, ParticipantProtocol.IReply> reply)
    {
        if (desk.Askers.TakeLocal(asker) is { } local && desk.Directory.Find(auction) is { Terms: not null } state)
            local.ReplyTo.Tell(reply(local.Command.RequestId, desk.Directory.Summarize(state)));
    }
}

using Akka.Actor;
using AuctionActors.Auctions.Market.Trading;
using AuctionActors.Auctions.Rules.Envelopes;
using Hyper.Actors.Swarm.Peers;

namespace AuctionActors.Auctions.Market.Participants;

/// <summary>Serves the calls of other participants.</summary>
internal sealed class RemoteCalls(Desk desk, RpcDesk answers, HeldCalls held)
{

    public void Handle(PeerProtocol.RpcCalled called)
    {
        switch (called.Method)
        {
            case AuctionMethods.Ping:
                AnswerOrRefuse(called, RpcDesk.Ping(called.Value), "ping takes {\"nonce\": number}");
                break;
            case AuctionMethods.List:
                AnswerOrRefuse(called, answers.List(desk.Identity), "");
                break;
            case AuctionMethods.Since:
                AnswerOrRefuse(called, answers.Since(called.Value), "no such auction is known here");
                break;
            case AuctionMethods.Bid:
                RuleOn(called);
                break;
            case AuctionMethods.Open or AuctionMethods.Close or AuctionMethods.Head or AuctionMethods.Event:
                Hear(called);
                break;
            default:
                AnswerOrRefuse(called, null, $"{called.Method} is not served");
                break;
        }
    }

    private void RuleOn(PeerProtocol.RpcCalled called)
    {
        if (!Envelope.TryDecode(called.Value.Span, out Envelope? bid) || bid.Message is not Message.Bid)
            AnswerOrRefuse(called, null, "a bid is a signed envelope");
        else if (desk.Directory.Find(bid.Auction) is not { IsKnown: true } || desk.Roster.Find(bid.Auction) is not { } auction)
            desk.Peer.Tell(new PeerProtocol.RefuseRpc(called.Call, AuctionMethods.TryAgain, "no such auction is known here"));
        else
            auction.Tell(new AuctionProtocol.RuleOn(desk.Askers.Add(called.Call), bid));
    }

    /// <summary>Takes an envelope in, and answers where this participant's own copy of the chain stands; of an end, once the copy has it.</summary>
    private void Hear(PeerProtocol.RpcCalled called)
    {
        if (!Envelope.TryDecode(called.Value.Span, out Envelope? heard))
        {
            AnswerOrRefuse(called, null, "an envelope is expected");
            return;
        }

        if (heard.Message is Message.Profile profile)
            desk.Directory.Name(heard.Author, profile.Name);
        else
            desk.Roster.Dispatch([heard]);
        if (called.Method == AuctionMethods.Close && called.Call.WantsAnswer && heard.Message.IsChained)
        {
            held.Add(heard.Auction, heard.Sequence, called.Call);
            return;
        }

        AnswerOrRefuse(
            called, answers.Head(heard.Auction, desk.Runtime.Clock.UnixMilliseconds), "no such auction is known here");
    }

    private void AnswerOrRefuse(PeerProtocol.RpcCalled called, byte[]? answer, string refusal)
    {
        if (!called.Call.WantsAnswer)
            return;
        desk.Peer.Tell(answer is null
            ? new PeerProtocol.RefuseRpc(called.Call, AuctionMethods.Refused, refusal)
            : new PeerProtocol.AnswerRpc(called.Call, answer));
    }
}

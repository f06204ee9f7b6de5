using Akka.Actor;
using AuctionActors.Auctions.Market.Ledgers;
using AuctionActors.Auctions.Market.Trading;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Terms;
using Hyper.Actors.Swarm.Peers;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Market.Participants;

/// <summary>Carries out what the participant's owner orders.</summary>
internal sealed class LocalCommands(Desk desk)
{
    private readonly Dictionary<PublicKey, List<LocalAsker>> _dials = [];

    public void Handle(ParticipantProtocol.ICommand command, IActorRef asker)
    {
        switch (command)
        {
            case ParticipantProtocol.OpenAuction open:
                Open(open, asker);
                break;
            case ParticipantProtocol.PlaceBid bid:
                Order(bid.Auction, command, asker, number => new AuctionProtocol.Place(number, bid.Amount, bid.Code));
                break;
            case ParticipantProtocol.CloseAuction close:
                Order(close.Auction, command, asker, number => new AuctionProtocol.Close(number));
                break;
            case ParticipantProtocol.CancelAuction cancel:
                Order(cancel.Auction, command, asker, number => new AuctionProtocol.Cancel(number, cancel.Reason));
                break;
            case ParticipantProtocol.Connect connect:
                Dial(connect, asker);
                break;
            case ParticipantProtocol.AppendBlock append:
                desk.Ledger.Tell(new LedgerProtocol.AppendBlock(desk.Askers.Add(asker, append).Number, append.Block));
                break;
            default:
                asker.Tell(new ParticipantProtocol.Refused(command.RequestId, RefusalCode.Usage, "this order is not known"));
                break;
        }
    }

    public void HandleConnected(PublicKey remote)
    {
        if (!_dials.Remove(remote, out List<LocalAsker>? askers))
            return;
        foreach (LocalAsker asker in askers)
            asker.ReplyTo.Tell(new ParticipantProtocol.Acknowledged(asker.Command.RequestId));
    }

    public void HandleConnectFailed(PeerProtocol.ConnectFailed failed)
    {
        if (!_dials.Remove(failed.Remote, out List<LocalAsker>? askers))
            return;
        foreach (LocalAsker asker in askers)
        {
            asker.ReplyTo.Tell(new ParticipantProtocol.Refused(
                asker.Command.RequestId, RefusalCode.Offline, $"{failed.Remote.ToShort()} cannot be reached: {failed.Reason}"));
        }
    }

    private void Open(ParticipantProtocol.OpenAuction open, IActorRef asker)
    {
        long now = desk.Runtime.Clock.UnixMilliseconds;
        AuctionTerms terms = Terms(open.Offer, now);
        if (TermsRule.Violation(terms) is { } violation)
        {
            asker.Tell(new ParticipantProtocol.Refused(open.RequestId, RefusalCode.Usage, violation));
            return;
        }

        Envelope opening = desk.Signer.Open(terms, now);
        if (desk.Roster.FindOrCreate(opening.Hash) is { } auction)
            auction.Tell(new AuctionProtocol.Open(desk.Askers.Add(asker, open), opening));
        else
            asker.Tell(new ParticipantProtocol.Refused(open.RequestId, RefusalCode.Failed, "no more auctions fit here"));
    }

    private AuctionTerms Terms(AuctionOffer offer, long now)
    {
        long end = offer.Duration is { } duration ? now + (long)duration.TotalMilliseconds : 0;
        long soft = end == 0 ? 0 : (long)offer.SoftClose.TotalMilliseconds;
        long hardEnd = offer.HardEnd is { } latest ? now + (long)latest.TotalMilliseconds : end + Math.Max(20 * soft, 1);
        return new AuctionTerms
        {
            Item = offer.Item,
            Title = offer.Title,
            Currency = offer.Currency,
            StartUnits = offer.StartUnits,
            ReserveUnits = offer.ReserveUnits,
            Increments = offer.IncrementUnits > 0 ? [new IncrementStep(0, offer.IncrementUnits)] : [],
            Close = end == 0 ? ClosePolicy.Manual : ClosePolicy.Timed,
            EndsAt = end,
            SoftCloseMilliseconds = soft,
            HardEndAt = end == 0 ? 0 : hardEnd,
            Core = desk.Identity.CoreKey,
            Salt = desk.Runtime.Entropy.Next32(),
        };
    }

    private void Order(
        Bytes32 auction, ParticipantProtocol.ICommand command, IActorRef asker, Func<Asker, AuctionProtocol.ICommand> order)
    {
        if (desk.Directory.Find(auction) is { IsKnown: true } && desk.Roster.Find(auction) is { } actor)
            actor.Tell(order(desk.Askers.Add(asker, command)));
        else
            asker.Tell(QueryDesk.Unknown(command.RequestId));
    }

    private void Dial(ParticipantProtocol.Connect connect, IActorRef asker)
    {
        if (!_dials.TryGetValue(connect.Peer, out List<LocalAsker>? askers))
            _dials[connect.Peer] = askers = [];
        askers.Add(new LocalAsker(asker, connect));
        desk.Peer.Tell(new PeerProtocol.Connect(connect.Peer));
    }
}

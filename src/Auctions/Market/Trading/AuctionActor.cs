using Akka.Actor;
using AuctionActors.Auctions.Market.Delivery;
using AuctionActors.Auctions.Market.Ledgers;
using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Auctions.Rules.Deciding;
using AuctionActors.Auctions.Rules.Envelopes;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Scheduling;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Auctions.Market.Trading;

/// <summary>One auction in one participant; its machine decides, the ledger writes, the outbox carries.</summary>
public sealed class AuctionActor : ReceiveActor
{
    private readonly Bytes32 _auction;
    private readonly AuctionMachine _machine;
    private readonly IActorRef _ledger;
    private readonly IActorRef _outbox;
    private readonly DeadlineTimer _timer;

    public AuctionActor(Bytes32 auction, Signer signer, IClock clock, IActorRef ledger, IActorRef outbox, TimeSpan answerWithin)
    {
        _auction = auction;
        _machine = new AuctionMachine(auction, signer, answerWithin);
        _ledger = ledger;
        _outbox = outbox;
        _timer = new DeadlineTimer(Context, clock);

        Receive<AuctionProtocol.Take>(take =>
        {
            foreach (Envelope envelope in take.Envelopes)
                _machine.HandleEnvelope(envelope, clock.Now);
            Drain();
        });
        Receive<LedgerProtocol.Appended>(appended => Drive(() => _machine.HandleAppended(appended.Envelope, clock.Now)));
        Receive<AuctionProtocol.Open>(open => Drive(() => _machine.HandleOpen(open.Asker, open.Opening)));
        Receive<AuctionProtocol.RuleOn>(rule => Drive(() => _machine.HandleBid(rule.Asker, rule.Bid, clock.UnixMilliseconds)));
        Receive<AuctionProtocol.Place>(place => Drive(
            () => _machine.HandlePlace(place.Asker, place.Amount, place.Code, clock.UnixMilliseconds, clock.Now)));
        Receive<AuctionProtocol.Close>(close => Drive(() => _machine.HandleClose(close.Asker, clock.UnixMilliseconds)));
        Receive<AuctionProtocol.Cancel>(cancel => Drive(
            () => _machine.HandleCancel(cancel.Asker, cancel.Reason, clock.UnixMilliseconds)));
        Receive<AuctionProtocol.GiveUpBid>(refused => Drive(() => _machine.HandleRefused(refused.Bid, refused.Reason)));
        Receive<DeadlineTimer.Due>(_ =>
        {
            _timer.Arrived();
            Drive(() => _machine.HandleTimeout(clock.Now));
        });
    }

    public static Props Props(Bytes32 auction, Signer signer, IClock clock, IActorRef ledger, IActorRef outbox, TimeSpan answerWithin)
        => ActorProps.Of(() => new AuctionActor(auction, signer, clock, ledger, outbox, answerWithin));

    protected override void PostStop() => _timer.Cancel();

    private void Drive(Action step)
    {
        step();
        Drain();
    }

    private void Drain()
    {
        while (_machine.TryTake(out AuctionEffect effect))
            Perform(effect);
        _timer.Follow(_machine.NextDeadline);
    }

    private void Perform(AuctionEffect effect)
    {
        switch (effect)
        {
            case AuctionEffect.Append append:
                _ledger.Tell(new LedgerProtocol.Append(append.Envelope));
                break;
            case AuctionEffect.Submit submit:
                _outbox.Tell(new OutboxProtocol.Send(
                    new OutgoingEnvelope(submit.Bid.Hash, _machine.State.Seller, AuctionMethods.Bid, submit.Bid.Encode()), _auction));
                break;
            case AuctionEffect.Settle settle:
                _outbox.Tell(new OutboxProtocol.Settle(settle.Bid));
                break;
            default:
                Context.Parent.Tell(new AuctionProtocol.Wants(_auction, effect));
                break;
        }
    }
}

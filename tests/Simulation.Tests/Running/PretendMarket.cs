using Akka.Actor;
using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Auctions.Rules.Folding;
using AuctionActors.Simulation.Running;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Actors.Swarm.Peers;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Simulation.Tests.Running;

/// <summary>Participants that speak the participant's protocol but keep one book between them: the harness is under test.</summary>
internal sealed class PretendMarket
{
    private readonly Lock _gate = new();
    private readonly List<(PeerRuntime Runtime, IActorRef Harness, IActorRef Self)> _peers = [];
    private readonly Dictionary<Bytes32, AuctionSummary> _auctions = [];

    /// <summary>A peer that never hears of bids.</summary>
    public string? Deaf { get; init; }

    /// <summary>A peer with an actor that throws.</summary>
    public string? Faulty { get; init; }

    public PeerBlueprint Blueprint => new(
        start => Props.Create(() => new Participant(this, start.Runtime)), start => Props.Create(() => new Bootstrap(start.Bind)));

    private void Publish(AuctionSummary auction, Func<AuctionSummary, ParticipantProtocol.IEvent> describe)
    {
        AuctionSummary next = auction with
        {
            Sequence = _auctions.ContainsKey(auction.Id) ? auction.Sequence + 1 : 0,
            Digest = Blake2b.Hash256(auction.Digest.Span, [1]),
        };
        _auctions[next.Id] = next;
        foreach ((PeerRuntime runtime, IActorRef harness, IActorRef self) in _peers)
        {
            if (runtime.Name == Deaf && next.Sequence > 0)
                continue;
            harness.Tell(describe(next), self);
            harness.Tell(new ParticipantProtocol.DigestChanged(next.Id, next.Sequence, next.Digest), self);
        }
    }

    private ParticipantProtocol.Opened Open(long request, AuctionOffer offer, ParticipantIdentity seller)
    {
        var id = Blake2b.Hash256(System.Text.Encoding.UTF8.GetBytes(offer.Title));
        Publish(
            new AuctionSummary(id, seller.PublicKey, seller.Name, offer.Item, offer.Title, offer.Currency, AuctionStatus.Open,
                offer.StartUnits, null, null, "", offer.StartUnits, 0, null, "", 0, 0, 0, [], default, default, false),
            auction => new ParticipantProtocol.AuctionOpened(auction));
        return new ParticipantProtocol.Opened(request, _auctions[id], _peers.Count);
    }

    private ParticipantProtocol.BidAnswered Bid(ParticipantProtocol.PlaceBid bid, ParticipantIdentity bidder)
    {
        AuctionSummary auction = _auctions[bid.Auction];
        _ = auction.Currency.ParseAmount(bid.Amount, out long units);
        Verdict verdict = units >= auction.NeedUnits ? Verdict.Accept : Verdict.Low;
        if (verdict == Verdict.Accept)
            auction = auction with { HighUnits = units, NeedUnits = units + 1, Leader = bidder.PublicKey };
        Publish(auction, next => new ParticipantProtocol.BidDecided(next, bidder.PublicKey, verdict, units, next.NeedUnits, next.Sequence));
        AuctionSummary now = _auctions[bid.Auction];
        return new ParticipantProtocol.BidAnswered(bid.RequestId, verdict, units, now.NeedUnits, now.Sequence, now);
    }

    private ParticipantProtocol.Closed Close(ParticipantProtocol.CloseAuction close)
    {
        AuctionSummary auction = _auctions[close.Auction];
        var result = new AuctionResult(Outcome.Sold, auction.Leader!.Value, default, auction.HighUnits!.Value);
        Publish(auction with { Status = AuctionStatus.Closed, Result = result }, next => new ParticipantProtocol.AuctionClosed(next));
        return new ParticipantProtocol.Closed(close.RequestId, _auctions[close.Auction], _peers.Count, _peers.Count);
    }

    private sealed class Bootstrap(PeerAddress address) : UntypedActor
    {
        protected override void PreStart() => Context.Parent.Tell(new PeerProtocol.PeerReady(address, default));

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Participant : UntypedActor
    {
        private readonly PretendMarket _market;
        private readonly PeerRuntime _runtime;
        private readonly ParticipantIdentity _identity;

        public Participant(PretendMarket market, PeerRuntime runtime)
        {
            PublicKey key = KeyPair.Generate(runtime.Entropy).PublicKey;
            (_market, _runtime, _identity) = (market, runtime, new ParticipantIdentity(key, runtime.Name, key, key, 0));
        }

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case ParticipantProtocol.Subscribe when _runtime.Name == _market.Faulty:
                    IActorRef part = Context.WatchWith(Context.ActorOf(Props.Create(() => new Throwing()), "part"), new Thrown(Sender));
                    part.Tell("go");
                    break;
                case ParticipantProtocol.Subscribe:
                    Join(Sender);
                    break;
                case Thrown thrown:
                    Join(thrown.Harness);
                    break;
                default:
                    lock (_market._gate)
                        Sender.Tell(Answer(message));
                    break;
            }
        }

        private void Join(IActorRef harness)
        {
            lock (_market._gate)
            {
                _market._peers.Add((_runtime, harness, Self));
                _runtime.Events.Record(new EventEntry(EventKind.DhtAnnounce));
                harness.Tell(new ParticipantProtocol.Ready(_identity));
            }
        }

        private ParticipantProtocol.IReply Answer(object message) => message switch
        {
            ParticipantProtocol.OpenAuction open => _market.Open(open.RequestId, open.Offer, _identity),
            ParticipantProtocol.PlaceBid bid => _market.Bid(bid, _identity),
            ParticipantProtocol.CloseAuction close => _market.Close(close),
            ParticipantProtocol.AppendBlock append => new ParticipantProtocol.Acknowledged(append.RequestId),
            ParticipantProtocol.ListAuctions list => new ParticipantProtocol.AuctionsListed(list.RequestId, [.. _market._auctions.Values]),
            ParticipantProtocol.GetCores cores => new ParticipantProtocol.CoresListed(cores.RequestId, []),
            _ => throw new InvalidOperationException($"unexpected {message}"),
        };
    }

    // The part has thrown and stopped: a run cannot end before the failure is known.
    private sealed record Thrown(IActorRef Harness);

    private sealed class Throwing : UntypedActor
    {
        protected override void OnReceive(object message) => throw new InvalidOperationException("out of order");
    }
}

using Akka.Actor;
using AuctionActors.Auctions.Market.Delivery;
using AuctionActors.Auctions.Market.Discovery;
using AuctionActors.Auctions.Market.Identities;
using AuctionActors.Auctions.Market.Ledgers;
using AuctionActors.Auctions.Market.Publishing;
using AuctionActors.Auctions.Market.Trading;
using AuctionActors.Auctions.Rules;
using AuctionActors.Auctions.Rules.Deciding;
using AuctionActors.Auctions.Rules.Envelopes;
using Hyper.Actors.Runtime;
using Hyper.Actors.Swarm.Peers;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Market.Participants;

/// <summary>The way from a folder to a trading participant: identity, peer, own cores, ledger.</summary>
internal sealed class Startup(IActorContext context, PeerRuntime runtime, ParticipantOptions options, PeerProps peerProps)
{
    private readonly RequestNumbers _numbers = new(RequestLane.Participant);
    private Signer? _signer;
    private IActorRef _peer = ActorRefs.Nobody;
    private IActorRef _ledger = ActorRefs.Nobody;
    private IActorRef _beeWriter = ActorRefs.Nobody;
    private PeerRequestId _publicCore;
    private PeerProtocol.PeerReady? _ready;
    private PeerProtocol.CoreOpened? _core;
    private PeerProtocol.CoreOpened? _bee;

    public void Begin() => context.ActorOf(IdentityActor.Props(runtime.For("identity"), options.Storage), "identity");

    public void HandleIdentified(IdentityProtocol.Identified identified)
    {
        KeyPair keyPair = KeyPair.FromSeed(identified.RpcSeed);
        _signer = new Signer(keyPair, HyperAuction.Network(options.Network));
        _peer = context.ActorOf(
            peerProps(runtime.For("peer"), new PeerOptions
            {
                KeyPair = keyPair,
                Bind = options.Bind,
                Bootstrap = options.Bootstrap,
                IsEphemeral = options.IsEphemeral,
                IsFirewalled = options.IsFirewalled,
                RelayThrough = options.RelayThrough,
                Methods = AuctionMethods.All,
                Storage = options.Storage,
            }),
            "peer");
    }

    /// <summary>The peer can be reached: open what it serves.</summary>
    public void HandleReady(PeerProtocol.PeerReady ready)
    {
        _ready = ready;
        Bytes32 seed = _signer!.KeyPair.ExportSeed();
        _publicCore = _numbers.Next();
        _peer.Tell(new PeerProtocol.OpenOwnCore(
            _publicCore, KeyPair.FromSeed(HyperAuction.CoreSeed(seed)), $"{options.Storage}/public", IsShared: true));
        _peer.Tell(new PeerProtocol.OpenOwnCore(
            _numbers.Next(), KeyPair.FromSeed(HyperAuction.BeeSeed(seed)), $"{options.Storage}/bee", IsShared: true));
    }

    public void HandleOpened(PeerProtocol.CoreOpened opened)
    {
        if (opened.Request == _publicCore)
            _core = opened;
        else
            _bee = opened;
        if (_core is null || _bee is null)
            return;
        _ledger = context.ActorOf(LedgerActor.Props(_core.Core), "ledger");
        _beeWriter = context.ActorOf(BeeWriterActor.Props(_bee.Core), "bee");
    }

    /// <summary>Everything stands: make the parts that trade.</summary>
    public Desk Finish(Subscribers subscribers)
    {
        Signer signer = _signer!;
        var directory = new AuctionDirectory(signer.Author);
        directory.Name(signer.Author, options.Name);
        var identity = new ParticipantIdentity(signer.Author, options.Name, _core!.Key, _bee!.Key, _ready!.Address.Port);
        var queries = new QueryDesk(directory) { Self = identity };
        IActorRef outbox = context.ActorOf(OutboxActor.Props(runtime.For("outbox"), options.Outbox, _peer), "outbox");
        IActorRef ledger = _ledger;
        return new Desk
        {
            Runtime = runtime.For("desk"),
            Options = options,
            Signer = signer,
            Identity = identity,
            Peer = _peer,
            Ledger = ledger,
            Outbox = outbox,
            BeeWriter = _beeWriter,
            Catalogue = context.ActorOf(CatalogueActor.Props(options, signer, _core.Key, runtime.Clock, _peer), "catalogue"),
            Directory = directory,
            Queries = queries,
            Subscribers = subscribers,
            Roster = new AuctionRoster(
                signer.Author, new EnvelopeStash(options.Stash), options.AuctionLimit, auction => context.ActorOf(
                    AuctionActor.Props(auction, signer, runtime.Clock, ledger, outbox, options.AnswerWithin), $"auction-{auction.ToHex()[..16]}")),
        };
    }
}

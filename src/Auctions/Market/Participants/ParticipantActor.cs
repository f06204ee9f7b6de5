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

/// <summary>Makes the actor of a peer on the network.</summary>
public delegate Props PeerProps(PeerRuntime runtime, PeerOptions options);

/// <summary>One peer that trades: opens its identity and cores, joins the network, then passes orders, calls and news between its parts.</summary>
public sealed class ParticipantActor : ReceiveActor
{
    private readonly PeerRuntime _runtime;
    private readonly ParticipantOptions _options;
    private readonly PeerProps _peerProps;
    private readonly Subscribers _subscribers = new();
    private readonly Queue<(object Message, IActorRef Sender)> _waiting = [];
    private Startup _startup = null!;
    private Desk _desk = null!;
    private LocalCommands _commands = null!;
    private RemoteCalls _calls = null!;
    private RemotePeers _remotes = null!;
    private AuctionWishes _wishes = null!;
    private PeerAnswers _answers = null!;
    private int _folding;

    public ParticipantActor(PeerRuntime runtime, ParticipantOptions options, PeerProps peerProps)
    {
        _runtime = runtime;
        _options = options;
        _peerProps = peerProps;
        Starting();
    }

    public static Props Props(PeerRuntime runtime, ParticipantOptions options, PeerProps peerProps)
        => ActorProps.Of(() => new ParticipantActor(runtime, options, peerProps));

    // A part that throws has lost what it knew: the participant starts again from its folder, or its owner gives it up.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Escalate);

    protected override void PreStart()
    {
        _startup = new Startup(Context, _runtime, _options, _peerProps);
        _startup.Begin();
    }

    private void Starting()
    {
        ReceiveSubscriptions();
        Receive<ParticipantProtocol.Leave>(_ => Context.Stop(Self));
        Receive<IdentityProtocol.Identified>(identified => _startup.HandleIdentified(identified));
        Receive<IdentityProtocol.Failed>(failed => Fail(failed.Reason, failed.Code));
        Receive<PeerProtocol.PeerReady>(ready => _startup.HandleReady(ready));
        Receive<PeerProtocol.PeerFailed>(failed => Fail(failed.Reason, failed.Code));
        Receive<PeerProtocol.CoreOpened>(opened => _startup.HandleOpened(opened));
        Receive<PeerProtocol.CoreOpenFailed>(failed => Fail(failed.Reason, "STORAGE_UNUSABLE"));
        Receive<LedgerProtocol.Failed>(failed => Fail(failed.Reason, "STORAGE_UNUSABLE"));
        Receive<BeeWriterProtocol.Failed>(failed => Fail(failed.Reason, "STORAGE_UNUSABLE"));
        Receive<LedgerProtocol.Replayed>(HandleReplayed);
        Receive<AuctionProtocol.Wants>(wants => _wishes.Handle(wants));
        Receive<ActorIdentity>(_ => HandleFolded());
        Receive<object>(message => _waiting.Enqueue((message, Sender)), _ => _waiting.Count < _options.WaitingCommandLimit);
    }

    private void HandleReplayed(LedgerProtocol.Replayed replayed)
    {
        _desk = _startup.Finish(_subscribers);
        _commands = new LocalCommands(_desk);
        var answers = new RpcDesk(_desk.Signer, _desk.Directory, _options.CatchUpLimit);
        var held = new HeldCalls(_desk, answers);
        var notices = new EndNotices(_desk);
        _calls = new RemoteCalls(_desk, answers, held);
        _remotes = new RemotePeers(_desk, _commands);
        _wishes = new AuctionWishes(_desk, notices, held);
        _answers = new PeerAnswers(_desk, notices);
        _desk.Roster.Dispatch(replayed.Envelopes);
        _folding = _desk.Roster.Identify(Self);
    }

    // Auctions answer in the order of their mailboxes: by the last answer all that was replayed can be listed.
    private void HandleFolded()
    {
        if (--_folding > 0)
            return;
        _wishes.IsReplaying = false;
        Become(Trading);
        _subscribers.Tell(new ParticipantProtocol.Ready(_desk.Identity));
        while (_waiting.TryDequeue(out (object Message, IActorRef Sender) early))
            Self.Tell(early.Message, early.Sender);
    }

    private void Trading()
    {
        ReceiveSubscriptions();
        Receive<ParticipantProtocol.ICommand>(command => _commands.Handle(command, Sender));
        Receive<ParticipantProtocol.Leave>(_ => Context.Watch(_desk.Peer).Tell(new PeerProtocol.Leave()));
        Receive<PeerProtocol.INodeQuery>(question => _desk.Peer.Forward(question));
        Receive<ParticipantProtocol.IQuery>(query => Sender.Tell(_desk.Queries.Answer(query)));
        Receive<AuctionProtocol.Wants>(wants => _wishes.Handle(wants));
        Receive<CatalogueProtocol.Read>(read =>
        {
            _desk.Queries.HandleCore(read.Core, read.Length, read.TreeHash);
            _desk.Roster.Dispatch(read.Envelopes);
        });
        Receive<CatalogueProtocol.FollowCore>(follow => _desk.Catalogue.Forward(follow));
        Receive<OutboxProtocol.Answered>(answered => _desk.Roster.Dispatch([answered.Answer]));
        Receive<OutboxProtocol.Refused>(refused =>
            _desk.Roster.Find(refused.Auction)?.Tell(new AuctionProtocol.GiveUpBid(refused.Envelope, refused.Reason)));
        Receive<LedgerProtocol.Grown>(grown => _desk.Queries.HandleCore(_desk.Identity.CoreKey, grown.Length, grown.TreeHash));
        Receive<LedgerProtocol.BlockAppended>(appended =>
        {
            if (_desk.Askers.TakeLocal(new Asker(appended.Number, IsRemote: false)) is { } asker)
                asker.ReplyTo.Tell(new ParticipantProtocol.Acknowledged(asker.Command.RequestId));
        });
        Receive<LedgerProtocol.Failed>(failed => Fail(failed.Reason, "STORAGE_UNUSABLE"));
        Receive<BeeWriterProtocol.Failed>(failed => Fail(failed.Reason, "STORAGE_UNUSABLE"));
        ReceivePeerEvents();
    }

    private void ReceivePeerEvents()
    {
        Receive<PeerProtocol.RpcCalled>(called => _calls.Handle(called));
        Receive<PeerProtocol.RpcReplied>(replied => _answers.Handle(replied.Request, replied));
        Receive<PeerProtocol.RpcFailed>(failed => _answers.Handle(failed.Request, failed));
        Receive<PeerProtocol.TopicPeersFound>(found => _answers.Handle(found.Request, found));
        Receive<PeerProtocol.TopicAnnounced>(announced => _desk.Catalogue.Tell(announced));
        Receive<PeerProtocol.CoreOpened>(opened => _answers.Handle(opened.Request, opened));
        Receive<PeerProtocol.CoreOpenFailed>(failed => _answers.Handle(failed.Request, failed));
        Receive<PeerProtocol.PeerConnected>(connected => _remotes.Handle(connected));
        Receive<PeerProtocol.PeerDisconnected>(lost => _remotes.Handle(lost));
        Receive<PeerProtocol.ConnectFailed>(failed => _remotes.Handle(failed));
        Receive<PeerProtocol.PeerFailed>(failed => Fail(failed.Reason, failed.Code));
        Receive<PeerProtocol.IEvent>(_ => { });
    }

    private void ReceiveSubscriptions()
    {
        Receive<ParticipantProtocol.Subscribe>(subscribe =>
        {
            _subscribers.Add(Context.Watch(Sender));
            Sender.Tell(new ParticipantProtocol.Acknowledged(subscribe.RequestId));
            if (_desk is not null && _folding == 0)
                Sender.Tell(new ParticipantProtocol.Ready(_desk.Identity));
        });
        Receive<Terminated>(terminated => terminated.ActorRef.Equals(_desk?.Peer), _ => Context.Stop(Self));
        Receive<Terminated>(terminated => _subscribers.Remove(terminated.ActorRef));
    }

    /// <summary>Closes everything; whoever asks from now on hears why.</summary>
    private void Fail(string reason, string code)
    {
        foreach (IActorRef child in Context.GetChildren())
            Context.Stop(child);
        _subscribers.Tell(new ParticipantProtocol.Failed(reason, code));
        Become(() => Failed(reason, code));
        while (_waiting.TryDequeue(out (object Message, IActorRef Sender) early))
            Self.Tell(early.Message, early.Sender);
    }

    private void Failed(string reason, string code)
    {
        Receive<ParticipantProtocol.Subscribe>(_ => Sender.Tell(new ParticipantProtocol.Failed(reason, code)));
        Receive<ParticipantProtocol.ICommand>(command => Refuse(command.RequestId));
        Receive<ParticipantProtocol.IQuery>(query => Refuse(query.RequestId));
        Receive<ParticipantProtocol.Leave>(_ => Context.Stop(Self));
        ReceiveAny(_ => { });

        void Refuse(long request) => Sender.Tell(new ParticipantProtocol.Refused(request, RefusalCode.Failed, reason));
    }
}

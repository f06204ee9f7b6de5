using Akka.Actor;
using AuctionActors.Auctions.Market.Ledgers;
using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Auctions.Market.Publishing;
using AuctionActors.Auctions.Rules;
using AuctionActors.Auctions.Rules.Deciding;
using AuctionActors.Auctions.Rules.Envelopes;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Scheduling;
using Hyper.Actors.Swarm.Peers;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.HyperDht;

namespace AuctionActors.Auctions.Market.Discovery;

/// <summary>Finds the other participants and their auctions: announces, looks up, dials, asks for lists, and replicates sellers' cores.</summary>
public sealed class CatalogueActor : ReceiveActor
{
    private readonly ParticipantOptions _options;
    private readonly Signer _signer;
    private readonly IClock _clock;
    private readonly IActorRef _peer;
    private readonly TopicKey _topic;
    private readonly DialPlanner _planner;
    private readonly DeadlineTimer _timer;
    private readonly RequestNumbers _numbers = new(RequestLane.Catalogue);
    private readonly HashSet<PublicKey> _followed = [];
    private readonly Dictionary<PeerRequestId, PublicKey> _lists = [];
    private readonly List<PublicKey> _connected = [];
    private readonly ICancelable _lookups;

    public CatalogueActor(ParticipantOptions options, Signer signer, PublicKey ownCore, IClock clock, IActorRef peer)
    {
        _options = options;
        _signer = signer;
        _clock = clock;
        _peer = peer;
        _topic = new TopicKey(HyperAuction.CatalogueTopic(signer.Network));
        _planner = new DialPlanner(signer.Author, options.Dialling);
        _timer = new DeadlineTimer(Context, clock);
        _followed.Add(ownCore);
        _lookups = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(
            TimeSpan.Zero, options.LookupEvery, Self, LookUp.Instance, Self);

        Receive<LookUp>(_ => _peer.Tell(new PeerProtocol.LookupTopic(_numbers.Next(), _topic)));
        Receive<PeerProtocol.TopicAnnounced>(_ => Self.Tell(LookUp.Instance));
        Receive<DeadlineTimer.Due>(_ =>
        {
            _timer.Arrived();
            Plan(() => _planner.HandleTimeout(_clock.Now));
        });
        Receive<PeerProtocol.TopicPeersFound>(found => Plan(() => _planner.HandleFound(found.Peers, _clock.Now)));
        Receive<PeerProtocol.PeerConnected>(HandleConnected);
        Receive<PeerProtocol.PeerDisconnected>(lost => Plan(() =>
        {
            _connected.Remove(lost.Remote);
            _planner.HandleDisconnected(lost.Remote, _clock.Now);
        }));
        Receive<PeerProtocol.ConnectFailed>(failed => Plan(() => _planner.HandleFailed(failed.Remote, _clock.Now)));
        Receive<PeerProtocol.RpcReplied>(HandleList);
        Receive<PeerProtocol.RpcFailed>(failed => _lists.Remove(failed.Request));
        Receive<CatalogueProtocol.Follow>(HandleFollow);
        Receive<CatalogueProtocol.FollowCore>(follow => FollowCore(follow.Core));
        Receive<PeerProtocol.CoreOpened>(opened => Context.ActorOf(
            CoreFeedActor.Props(opened.Key, opened.Core), $"core-{opened.Key.ToShort()}-{_followed.Count}"));
        Receive<PeerProtocol.CoreOpenFailed>(_ => { });
        Receive<CoreFeedProtocol.Read>(read => Context.Parent.Tell(
            new CatalogueProtocol.Read(read.Core, read.Length, read.TreeHash, CoreBlocks.Envelopes(read.Blocks))));
    }

    public static Props Props(ParticipantOptions options, Signer signer, PublicKey ownCore, IClock clock, IActorRef peer)
        => ActorProps.Of(() => new CatalogueActor(options, signer, ownCore, clock, peer));

    protected override void PreStart() => _peer.Tell(new PeerProtocol.AnnounceTopic(_topic));

    protected override void PostStop()
    {
        _lookups.Cancel();
        _timer.Cancel();
    }

    private void HandleConnected(PeerProtocol.PeerConnected connected)
    {
        _planner.HandleConnected(connected.Remote, connected.IsInitiator);
        if (!_connected.Contains(connected.Remote))
            _connected.Add(connected.Remote);
        Envelope profile = _signer.Profile(_options.Name, _clock.UnixMilliseconds);
        _peer.Tell(new PeerProtocol.SendRpcEvent(connected.Remote, AuctionMethods.Event, profile.Encode()));
        PeerRequestId request = _numbers.Next();
        _lists.Add(request, connected.Remote);
        _peer.Tell(new PeerProtocol.CallRpc(request, connected.Remote, AuctionMethods.List, "{}"u8.ToArray(), _options.CallWithin));
    }

    private void HandleList(PeerProtocol.RpcReplied replied)
    {
        if (!_lists.Remove(replied.Request))
            return;
        foreach (PublicKey core in AuctionListing.ReadCores(replied.Value, _options.CoreLimit))
            FollowCore(core);
    }

    private void HandleFollow(CatalogueProtocol.Follow follow)
    {
        FollowCore(follow.Core);
        byte[] opening = follow.Opening.Encode();
        foreach (PublicKey remote in _connected)
            _peer.Tell(new PeerProtocol.SendRpcEvent(remote, AuctionMethods.Event, opening));
        Plan(() => _planner.HandleSeller(follow.Seller, _clock.Now));
    }

    private void FollowCore(PublicKey core)
    {
        if (_followed.Count > _options.CoreLimit || !_followed.Add(core))
            return;
        _peer.Tell(new PeerProtocol.FollowCore(_numbers.Next(), core));
    }

    private void Plan(Action step)
    {
        step();
        while (_planner.TryTake(out PublicKey remote))
            _peer.Tell(new PeerProtocol.Connect(remote));
        _timer.Follow(_planner.NextDeadline);
    }

    private sealed record LookUp
    {
        public static LookUp Instance { get; } = new();
    }
}

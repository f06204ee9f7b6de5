using Akka.Actor;
using AuctionActors.Auctions.Market.Participants;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Cli.Node;

/// <summary>Hears everything a participant says, and passes on what its user wants to know.</summary>
internal sealed class NodeNewsActor : ReceiveActor
{
    private readonly HashSet<Bytes32> _watched = [];

    public NodeNewsActor(IActorRef participant, INodeVoice voice, TaskCompletionSource<ParticipantProtocol.IEvent> started)
    {
        participant.Tell(new ParticipantProtocol.Subscribe(0));
        Receive<ParticipantProtocol.Ready>(ready =>
        {
            if (started.TrySetResult(ready))
                voice.Ready(ready.Self);
        });
        Receive<ParticipantProtocol.Failed>(failed =>
        {
            if (!started.TrySetResult(failed))
                voice.Fail(NodeFailure.Of(failed));
        });
        Receive<ParticipantProtocol.BidDecided>(bid =>
        {
            if (_watched.Contains(bid.Auction.Id))
                voice.TellBid(bid);
        });
        Receive<ParticipantProtocol.IEvent>(_ => started.Task.IsCompleted, voice.Tell);
        Receive<ParticipantProtocol.IEvent>(_ => { });
        Receive<ParticipantProtocol.IReply>(_ => { });
        Receive<Watch>(watch => _watched.Add(watch.Auction));
    }

    public static Props Props(IActorRef participant, INodeVoice voice, TaskCompletionSource<ParticipantProtocol.IEvent> started)
        => ActorProps.Of(() => new NodeNewsActor(participant, voice, started));

    /// <summary>Tell every ruling in this auction from now on.</summary>
    internal sealed record Watch(Bytes32 Auction);
}

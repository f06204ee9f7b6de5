using System.Collections.Immutable;
using Akka.Actor;

namespace AuctionActors.Auctions.Market.Participants;

/// <summary>Those who hear every event.</summary>
internal sealed class Subscribers
{
    private readonly List<IActorRef> _all = [];

    public void Add(IActorRef subscriber)
    {
        if (!_all.Contains(subscriber))
            _all.Add(subscriber);
    }

    public void Remove(IActorRef subscriber) => _all.Remove(subscriber);

    public void Tell(ParticipantProtocol.IEvent news)
    {
        foreach (IActorRef subscriber in _all)
            subscriber.Tell(news);
    }

    public void Tell(ImmutableArray<ParticipantProtocol.IEvent> news)
    {
        foreach (ParticipantProtocol.IEvent one in news)
            Tell(one);
    }
}

using Akka.Actor;
using AuctionActors.Auctions.Market.Trading;
using AuctionActors.Auctions.Rules.Envelopes;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Market.Participants;

/// <summary>The actors of all auctions known here; envelopes go to theirs, and wait in the stash while there is none.</summary>
internal sealed class AuctionRoster(PublicKey self, EnvelopeStash stash, int limit, Func<Bytes32, IActorRef> create)
{
    private readonly Dictionary<Bytes32, IActorRef> _actors = [];

    public IActorRef? Find(Bytes32 auction) => _actors.GetValueOrDefault(auction);

    /// <summary>Has every auction and the asker itself answer when they have taken what they were handed; says how many answers there will be.</summary>
    public int Identify(IActorRef asker)
    {
        foreach (IActorRef actor in _actors.Values)
            actor.Tell(new Identify(null), asker);
        asker.Tell(new Identify(null), asker);
        return _actors.Count + 1;
    }

    /// <summary>The auction's actor, made when there is room; null when there is none.</summary>
    public IActorRef? FindOrCreate(Bytes32 auction)
    {
        if (_actors.TryGetValue(auction, out IActorRef? actor))
            return actor;
        if (_actors.Count >= limit)
            return null;
        actor = create(auction);
        _actors.Add(auction, actor);
        return actor;
    }

    /// <summary>Hands envelopes on, in their order, in one message for each run of the same auction.</summary>
    public void Dispatch(IReadOnlyList<Envelope> envelopes)
    {
        for (int i = 0; i < envelopes.Count;)
        {
            int start = i;
            while (i < envelopes.Count && envelopes[i].Auction == envelopes[start].Auction)
                i++;
            Dispatch(envelopes[start].Auction, [.. envelopes.Skip(start).Take(i - start)]);
        }
    }

    private void Dispatch(Bytes32 auction, Envelope[] envelopes)
    {
        if (auction.IsZero)
            return;
        if (Find(auction) is { } known)
            known.Tell(new AuctionProtocol.Take(envelopes));
        else if (envelopes.Any(envelope => Founds(envelope)) && FindOrCreate(auction) is { } made)
            made.Tell(new AuctionProtocol.Take([.. stash.Take(auction), .. envelopes]));
        else
            _ = envelopes.Count(stash.TryAdd);
    }

    /// <summary>An opening makes an auction known; so does an own bid, whose chain must not be forgotten.</summary>
    private bool Founds(Envelope envelope)
        => envelope.Message is Message.Open or Message.UnsupportedOpen || (envelope.Author == self && envelope.Message is Message.Bid);
}

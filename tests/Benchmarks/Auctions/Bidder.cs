using Akka.Actor;
using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Auctions.Rules;
using AuctionActors.Auctions.Rules.Deciding;
using AuctionActors.Auctions.Rules.Envelopes;
using AuctionActors.Benchmarks.Measuring;
using AuctionActors.Benchmarks.Rpc;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Networking.Rpc;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Protomux.Rpc;
using Envelope = AuctionActors.Auctions.Rules.Envelopes.Envelope;

namespace AuctionActors.Benchmarks.Auctions;

/// <summary>A client with a DHT node of its own that signs bids and sends them to one seller.</summary>
internal sealed class Bidder(IActorRef session, Signer signer)
{
    private static readonly RpcMethod Method = new(AuctionMethods.Bid);
    private Envelope? _last;

    public static async Task<Bidder> DialAsync(RealRuntime runtime, ServingProcess seller, int number)
    {
        PeerRuntime peer = runtime.Peer($"bidder-{number}", new MemoryFileStore());
        HyperDhtOptions options = Testnet.OrdinaryNode(seller.Bootstrap);
        (HyperDhtClient dht, _) = await HyperDhtClient.StartAsync(runtime.System, peer, options, Testnet.Patience);
        IActorRef session = await CallerActor.DialAsync(runtime.System, peer, dht.Dht, seller.KeyOf("key"), Testnet.Patience);
        return new Bidder(session, new Signer(KeyPair.Generate(peer.Entropy), HyperAuction.Network(HyperAuction.DefaultNetwork)));
    }

    /// <summary>Whether the seller has accepted the bid; it says so only after its ruling is on disk.</summary>
    public async Task<bool> BidAsync(Bytes32 auction, long units)
    {
        BidPlace place = _last?.Auction == auction ? BidPlace.After(_last) : default;
        _last = signer.Bid(auction, place, new Message.Bid(units, 0, new ChainHead(0, auction), ""), SystemClock.Instance.UnixMilliseconds);
        object outcome = await session.Ask<object>(new RpcSessionProtocol.Call(units, Method, _last.Encode(), null), Testnet.Patience);
        if (outcome is RpcSessionProtocol.Replied replied && Envelope.TryDecode(replied.Value.Span, out Envelope? ruling))
            return ruling.Message is Message.Decision { Verdict: Verdict.Accept } decision && _last.Equals(decision.Subject);
        throw new InvalidOperationException($"the seller did not rule: {outcome}");
    }
}

using AuctionActors.Simulation.Properties;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Simulation.Running;

/// <summary>Measures how long the last event of an auction takes from the seller's append to each subscriber's agreement.</summary>
internal sealed class ConvergenceMeter
{
    private readonly Dictionary<(string Peer, Bytes32 Auction), (Bytes32 Digest, TimeSpan At)> _latest = [];

    public void Saw(string peer, Bytes32 auction, Bytes32 digest, TimeSpan now) => _latest[(peer, auction)] = (digest, now);

    /// <summary>One delay for each auction and subscriber that agrees with the seller, shortest first.</summary>
    public TimeSpan[] Delays(IEnumerable<AuctionName> auctions, IReadOnlyCollection<string> peers)
        => [.. auctions.SelectMany(auction => DelaysOf(auction, peers)).Order()];

    private IEnumerable<TimeSpan> DelaysOf(AuctionName auction, IReadOnlyCollection<string> peers)
    {
        if (!_latest.TryGetValue((auction.Seller, auction.Id), out (Bytes32 Digest, TimeSpan At) own))
            yield break;
        foreach (string peer in peers)
        {
            if (peer != auction.Seller && _latest.TryGetValue((peer, auction.Id), out (Bytes32 Digest, TimeSpan At) seen)
                && seen.Digest == own.Digest)
                yield return seen.At > own.At ? seen.At - own.At : TimeSpan.Zero;
        }
    }
}

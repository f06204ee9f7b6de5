using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Auctions.Rules.Amounts;
using AuctionActors.Simulation.Scenarios;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Simulation.Running;

/// <summary>The auctions of a run: their names in the scenario, and how far each peer's view of them has come.</summary>
internal sealed class AuctionBook
{
    private readonly Dictionary<string, NamedAuction> _byName = [];
    private readonly Dictionary<(string Peer, Bytes32 Auction), ulong> _seen = [];
    private readonly Dictionary<(string Peer, Bytes32 Auction), AuctionSummary> _views = [];

    public IEnumerable<NamedAuction> All => _byName.Values;

    public void Add(NamedAuction auction) => _byName.Add(auction.Name, auction);

    public NamedAuction? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>A peer's fold has come to a place of the auction's chain.</summary>
    public void Saw(string peer, Bytes32 auction, ulong sequence)
        => _seen[(peer, auction)] = Math.Max(sequence, _seen.GetValueOrDefault((peer, auction)));

    public void Saw(string peer, AuctionSummary view)
    {
        _views[(peer, view.Id)] = view;
        Saw(peer, view.Id, view.Sequence);
    }

    public bool HasSeen(string peer, Bytes32 auction, ulong sequence)
        => _seen.TryGetValue((peer, auction), out ulong seen) && seen >= sequence;

    /// <summary>The amount a peer bids, given what it knows about the auction.</summary>
    public string AmountOf(BidAmount amount, string peer, NamedAuction auction, IEntropy entropy)
    {
        if (amount is not RaisedAmount raised)
            return ((FixedAmount)amount).Text;
        Currency currency = auction.Currency;
        AuctionSummary? view = _views.GetValueOrDefault((peer, auction.Id));
        long steps = raised.By.Draw(entropy);
        long unit = Unit(currency);
        long units = view?.HighUnits is { } high ? Math.Max(view.NeedUnits, high + (steps * unit)) : auction.StartUnits + (steps * unit);
        return currency.Format(units);
    }

    private static long Unit(Currency currency)
    {
        long unit = 1;
        for (int i = 0; i < currency.Scale; i++)
            unit *= 10;
        return unit;
    }
}

/// <summary>An auction that the workload has opened.</summary>
internal sealed record NamedAuction(string Name, Bytes32 Id, string Seller, Currency Currency, long StartUnits);

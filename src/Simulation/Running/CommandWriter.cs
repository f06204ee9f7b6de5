using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Auctions.Rules.Amounts;
using AuctionActors.Simulation.Scenarios;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Simulation.Running;

/// <summary>Turns what a step does into commands for a participant.</summary>
internal sealed class CommandWriter(AuctionBook book, SeededEntropy entropy)
{
    private readonly SeededEntropy _amounts = entropy.Derive("amounts");
    private readonly SeededEntropy _blocks = entropy.Derive("blocks");

    /// <summary>The commands in order; null stands for one that makes no sense yet, such as a bid before the auction is open.</summary>
    public IEnumerable<ParticipantProtocol.ICommand?> Write(WorkloadAction action, string peer, Func<long> nextRequest) => action switch
    {
        OpenStep open => [new ParticipantProtocol.OpenAuction(nextRequest(), OfferOf(open))],
        BidStep bid => [Bid(bid, peer, nextRequest)],
        CloseStep close => [book.Find(close.Id) is { } auction ? new ParticipantProtocol.CloseAuction(nextRequest(), auction.Id) : null],
        AppendStep append => Enumerable.Range(0, (int)append.Blocks.Draw(_blocks))
            .Select(_ => new ParticipantProtocol.AppendBlock(nextRequest(), Block(append.Size))).ToArray(),
        _ => [],
    };

    private ParticipantProtocol.PlaceBid? Bid(BidStep bid, string peer, Func<long> nextRequest)
        => book.Find(bid.Id) is { } auction
            ? new ParticipantProtocol.PlaceBid(nextRequest(), auction.Id, book.AmountOf(bid.Amount, peer, auction, _amounts), bid.Code)
            : null;

    private static AuctionOffer OfferOf(OpenStep open)
    {
        _ = Currency.TryParse(open.Code, out Currency currency);
        return new AuctionOffer
        {
            Item = open.Item,
            Title = open.Id,
            Currency = currency,
            StartUnits = Units(currency, open.Start),
            ReserveUnits = open.Reserve is { } reserve ? Units(currency, reserve) : null,
            IncrementUnits = open.Increment is { } increment ? Units(currency, increment) : 0,
        };
    }

    private static long Units(Currency currency, string text)
        => currency.ParseAmount(text, out long units) == AmountError.None
            ? units
            : throw new FormatException($"'{text}' is not an amount of {currency}");

    private byte[] Block(ValueRange<long> size)
    {
        byte[] block = new byte[(int)size.Draw(_blocks)];
        _blocks.Fill(block);
        return block;
    }
}

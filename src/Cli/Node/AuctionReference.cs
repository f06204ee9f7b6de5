using System.Collections.Immutable;
using System.Globalization;
using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Cli.Output;

namespace AuctionActors.Cli.Node;

/// <summary>What people call an auction: <c>#n</c> of the list, <c>Seller->Item</c>, an item, or the beginning of its id.</summary>
internal static class AuctionReference
{
    public const int ShortestPrefix = 4;

    /// <exception cref="CommandException">Nothing or more than one auction is meant.</exception>
    public static AuctionSummary Resolve(string reference, ImmutableArray<AuctionSummary> auctions)
    {
        if (reference is ['#', ..] && int.TryParse(reference.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            return number >= 1 && number <= auctions.Length ? auctions[number - 1] : throw Unknown(reference, auctions);
        AuctionSummary[] found = [.. auctions.Where(auction => NameOf(auction) == reference)];
        if (found.Length == 0)
            found = [.. auctions.Where(auction => auction.Item == reference)];
        if (found.Length == 0 && reference.Length >= ShortestPrefix)
            found = [.. auctions.Where(auction => auction.Id.ToHex().StartsWith(reference, StringComparison.OrdinalIgnoreCase))];
        return found switch
        {
            [AuctionSummary only] => only,
            [] => throw Unknown(reference, auctions),
            _ => throw CommandException.Usage(
                $"'{reference}' means {found.Length} auctions", string.Join(" or ", found.Select(auction => auction.Id.ToHex()[..8]))),
        };
    }

    public static string NameOf(AuctionSummary auction) => $"{auction.SellerName}->{auction.Item}";

    private static CommandException Unknown(string reference, ImmutableArray<AuctionSummary> auctions)
        => new(
            ExitCode.NotFound, "NOT_FOUND", $"no auction '{reference}' is known here",
            auctions.Length == 0 ? "none is known yet" : $"one of {string.Join(", ", auctions.Take(5).Select(NameOf))}");
}

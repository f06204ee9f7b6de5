using System.Collections.Immutable;

namespace AuctionActors.Auctions.Market.Participants;

/// <summary>The RPC methods that participants serve each other, and the codes they refuse with.</summary>
public static class AuctionMethods
{
    public const string Ping = "ping";

    public const string Open = "auction/open";

    public const string Bid = "auction/bid";

    public const string Close = "auction/close";

    public const string Head = "auction/head";

    public const string Since = "auction/since";

    public const string List = "auction/list";

    public const string Event = "auction/event";

    /// <summary>Not now; the same request may succeed later.</summary>
    public const string TryAgain = "TRY_AGAIN";

    /// <summary>Not ever.</summary>
    public const string Refused = "REFUSED";

    public static ImmutableArray<string> All { get; } = [Ping, Open, Bid, Close, Head, Since, List, Event];
}

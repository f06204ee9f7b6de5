namespace AuctionActors.Auctions.Market.Discovery;

/// <summary>How many peers a participant dials, and how patiently.</summary>
public sealed record DialOptions
{
    /// <summary>Peers dialled besides the sellers of followed auctions; as many dial back, and each connection carries every block's news.</summary>
    public int Others { get; init; } = 4;

    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Peers remembered.</summary>
    public int KnownPeers { get; init; } = 1024;
}

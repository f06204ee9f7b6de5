namespace AuctionActors.Auctions.Rules.Folding;

/// <summary>Where an auction stands; the numbers are part of the digest and only rise.</summary>
public enum AuctionStatus
{
    Unknown = 0,
    Scheduled = 1,
    Open = 2,
    SealedOpen = 3,
    Revealing = 4,
    Ending = 5,
    Closed = 6,
    Cancelled = 7,
    Disputed = 8,
    Void = 9,
    Final = 10,
}

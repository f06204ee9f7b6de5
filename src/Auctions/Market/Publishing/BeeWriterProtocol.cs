using AuctionActors.Auctions.Rules.Folding;

namespace AuctionActors.Auctions.Market.Publishing;

/// <summary>What the writer of the derived bee is told.</summary>
public static class BeeWriterProtocol
{
    /// <summary>An order to the writer.</summary>
    public interface ICommand;

    /// <summary>Bring the bee's entries of an auction up to this state.</summary>
    public sealed record Project(AuctionState State) : ICommand;
}

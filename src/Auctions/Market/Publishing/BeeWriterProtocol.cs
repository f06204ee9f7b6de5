using AuctionActors.Auctions.Rules.Folding;

namespace AuctionActors.Auctions.Market.Publishing;

/// <summary>What the writer of the derived bee is told.</summary>
public static class BeeWriterProtocol
{
    /// <summary>An order to the writer.</summary>
    public interface ICommand;

    /// <summary>A fact about the bee.</summary>
    public interface IEvent;

    /// <summary>The bee cannot be read or written any more; told to the parent, which starts again from the folder when it can.</summary>
    public sealed record Failed(string Reason) : IEvent;

    /// <summary>Bring the bee's entries of an auction up to this state.</summary>
    public sealed record Project(AuctionState State) : ICommand;
}

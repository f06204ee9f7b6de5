using AuctionActors.Auctions.Rules.Envelopes;

namespace AuctionActors.Simulation.Running;

/// <summary>What became of the bids of a run.</summary>
public sealed class BidTally
{
    /// <summary>Bids the seller took.</summary>
    public int Accepted { get; private set; }

    /// <summary>Bids the seller ruled out: too low, too late, and the like.</summary>
    public int Rejected { get; private set; }

    /// <summary>Bids that the bidder's own peer did not place.</summary>
    public int Refused { get; private set; }

    /// <summary>Bids that came up before their auction was open.</summary>
    public int Skipped { get; private set; }

    internal void Count(Verdict verdict)
    {
        if (verdict == Verdict.Accept)
            Accepted++;
        else
            Rejected++;
    }

    internal void Refuse() => Refused++;

    internal void Skip() => Skipped++;
}

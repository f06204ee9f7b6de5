using AuctionActors.Simulation.Scenarios;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Simulation.Running;

/// <summary>One step of the workload while it runs.</summary>
internal sealed class StepRun(WorkloadStep step, TimeSpan started)
{
    public WorkloadStep Step => step;

    /// <summary>When it last made progress, from which its timeout counts.</summary>
    public TimeSpan Progressed { get; set; } = started;

    /// <summary>Rounds that are still to come.</summary>
    public bool HasRoundsLeft { get; set; }

    /// <summary>Actions of members that are spread over the present round.</summary>
    public int Planned { get; set; }

    /// <summary>Commands that were not answered yet.</summary>
    public int Unanswered { get; set; }

    /// <summary>What every peer must have seen for an in-order step to end.</summary>
    public (Bytes32 Auction, ulong Sequence)? MustBeSeen { get; set; }

    public bool IsAnswered => !HasRoundsLeft && Planned == 0 && Unanswered == 0;

    public override string ToString()
    {
        string action = step.Action switch
        {
            OpenStep open => $"auction.open {open.Id}",
            BidStep bid => $"auction.bid {bid.Id}",
            CloseStep close => $"auction.close {close.Id}",
            _ => "core.append",
        };
        return $"step {step.Line} ({action} by {string.Join(", ", step.Action.By.Candidates)})";
    }
}

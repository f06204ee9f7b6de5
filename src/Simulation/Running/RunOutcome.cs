using System.Collections.Immutable;
using AuctionActors.Simulation.Properties;

namespace AuctionActors.Simulation.Running;

/// <summary>How a run ended.</summary>
public enum RunVerdict
{
    Pass = 0,

    /// <summary>A property was violated, or the workload could not be done.</summary>
    Fail = 1,

    /// <summary>The run ended before a property could be decided.</summary>
    Inconclusive = 4,

    /// <summary>The harness or a peer broke, or the budget was used up.</summary>
    Broken = 5,

    Interrupted = 130,
}

/// <summary>What the simulation actor knows at the end of a run.</summary>
/// <param name="Verdict">How it ended.</param>
/// <param name="Reason">Why it did not pass, or null.</param>
/// <param name="View">What the participants saw last.</param>
/// <param name="Properties">One outcome for each property.</param>
/// <param name="Bids">What became of the bids.</param>
/// <param name="Delays">Convergence of the auctions, shortest first.</param>
/// <param name="Faults">Faults that were in force at some time, by id.</param>
public sealed record RunOutcome(
    RunVerdict Verdict,
    string? Reason,
    RunView View,
    ImmutableArray<PropertyOutcome> Properties,
    BidTally Bids,
    ImmutableArray<TimeSpan> Delays,
    ImmutableArray<string> Faults);

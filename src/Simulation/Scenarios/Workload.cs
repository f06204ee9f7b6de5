using System.Collections.Immutable;

namespace AuctionActors.Simulation.Scenarios;

/// <summary>One entry of the workload: what is done and when.</summary>
/// <param name="Line">Where it stands in the file.</param>
public sealed record WorkloadStep(int Line, StepTiming Timing, WorkloadAction Action);

/// <summary>When a step happens. Times count from the moment all peers are ready.</summary>
public abstract record StepTiming;

/// <summary>After the step before it has taken effect at every peer.</summary>
public sealed record InOrder : StepTiming;

/// <summary>Once, by the clock.</summary>
public sealed record AtTime(TimeSpan At) : StepTiming;

/// <summary>Again and again, by the clock.</summary>
/// <param name="Interval">Time between two rounds.</param>
/// <param name="From">When the first round is.</param>
/// <param name="To">No round begins later.</param>
/// <param name="Times">Rounds at most.</param>
public sealed record Repeated(TimeSpan Interval, TimeSpan From, TimeSpan? To, long? Times) : StepTiming;

/// <summary>What a step does; <paramref name="By"/> says who does it.</summary>
public abstract record WorkloadAction(ActorChoice By);

/// <summary>Who acts: one named peer, one drawn member of a group at each round, or each member in each round.</summary>
/// <param name="Candidates">The peers to choose from.</param>
/// <param name="Everyone">All of them act rather than one.</param>
public sealed record ActorChoice(ImmutableArray<string> Candidates, bool Everyone);

/// <summary>Offers an item; manual close.</summary>
/// <param name="Id">Its name in the scenario.</param>
/// <param name="Start">Decimal amount.</param>
public sealed record OpenStep(
    ActorChoice By, string Id, string Item, string Start, string Code, string? Reserve, string? Increment) : WorkloadAction(By);

/// <summary>Bids on an auction of the scenario.</summary>
public sealed record BidStep(ActorChoice By, string Id, BidAmount Amount, string Code) : WorkloadAction(By);

/// <summary>Closes an auction by hand.</summary>
public sealed record CloseStep(ActorChoice By, string Id) : WorkloadAction(By);

/// <summary>Appends blocks of drawn bytes to the peer's public core.</summary>
public sealed record AppendStep(ActorChoice By, ValueRange<long> Blocks, ValueRange<long> Size) : WorkloadAction(By);

/// <summary>How much is bid.</summary>
public abstract record BidAmount;

/// <summary>A decimal amount.</summary>
public sealed record FixedAmount(string Text) : BidAmount;

/// <summary>What the bidder must bid now, plus a drawn number of whole units of the currency.</summary>
public sealed record RaisedAmount(ValueRange<long> By) : BidAmount;

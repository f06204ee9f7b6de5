using System.Collections.Immutable;
using AuctionActors.Simulation.Network;

namespace AuctionActors.Simulation.Scenarios;

/// <summary>A scenario as it is run: everything that is drawn once for each seed has been drawn.</summary>
public sealed record Scenario
{
    public required string Name { get; init; }

    /// <summary>One line about it, or null.</summary>
    public string? Description { get; init; }

    public ulong Seed { get; init; }

    public Backend Net { get; init; }

    public StorageKind Storage { get; init; }

    public ScenarioTime Time { get; init; } = new();

    public LinkConditions Links { get; init; }

    public ImmutableArray<PeerGroup> Groups { get; init; } = [];

    public ImmutableArray<WorkloadStep> Workload { get; init; } = [];

    public ImmutableArray<FaultPlan> Faults { get; init; } = [];

    public ImmutableArray<PropertyPlan> Properties { get; init; } = [];

    /// <summary>The scenario that gives this one again, for the run folder.</summary>
    public required string ResolvedYaml { get; init; }

    /// <summary>Every peer but an implicit bootstrap peer, in order.</summary>
    public IEnumerable<string> Peers => Groups.SelectMany(group => group.Members);
}

/// <summary>What carries the datagrams.</summary>
public enum Backend
{
    /// <summary>Real sockets on 127.0.0.1.</summary>
    Udp,

    /// <summary>Memory and virtual time; deterministic.</summary>
    Virtual,
}

/// <summary>Where peers keep their files.</summary>
public enum StorageKind
{
    Memory,

    /// <summary>Under the run folder.</summary>
    Disk,
}

/// <summary>The phases of a run.</summary>
public sealed record ScenarioTime
{
    /// <summary>How long the run lasts at least; null ends it with the workload and the properties.</summary>
    public TimeSpan? Run { get; init; }

    /// <summary>Longest wait for all peers to be ready, and for one step of the workload to take effect.</summary>
    public TimeSpan StepTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Each peer starts after a delay drawn from this range.</summary>
    public ValueRange<TimeSpan> StartStagger { get; init; } = new(TimeSpan.Zero, TimeSpan.FromMilliseconds(5));
}

/// <summary>Peers that are alike; they are called <c>name#1</c> to <c>name#count</c>.</summary>
public sealed record PeerGroup(string Name, int Count)
{
    public IEnumerable<string> Members => Enumerable.Range(1, Count).Select(i => $"{Name}#{i}");
}

/// <summary>A change of the network for a while.</summary>
/// <param name="Id">Names it in events and reports.</param>
/// <param name="At">Since the workload began.</param>
/// <param name="Duration">Null until the end of the run.</param>
/// <param name="Effect">What changes.</param>
public sealed record FaultPlan(string Id, TimeSpan At, TimeSpan? Duration, LinkRule Effect);

/// <summary>Something that must hold.</summary>
/// <param name="Name">Names it in reports.</param>
/// <param name="Kind">When it must hold.</param>
/// <param name="Within">For <see cref="PropertyKind.Eventually"/>: how long after the workload at most.</param>
/// <param name="Check">What must hold.</param>
public sealed record PropertyPlan(string Name, PropertyKind Kind, TimeSpan Within, Properties.CheckExpression Check);

/// <summary>When a property must hold.</summary>
public enum PropertyKind
{
    Eventually,
    Always,
    Never,
}

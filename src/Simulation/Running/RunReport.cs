using AuctionActors.Simulation.Scenarios;

namespace AuctionActors.Simulation.Running;

/// <summary>A finished run: what was run, how it ended and what it cost.</summary>
/// <param name="Scenario">As it was run.</param>
/// <param name="Outcome">What the simulation found.</param>
/// <param name="Events">Number of events and the digest of their log.</param>
/// <param name="Traffic">Datagrams and bytes handed to the network.</param>
/// <param name="Wall">Real time.</param>
/// <param name="VirtualTime">Virtual time, or null.</param>
/// <param name="Memory">Memory of the process.</param>
/// <param name="Folder">The run folder, or null when nothing was written.</param>
public sealed record RunReport(
    Scenario Scenario,
    RunOutcome Outcome,
    (ulong Count, string Digest) Events,
    (long Datagrams, long Bytes) Traffic,
    TimeSpan Wall,
    TimeSpan? VirtualTime,
    MemoryUse Memory,
    string? Folder);

/// <summary>Memory of the process over a run.</summary>
/// <param name="BaseBytes">Resident before the first peer.</param>
/// <param name="PeakBytes">Largest resident size.</param>
public readonly record struct MemoryUse(long BaseBytes, long PeakBytes)
{
    public long PerPeer(int peers) => Math.Max(0, PeakBytes - BaseBytes) / Math.Max(1, peers);
}

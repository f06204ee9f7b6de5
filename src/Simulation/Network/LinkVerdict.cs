namespace AuctionActors.Simulation.Network;

/// <summary>What becomes of one datagram.</summary>
/// <param name="DropReason">Why it is lost, or null.</param>
/// <param name="Delay">One-way delay of the first copy.</param>
/// <param name="SecondCopyDelay">Delay of a second copy, or null.</param>
public readonly record struct LinkVerdict(string? DropReason, TimeSpan Delay, TimeSpan? SecondCopyDelay)
{
    public static LinkVerdict Drop(string reason) => new(reason, default, null);
}

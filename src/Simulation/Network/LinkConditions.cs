namespace AuctionActors.Simulation.Network;

/// <summary>How one direction of a link treats datagrams.</summary>
/// <param name="Loss">Share lost, 0 to 1.</param>
/// <param name="Duplicate">Share delivered twice, 0 to 1.</param>
/// <param name="LatencyFrom">Shortest one-way delay.</param>
/// <param name="LatencyTo">Longest one-way delay; delays are drawn evenly between the two.</param>
public readonly record struct LinkConditions(double Loss, double Duplicate, TimeSpan LatencyFrom, TimeSpan LatencyTo)
{
    /// <summary>No loss and no delay.</summary>
    public static LinkConditions Perfect => default;

    public bool IsPerfect => this == Perfect;
}

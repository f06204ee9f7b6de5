using Hyper.Protocol.Cryptography;

namespace AuctionActors.Simulation.Scenarios;

/// <summary>A value, or a range from which one is drawn.</summary>
public readonly record struct ValueRange<T>(T From, T To)
    where T : IComparable<T>
{
    public ValueRange(T value)
        : this(value, value)
    {
    }
}

/// <summary>Draws from ranges.</summary>
public static class ValueRanges
{
    public static long Draw(this ValueRange<long> range, IEntropy entropy)
        => range.From + (long)(entropy.NextDouble() * (range.To - range.From + 1));

    public static double Draw(this ValueRange<double> range, IEntropy entropy)
        => range.From + (entropy.NextDouble() * (range.To - range.From));

    public static TimeSpan Draw(this ValueRange<TimeSpan> range, IEntropy entropy)
        => range.From + ((range.To - range.From) * entropy.NextDouble());
}

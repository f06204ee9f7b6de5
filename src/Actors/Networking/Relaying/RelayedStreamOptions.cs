namespace Hyper.Actors.Networking.Relaying;

/// <summary>Timing of streams that relays of others carry; the defaults are upstream's.</summary>
public sealed record RelayedStreamOptions
{
    public static RelayedStreamOptions Default { get; } = new();

    /// <summary>How long it may take to reach the relay and to be paired there.</summary>
    public TimeSpan PairTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often the connection to the relay shows that we are there.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the relay is held after the stream has found another way: what the remote sent before may still come through it.</summary>
    public TimeSpan LeaveAfter { get; init; } = TimeSpan.FromSeconds(15);
}

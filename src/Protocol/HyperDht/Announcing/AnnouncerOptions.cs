namespace Hyper.Protocol.HyperDht.Announcing;

/// <summary>How a server keeps itself findable; the defaults are upstream's.</summary>
public sealed record AnnouncerOptions
{
    public static AnnouncerOptions Default { get; } = new();

    /// <summary>Nodes that are asked to relay for the server.</summary>
    public int RelayCount { get; init; } = 3;

    /// <summary>Pause between two rounds of pings to the relays.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Rounds after which the server announces itself anew, about five minutes.</summary>
    public int RoundsPerCycle { get; init; } = 100;

    /// <summary>Rounds after which a server that found no relay at all tries again.</summary>
    public int RoundsWithoutRelay { get; init; } = 2;

    /// <summary>Pause between two cycles while nobody answers the node.</summary>
    /// <remarks>Upstream's lasts until somebody does, which a node never notices in a network too tiny for its health to be judged by.</remarks>
    public TimeSpan OfflineInterval { get; init; } = TimeSpan.FromMinutes(1);
}

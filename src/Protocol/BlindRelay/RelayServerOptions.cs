namespace Hyper.Protocol.BlindRelay;

/// <summary>Limits of a relay; what is beyond them is dropped and counted.</summary>
public sealed record RelayServerOptions
{
    /// <summary>Tokens of one session that wait for their other half.</summary>
    public int MaxPendingPerSession { get; init; } = 128;

    /// <summary>Streams that one session takes part in.</summary>
    public int MaxLinksPerSession { get; init; } = 256;

    /// <summary>Streams that are relayed at once.</summary>
    public int MaxLinks { get; init; } = 4096;
}

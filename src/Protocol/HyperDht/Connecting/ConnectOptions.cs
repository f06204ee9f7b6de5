namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>Limits of one attempt to connect; the defaults are upstream's.</summary>
public sealed record ConnectOptions
{
    /// <summary>Handshakes under way at once through relays that were found.</summary>
    public int ParallelHandshakes { get; init; } = 2;

    /// <summary>Relays tried in all.</summary>
    public int MaxRelays { get; init; } = 20;

    /// <summary>Resends of a search step.</summary>
    public int SearchRetries { get; init; } = 3;

    /// <summary>Tell the server our local addresses and try its own.</summary>
    public bool UsesLocalNetwork { get; init; } = true;
}

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>Limits of a server's handshakes; the defaults are upstream's.</summary>
public sealed record ServerHandshakeOptions
{
    /// <summary>How long the client's first packet is awaited.</summary>
    public TimeSpan PathTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long copies of a settled handshake still get its answer.</summary>
    public TimeSpan ClearAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Handshakes remembered at once; more are dropped and counted.</summary>
    public int MaxHandshakes { get; init; } = 4096;

    /// <summary>Tell clients our local addresses.</summary>
    public bool SharesLocalAddresses { get; init; } = true;
}

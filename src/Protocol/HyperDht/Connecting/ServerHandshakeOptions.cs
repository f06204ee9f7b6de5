using Hyper.Protocol.HyperDht.Holepunching;

namespace Hyper.Protocol.HyperDht.Connecting;

/// <summary>Limits of a server's handshakes; the defaults are upstream's.</summary>
public sealed record ServerHandshakeOptions
{
    public static ServerHandshakeOptions Default { get; } = new();

    /// <summary>How long the client's first packet is awaited.</summary>
    public TimeSpan PathTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the client's first packet is awaited while a holepunch is under way, which usually ends sooner.</summary>
    public TimeSpan PunchTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How long copies of a settled handshake still get its answer.</summary>
    public TimeSpan ClearAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Handshakes remembered at once; more are dropped and counted.</summary>
    public int MaxHandshakes { get; init; } = 4096;

    /// <summary>Tell clients our local addresses.</summary>
    public bool SharesLocalAddresses { get; init; } = true;

    /// <summary>Holepunches at once, each with sockets of its own; handshakes that would need more are dropped and counted.</summary>
    public int MaxHolepunches { get; init; } = 256;

    /// <summary>Make holes into firewalls for clients where there is no other way.</summary>
    public bool PunchesHoles { get; init; } = true;

    /// <summary>Asked before punching begins.</summary>
    public HolepunchVeto? HolepunchVeto { get; init; }

    public HolepunchOptions Holepunch { get; init; } = HolepunchOptions.Default;
}

using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.BlindRelay;
using Hyper.Protocol.Cryptography;

namespace Hyper.Actors.Networking.Relaying;

/// <summary>A blind relay on the DHT: under which key it is found and how much it carries.</summary>
public sealed record BlindRelayOptions
{
    public required KeyPair KeyPair { get; init; }

    public HyperDhtOptions Dht { get; init; } = new();

    public RelayServerOptions Limits { get; init; } = new();

    /// <summary>Clients at once; the channels of others are refused.</summary>
    public int MaxSessions { get; init; } = 1024;

    /// <summary>How long packets are still forwarded after one of two peers has left, so that older ones arrive that it sent before.</summary>
    public TimeSpan EndTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A pair of streams that carries nothing for so long is given up; live ones are kept alive by their ends.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);
}

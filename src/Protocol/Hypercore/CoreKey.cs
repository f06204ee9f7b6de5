using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.Hypercore;

/// <summary>The name of a core: a manifest hash, or the writer's public key in compat mode. Who knows it may read the core.</summary>
public readonly record struct CoreKey(Bytes32 Value)
{
    public static bool TryParse(string? hex, out CoreKey key)
    {
        bool parsed = Bytes32.TryParseHex(hex, out Bytes32 value);
        key = new CoreKey(value);
        return parsed;
    }

    /// <summary>What peers look for on the network without giving the key away.</summary>
    public DiscoveryKey ToDiscoveryKey() => new(Blake2b.Keyed256(Value.Span, "hypercore"u8));

    public string ToHex() => Value.ToHex();

    public override string ToString() => ToHex();
}

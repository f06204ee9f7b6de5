using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace Hyper.Protocol.Hypercore;

/// <summary>The name of a core: a manifest hash, or the writer's public key in compat mode. Who knows it may read the core.</summary>
public readonly record struct CoreKey(Bytes32 Value)
{
    private const string LinkPrefix = "pear://";

    /// <summary>Reads what upstream takes for a key: 64 hex digits, the 52 letters of its id, or a link that begins with one of them.</summary>
    public static bool TryParse(string? text, out CoreKey key)
    {
        if (text is not null && text.StartsWith(LinkPrefix, StringComparison.Ordinal))
            text = text[LinkPrefix.Length..].Split('/')[0];
        bool parsed = Bytes32.TryParseHex(text, out Bytes32 value) || ZBase32.TryDecode(text, out value);
        key = new CoreKey(value);
        return parsed;
    }

    /// <summary>What peers look for on the network without giving the key away.</summary>
    public DiscoveryKey ToDiscoveryKey() => new(Blake2b.Keyed256(Value.Span, "hypercore"u8));

    /// <summary>The shorter form in which upstream shows keys.</summary>
    public string ToId() => ZBase32.Encode(Value);

    public string ToHex() => Value.ToHex();

    public override string ToString() => ToHex();
}

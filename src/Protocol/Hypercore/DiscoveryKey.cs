using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Hypercore;

/// <summary>The public alias of a core: its key's keyed hash, used as topic and as channel id.</summary>
public readonly record struct DiscoveryKey(Bytes32 Value)
{
    public static bool TryParse(string? hex, out DiscoveryKey key)
    {
        bool parsed = Bytes32.TryParseHex(hex, out Bytes32 value);
        key = new DiscoveryKey(value);
        return parsed;
    }

    public string ToHex() => Value.ToHex();

    public override string ToString() => ToHex();
}

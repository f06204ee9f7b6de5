using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.Cryptography;

/// <summary>An Ed25519 public key: the name of a peer, of a core or of a record.</summary>
public readonly record struct PublicKey(Bytes32 Value) : IComparable<PublicKey>
{
    public static bool TryParse(string? hex, out PublicKey key)
    {
        bool parsed = Bytes32.TryParseHex(hex, out Bytes32 value);
        key = new PublicKey(value);
        return parsed;
    }

    public int CompareTo(PublicKey other) => Value.CompareTo(other.Value);

    public string ToHex() => Value.ToHex();

    /// <summary>The first eight digits, for people.</summary>
    public string ToShort() => ToHex()[..8];

    public override string ToString() => ToHex();

    public static bool operator <(PublicKey left, PublicKey right) => left.CompareTo(right) < 0;

    public static bool operator >(PublicKey left, PublicKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(PublicKey left, PublicKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(PublicKey left, PublicKey right) => left.CompareTo(right) >= 0;
}

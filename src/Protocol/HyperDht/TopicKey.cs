using Hyper.Protocol.CompactEncoding;

namespace Hyper.Protocol.HyperDht;

/// <summary>Thirty-two bytes that peers announce and look up to find each other.</summary>
public readonly record struct TopicKey(Bytes32 Value)
{
    public static bool TryParse(string? hex, out TopicKey topic)
    {
        bool parsed = Bytes32.TryParseHex(hex, out Bytes32 value);
        topic = new TopicKey(value);
        return parsed;
    }

    public override string ToString() => Value.ToHex();
}

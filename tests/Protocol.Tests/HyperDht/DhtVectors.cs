using System.Text.Json;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Protocol.Tests.HyperDht;

/// <summary>Entries of the DHT vector file by name, with the conversions tests need.</summary>
internal static class DhtVectors
{
    private static readonly JsonElement[] All = [.. Vectors.Load("dht.json").RootElement.EnumerateArray()];

    public static JsonElement Get(string name) => All.Single(entry => entry.GetProperty("name").GetString() == name);

    public static IEnumerable<JsonElement> StartingWith(string prefix)
        => All.Where(entry => entry.GetProperty("name").GetString()!.StartsWith(prefix, StringComparison.Ordinal));

    public static byte[] Bytes(this JsonElement entry, string property) => Convert.FromHexString(entry.GetProperty(property).GetString()!);

    public static Bytes32 Fixed32(this JsonElement entry, string property) => new(entry.Bytes(property));

    public static PublicKey Key(this JsonElement entry, string property) => new(entry.Fixed32(property));

    public static KeyPair Pair(this JsonElement entry, string property = "seed") => KeyPair.FromSeed(entry.Fixed32(property));

    public static Bytes32? Optional32(this JsonElement entry, string property)
        => entry.TryGetProperty(property, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? new Bytes32(Convert.FromHexString(value.GetString()!))
            : null;

    public static PeerAddress Address(this JsonElement entry, string property) => ParseAddress(entry.GetProperty(property));

    public static PeerAddress[] Addresses(this JsonElement entry, string property)
        => [.. entry.GetProperty(property).EnumerateArray().Select(ParseAddress)];

    /// <summary>The value field of a captured datagram.</summary>
    public static byte[] Value(string name) => Get(name).GetProperty("decoded").Bytes("value");

    public static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(bytes.Span);

    private static PeerAddress ParseAddress(JsonElement value)
    {
        string text = value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : $"{value.GetProperty("host").GetString()}:{value.GetProperty("port").GetInt32()}";
        Assert.True(PeerAddress.TryParse(text, out PeerAddress address));
        return address;
    }
}

using System.Text.Json;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore.Manifests;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Protocol.Tests.Hypercore;

/// <summary>The vectors of the JavaScript Hypercore, and readers for the shapes they use.</summary>
internal static class HypercoreVectors
{
    internal static JsonElement Root { get; } = Vectors.Load("hypercore.json").RootElement;

    internal static byte[] Bytes(this JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);

    internal static Bytes32 Hash(this JsonElement element, string name) => new(element.Bytes(name));

    internal static long Number(this JsonElement element, string name) => element.GetProperty(name).GetInt64();

    internal static bool Has(this JsonElement element, string name)
        => element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    internal static MerkleNode Node(this JsonElement element) => new(element.Number("index"), element.Number("size"), element.Hash("hash"));

    internal static MerkleNode[] Nodes(this JsonElement element, string name)
        => [.. element.GetProperty(name).EnumerateArray().Select(Node)];

    internal static KeyPair KeyPair(this JsonElement element, string name)
        => Hyper.Protocol.Cryptography.KeyPair.FromSeed(element.Hash(name));

    internal static Manifest Manifest(byte[] encoded)
    {
        CompactReader reader = new(encoded);
        Assert.True(Hyper.Protocol.Hypercore.Manifests.Manifest.TryDecode(ref reader, out Manifest manifest));
        Assert.True(reader.AtEnd);
        return manifest;
    }
}

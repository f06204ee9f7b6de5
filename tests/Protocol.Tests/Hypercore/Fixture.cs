using System.Text.Json;
using AuctionActors.Protocol.Tests.Hypercore.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Protocol.Tests.Hypercore;

/// <summary>A folder written by the JavaScript Hypercore 10 and what it holds.</summary>
internal sealed class Fixture
{
    internal Fixture(string name)
    {
        string folder = Vectors.FixtureFolder(name);
        Files = MemoryCoreFiles.FromFolder(folder);
        Expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json"))).RootElement;
    }

    internal static IEnumerable<string> Names
        => Directory.GetDirectories(Vectors.FixtureFolder("")).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal);

    internal MemoryCoreFiles Files { get; }

    internal JsonElement Expected { get; }

    internal KeyPair KeyPair => KeyPair.FromSeed(Expected.Hash("keyPairSeed"));

    internal HypercoreOptions Options => Expected.Has("encryptionKey")
        ? HypercoreOptions.AsUpstream with { EncryptionKey = Expected.Hash("encryptionKey") }
        : HypercoreOptions.AsUpstream;

    internal IReadOnlyDictionary<string, (long Size, string Hash)> Digest(string property)
        => Expected.GetProperty(property).EnumerateObject().ToDictionary(
            file => file.Name,
            file => (file.Value.Number("size"), file.Value.GetProperty("sha256").GetString()!));
}

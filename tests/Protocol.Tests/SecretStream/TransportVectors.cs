using System.Text.Json;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Protocol.Tests.SecretStream;

/// <summary>The transport vectors, with readers for their hexadecimal fields.</summary>
internal static class TransportVectors
{
    private static readonly JsonDocument Document = Vectors.Load("transport.json");

    internal static JsonElement Root => Document.RootElement;

    internal static byte[] Hex(this JsonElement parent, string name) => Convert.FromHexString(parent.GetProperty(name).GetString()!);

    internal static byte[] Hex(this JsonElement value) => Convert.FromHexString(value.GetString()!);

    internal static Bytes32 Hex32(this JsonElement parent, string name) => new(parent.Hex(name));

    internal static PublicKey PublicKey(this JsonElement parent, string name) => new(parent.Hex32(name));

    internal static KeyPair KeyPair(this JsonElement parent, string name) => Hyper.Protocol.Cryptography.KeyPair.FromSeed(parent.Hex32(name));
}

/// <summary>Entropy that answers prepared bytes, for vectors whose random draws are known.</summary>
internal sealed class PreparedEntropy(params byte[][] draws) : IEntropy
{
    private readonly Queue<byte[]> _draws = new(draws);

    public void Fill(Span<byte> destination) => _draws.Dequeue().CopyTo(destination);
}

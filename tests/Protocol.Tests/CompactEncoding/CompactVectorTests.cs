using System.Text.Json;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Protocol.Tests.CompactEncoding;

public sealed class CompactVectorTests
{
    private static readonly string[] Types =
        ["uint", "uint16", "uint32", "uint64", "int", "buffer", "string", "fixed32", "raw", "none", "bool", "ipv4Address", "array<uint>"];

    [Fact]
    public void Primitives_take_the_bytes_that_JavaScript_gives_them()
    {
        foreach (JsonElement entry in Vectors.Load("dht.json").RootElement.EnumerateArray())
        {
            string name = entry.GetProperty("name").GetString()!;
            if (!name.StartsWith("ce.", StringComparison.Ordinal) || !Types.Contains(entry.GetProperty("type").GetString()))
                continue;
            CompactWriter writer = new();
            Write(writer, entry.GetProperty("type").GetString()!, entry.GetProperty("value"));
            Assert.Equal((name, entry.GetProperty("hex").GetString()), (name, Convert.ToHexStringLower(writer.Written)));
        }
    }

    [Theory]
    [InlineData("compactEncoding")]
    [InlineData("optionalBuffer")]
    [InlineData("string")]
    public void Values_of_the_transport_take_the_bytes_that_JavaScript_gives_them(string section)
    {
        foreach (JsonElement entry in Vectors.Load("transport.json").RootElement.GetProperty(section).EnumerateArray())
        {
            CompactWriter writer = new();
            if (section == "compactEncoding")
                writer.UInt(entry.GetProperty("uint").GetUInt64());
            else if (section == "string")
                writer.Text(entry.GetProperty("value").GetString()!);
            else
                writer.Buffer(Convert.FromHexString(entry.GetProperty("value").GetString() ?? ""));
            Assert.Equal(entry.GetProperty("hex").GetString(), Convert.ToHexStringLower(writer.Written));
        }
    }

    [Fact]
    public void Hashes_are_those_of_the_vectors()
    {
        foreach (JsonElement entry in Vectors.Load("transport.json").RootElement.GetProperty("blake2b").EnumerateArray())
        {
            byte[] input = Convert.FromHexString(entry.GetProperty("in").GetString()!), hash = new byte[64];
            Blake2b.Hash(input, hash);
            Assert.Equal(entry.GetProperty("out64").GetString(), Convert.ToHexStringLower(hash));
            if (entry.TryGetProperty("out32", out JsonElement half))
                Assert.Equal(half.GetString(), Blake2b.Hash256(input).ToHex());
        }
    }

    [Fact]
    public void Edwards_points_agree_as_in_JavaScript()
    {
        JsonElement entry = Vectors.Load("dht.json").RootElement.EnumerateArray().Single(item => item.GetProperty("name").GetString() == "dh.ed25519");
        Assert.True(Bytes32.TryParseHex(entry.GetProperty("seedA").GetString(), out Bytes32 seed));
        Assert.True(PublicKey.TryParse(entry.GetProperty("publicKeyB").GetString(), out PublicKey remote));
        Assert.True(Ed25519.TryAgree(KeyPair.FromSeed(seed), remote, out Bytes32 shared));
        Assert.Equal(entry.GetProperty("hex").GetString(), shared.ToHex());
    }

    private static void Write(CompactWriter writer, string type, JsonElement value)
    {
        switch (type)
        {
            case "uint": writer.UInt(value.GetUInt64()); break;
            case "uint16": writer.UInt16(value.GetUInt16()); break;
            case "uint32": writer.UInt32(value.GetUInt32()); break;
            case "uint64": writer.UInt64(value.GetUInt64()); break;
            case "int": writer.Int(value.GetInt64()); break;
            case "buffer": writer.Buffer(Convert.FromHexString(value.GetString()!)); break;
            case "string": writer.Text(value.GetString()!); break;
            case "fixed32" or "raw": writer.Raw(Convert.FromHexString(value.GetString()!)); break;
            case "bool": writer.Bool(value.GetBoolean()); break;
            case "ipv4Address": writer.Address(Address(value)); break;
            case "array<uint>":
                writer.UInt((ulong)value.GetArrayLength());
                foreach (JsonElement item in value.EnumerateArray())
                    writer.UInt(item.GetUInt64());
                break;
        }
    }

    private static PeerAddress Address(JsonElement value)
    {
        Assert.True(PeerAddress.TryParseHost(value.GetProperty("host").GetString(), value.GetProperty("port").GetUInt16(), out PeerAddress address));
        return address;
    }
}

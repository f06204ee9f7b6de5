using System.Text.Json.Nodes;
using Hyper.Protocol.Hyperbee.Encodings;

namespace AuctionActors.Protocol.Tests.Hyperbee.Encodings;

/// <summary>What <c>codecs</c>, the module that names encodings for Hyperbee, makes of the same values.</summary>
public sealed class BeeEncodingTests
{
    [Fact]
    public void Text_is_stored_as_JavaScript_stores_it()
    {
        AssertStored(TextEncodings.Ascii, "Az~", "417a7e");
        AssertStored(TextEncodings.Hex, "00ff10", "00ff10");
        AssertStored(TextEncodings.Base64, "AP8Q", "00ff10");
        AssertStored(TextEncodings.Utf16, "aé", "6100e900");
        AssertStored(BeeEncodings.Utf8, "aé", "61c3a9");
    }

    [Fact]
    public void A_line_of_JSON_ends_with_a_line_feed()
    {
        ReadOnlyMemory<byte> stored = BeeEncodings.JsonLine.Encode(JsonNode.Parse("""{ "a": [1, "é"] }"""));
        Assert.Equal("{\"a\":[1,\"é\"]}\n"u8.ToArray(), stored.ToArray());
        Assert.True(BeeEncodings.JsonLine.TryDecode(stored, out JsonNode? value));
        Assert.Equal(1, (int?)value!["a"]![0]);
    }

    [Fact]
    public void Values_of_a_stranger_are_refused_instead_of_thrown()
    {
        Assert.False(BeeEncodings.Json.TryDecode("{not json"u8.ToArray(), out _));
        Assert.False(TextEncodings.Utf16.TryDecode(new byte[3], out _));
        Assert.True(TextEncodings.Ascii.TryDecode(new byte[] { 0xff }, out string seven));
        Assert.Equal("\u007f", seven);
    }

    private static void AssertStored(IBeeEncoding<string> encoding, string value, string hex)
    {
        ReadOnlyMemory<byte> stored = encoding.Encode(value);
        Assert.Equal(hex, Convert.ToHexStringLower(stored.Span));
        Assert.True(encoding.TryDecode(stored, out string again));
        Assert.Equal(value, again);
    }
}

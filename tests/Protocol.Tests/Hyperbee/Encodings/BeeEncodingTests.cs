using System.Text.Json.Nodes;
using Hyper.Protocol.Hyperbee.Encodings;
using Hyper.Protocol.Hyperbee.Reading;

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

    [Theory]
    [InlineData("00", false)]
    [InlineData("0000", true)]
    [InlineData("01", true)]
    [InlineData("ff", true)]
    [InlineData("ffff00", true)]
    public void A_sub_database_lists_its_own_keys_whatever_they_begin_with(string key, bool isListed)
    {
        KeyPrefix sub = KeyPrefix.None.Sub("shop");
        byte[] bytes = Convert.FromHexString(key);
        MemoryLog log = new();
        BeeBlocks blocks = log.Open();
        foreach (ReadOnlyMemory<byte> other in (ReadOnlyMemory<byte>[])["sho"u8.ToArray(), "shop"u8.ToArray(), "shop\u0001"u8.ToArray(), "shoq"u8.ToArray()])
            log.Put(blocks, other.ToArray(), [1]);
        log.Put(blocks, sub.Sub("tea").Apply(bytes).ToArray(), [1]);
        ulong before = log.Length;
        log.Put(blocks, sub.Apply(bytes).ToArray(), [1]);
        log.Put(blocks, KeyPrefix.None.Sub("shops").Apply(bytes).ToArray(), [1]);

        IEnumerable<string> listed = log.Scan(blocks, sub.Apply(BeeRange.All)).Select(entry => Convert.ToHexStringLower(sub.Strip(entry.Key).Span));
        Assert.Equal(isListed, listed.Contains(key));
        Assert.Equal(isListed ? 2 : 1, listed.Count());
        BeeScan earlier = new(blocks, before, sub.Apply(new BeeRange { Reverse = true }));
        Assert.Equal(BeeProgress.Done, earlier.Next(out BeeEntry? only));
        Assert.Equal(sub.Sub("tea").Apply(bytes).ToArray(), only!.Key.ToArray());
        Assert.Equal(BeeProgress.Done, earlier.Next(out BeeEntry? none));
        Assert.Null(none);
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

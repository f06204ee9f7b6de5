using CsCheck;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Protocol.Tests.CompactEncoding;

public sealed class CompactProperties
{
    [Fact]
    public void Integers_survive_a_round_trip()
        => Gen.ULong[0, CompactReader.MaxInteger].Sample(value =>
        {
            CompactReader reader = new(new CompactWriter().UInt(value).Written);
            return reader.TryUInt(out ulong read) && read == value && reader.AtEnd;
        });

    [Fact]
    public void Signed_integers_survive_a_round_trip()
        => Gen.Long[-(1L << 51), 1L << 51].Sample(value =>
        {
            CompactReader reader = new(new CompactWriter().Int(value).Written);
            return reader.TryInt(out long read) && read == value;
        });

    [Fact]
    public void Every_reader_is_total_on_random_bytes()
        => Gen.Byte.Array[0, 40].Sample(bytes =>
        {
            CompactReader reader = new(bytes);
            _ = reader.TryAddresses(out _);
            reader = new CompactReader(bytes);
            _ = reader.TryText(out _) && reader.TryBuffer(out _) && reader.TryInt(out _) && reader.TryFixed32(out _);
            return true;
        });

    [Theory]
    [InlineData(0xfcul, "fc")]
    [InlineData(0xfdul, "fdfd00")]
    [InlineData(0x10000ul, "fe00000100")]
    [InlineData(0x100000000ul, "ff0000000001000000")]
    public void Integers_take_the_upstream_form(ulong value, string hex)
        => Assert.Equal(hex, Convert.ToHexStringLower(new CompactWriter().UInt(value).Written));

    [Fact]
    public void Integers_above_two_to_the_53_are_refused()
        => Assert.False(new CompactReader(Convert.FromHexString("ff0000000000002000")).TryUInt(out ulong _));

    [Theory]
    [InlineData("127.0.0.1:30001", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.0.0.256:1", false)]
    [InlineData("0.-1.0.0:1", false)]
    [InlineData("1.2.3:1", false)]
    [InlineData("1.2.3.4.5:1", false)]
    [InlineData("1.2.3.4:70000", false)]
    public void Addresses_are_parsed_strictly(string text, bool valid)
    {
        Assert.Equal(valid, PeerAddress.TryParse(text, out PeerAddress address));
        if (valid)
            Assert.Equal(text, address.ToString());
    }
}

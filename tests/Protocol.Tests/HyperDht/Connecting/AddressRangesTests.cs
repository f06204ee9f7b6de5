using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.HyperDht.Connecting;

namespace AuctionActors.Protocol.Tests.HyperDht.Connecting;

public sealed class AddressRangesTests
{
    [Theory]
    [InlineData("10.1.2.3", true, false)]
    [InlineData("100.63.0.1", false, false)]
    [InlineData("100.64.0.1", true, false)]
    [InlineData("100.128.0.1", false, false)]
    [InlineData("127.0.0.1", true, false)]
    [InlineData("169.254.9.9", true, false)]
    [InlineData("172.15.0.1", false, false)]
    [InlineData("172.31.255.255", true, false)]
    [InlineData("192.168.0.1", true, false)]
    [InlineData("0.0.0.1", false, true)]
    [InlineData("192.0.0.1", false, true)]
    [InlineData("192.0.2.9", false, true)]
    [InlineData("192.0.3.1", false, false)]
    [InlineData("198.19.0.1", false, true)]
    [InlineData("198.51.100.1", false, true)]
    [InlineData("203.0.113.1", false, true)]
    [InlineData("224.0.0.1", false, true)]
    [InlineData("255.255.255.255", false, true)]
    [InlineData("88.99.3.86", false, false)]
    public void Ranges_equal_upstream(string host, bool isPrivate, bool isReserved)
    {
        PeerAddress address = At(host);
        Assert.Equal((isPrivate, isReserved), (AddressRanges.IsPrivate(address), AddressRanges.IsReserved(address)));
        Assert.Equal(isPrivate || isReserved, AddressRanges.IsBogon(address));
    }

    [Fact]
    public void The_address_with_most_common_octets_is_the_best_match()
    {
        Assert.Equal(At("192.168.122.1"), Match("192.168.122.238", "192.1.0.1", "192.168.0.23", "192.168.122.1"));
        Assert.Equal(At("192.168.0.23"), Match("192.168.122.238", "192.1.0.1", "192.168.0.23", "10.0.0.1"));
        Assert.Equal(At("192.1.0.1"), Match("192.168.122.238", "10.0.0.1", "192.1.0.1"));
        Assert.Null(Match("192.168.122.238", "10.0.0.1"));
    }

    private static PeerAddress? Match(string own, params string[] remote) => AddressRanges.BestMatch([At(own)], [.. remote.Select(At)]);

    private static PeerAddress At(string host)
    {
        Assert.True(PeerAddress.TryParseHost(host, 1, out PeerAddress address));
        return address;
    }
}

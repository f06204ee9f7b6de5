using System.Text.Json;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Requests;

namespace AuctionActors.Protocol.Tests.DhtRpc.Requests;

public sealed class TokenIssuerTests
{
    private static readonly Bytes32 Secret = new(Enumerable.Repeat((byte)0xb0, 32).ToArray());
    private static readonly Bytes32 Previous = new(Enumerable.Repeat((byte)0xa0, 32).ToArray());

    [Theory]
    [InlineData("token.127.0.0.1")]
    [InlineData("token.10.0.0.1")]
    public void A_token_is_the_keyed_hash_of_the_host(string name)
    {
        JsonElement vector = Find(name);
        Assert.True(PeerAddress.TryParseHost(vector.GetProperty("host").GetString(), 1234, out PeerAddress address));
        Assert.Equal(vector.GetProperty("hex").GetString(), new TokenIssuer(Secret, Previous).Issue(address, TimeSpan.Zero).ToHex());
    }

    [Fact]
    public void Secrets_rotate_as_upstream_rotates_them()
    {
        Assert.True(Bytes32.TryParseHex(Find("token.rotate").GetProperty("after").GetProperty("current").GetString(), out Bytes32 rotated));
        TokenIssuer issuer = new(Secret, Previous);
        PeerAddress address = PeerAddress.Loopback(1);
        issuer.Issue(address, TimeSpan.Zero);
        Bytes32 token = issuer.Issue(address, TokenIssuer.Rotation);
        Assert.Equal(new TokenIssuer(rotated, Secret).Issue(address, TimeSpan.Zero), token);
    }

    [Fact]
    public void A_token_lives_through_one_rotation_and_not_two()
    {
        TokenIssuer issuer = new(Secret, Previous);
        PeerAddress address = PeerAddress.Loopback(1);
        Bytes32 token = issuer.Issue(address, TimeSpan.Zero);
        Assert.True(issuer.Accepts(token, PeerAddress.Loopback(2), TimeSpan.FromSeconds(7.6)));
        Assert.False(issuer.Accepts(token, new PeerAddress(0x0a000001, 1), TimeSpan.FromSeconds(7.6)));
        Assert.False(issuer.Accepts(token, address, TimeSpan.FromSeconds(15.1)));
    }

    [Fact]
    public void Tokens_of_before_a_long_pause_are_refused()
    {
        TokenIssuer issuer = new(Secret, Previous);
        Bytes32 token = issuer.Issue(PeerAddress.Loopback(1), TimeSpan.Zero);
        Assert.False(issuer.Accepts(token, PeerAddress.Loopback(1), TimeSpan.FromDays(30)));
        Bytes32 fresh = issuer.Issue(PeerAddress.Loopback(1), TimeSpan.FromDays(30));
        Assert.True(issuer.Accepts(fresh, PeerAddress.Loopback(1), TimeSpan.FromDays(30) + TimeSpan.FromSeconds(7)));
    }

    private static JsonElement Find(string name)
        => Vectors.Load("dht.json").RootElement.EnumerateArray().First(vector => vector.GetProperty("name").GetString() == name);
}

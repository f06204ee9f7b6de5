using System.Text.Json;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc.Health;

namespace AuctionActors.Protocol.Tests.DhtRpc.Health;

public sealed class NatSamplerTests
{
    [Theory]
    [InlineData("nat-sampler.stable")]
    [InlineData("nat-sampler.random-ports")]
    [InlineData("nat-sampler.one-bad")]
    [InlineData("nat-sampler.two-hosts")]
    public void Votes_are_counted_as_upstream_counts_them(string name)
    {
        using JsonDocument document = Vectors.Load("dht.json");
        JsonElement vector = document.RootElement.EnumerateArray().First(one => one.GetProperty("name").GetString() == name);
        NatSampler sampler = new();
        foreach (JsonElement step in vector.GetProperty("steps").EnumerateArray())
        {
            Assert.True(PeerAddress.TryParse(step.GetProperty("add").GetString(), out PeerAddress vote));
            Assert.Equal(step.GetProperty("hits").GetInt32(), sampler.Add(vote));
            JsonElement result = step.GetProperty("result");
            Assert.Equal(result.GetProperty("host").GetString(), sampler.Address?.HostText);
            Assert.Equal(result.GetProperty("port").GetInt32(), sampler.Address?.Port ?? 0);
        }
    }

    [Fact]
    public void A_verdict_is_withdrawn_when_later_votes_disagree()
    {
        NatSampler sampler = new();
        for (int vote = 0; vote < 16; vote++)
            sampler.Add(new PeerAddress(0x01010101, 100));
        for (int vote = 0; vote < 8; vote++)
            sampler.Add(new PeerAddress(0x02020200u + (uint)vote, 100));
        Assert.Null(sampler.Address);
    }
}

using System.Text;
using System.Text.Json;
using AuctionActors.Auctions.Market.Publishing;
using AuctionActors.Auctions.Tests.Rules;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Auctions.Tests.Market.Publishing;

public sealed class BeeProjectionTests
{
    private static readonly AuctionStory Story = AuctionStory.Hello();

    [Fact]
    public void Every_chain_event_has_its_readable_key()
    {
        string id = Story.Opening.Hash.ToHex();
        Assert.Equal(
            [
                $"open/{id}", $"seller/{AuctionStory.Seller.Author}/{id}", $"bid/{id}/0000000000000001", $"bid/{id}/0000000000000002",
                $"bid/{id}/0000000000000003", $"close/{id}",
            ],
            BeeProjection.Project(Story.State, 0).Select(put => put.Key));
        Assert.Single(BeeProjection.Project(Story.State, 4));
    }

    [Fact]
    public void Values_are_json_with_decimal_amounts()
    {
        JsonElement[] values = [.. BeeProjection.Project(Story.State, 0).Select(put => JsonDocument.Parse(put.Value).RootElement)];
        Assert.Equal("75", values[0].GetProperty("start").GetString());
        Assert.Equal("75.5", values[3].GetProperty("amount").GetString());
        Assert.Equal("ACCEPTED", values[3].GetProperty("verdict").GetString());
        Assert.Equal(AuctionStory.Person(2).Author.ToHex(), values[5].GetProperty("winner").GetString());
        Assert.Equal("80", values[5].GetProperty("price").GetString());
    }

    [Fact]
    public void The_core_of_an_opening_can_be_read_back_and_nothing_else_can()
    {
        Assert.True(BeeProjection.TryReadCore(BeeProjection.Project(Story.State, 0)[0].Value, out PublicKey core));
        Assert.Equal(Story.Terms.Core, core);
        foreach (string text in new[] { "", "{", "[]", "{}", "{\"core\":1}", "{\"core\":\"12\"}" })
            Assert.False(BeeProjection.TryReadCore(Encoding.UTF8.GetBytes(text), out _));
    }
}

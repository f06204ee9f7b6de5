using Hyper.Protocol.DhtRpc;

namespace AuctionActors.Protocol.Tests.DhtRpc;

public sealed class BootstrapNodeTests
{
    [Theory]
    [InlineData("127.0.0.1:30001", "127.0.0.1:30001", null)]
    [InlineData("node1.hyperdht.org:49737", null, "node1.hyperdht.org")]
    [InlineData("88.99.3.86@node1.hyperdht.org:49737", "88.99.3.86:49737", "node1.hyperdht.org")]
    [InlineData("10.0.0.1@10.0.0.2:1", "10.0.0.1:1", "10.0.0.2")]
    public void Addresses_names_and_both_are_read_and_written(string text, string? address, string? name)
    {
        Assert.True(BootstrapNode.TryParse(text, out BootstrapNode? node));
        Assert.Equal((text, address, name), (node.ToString(), node.Address?.ToString(), node.Name));
    }

    [Fact]
    public void This_machine_needs_no_looking_up()
    {
        Assert.True(BootstrapNode.TryParse("localhost:30001", out BootstrapNode? node));
        Assert.True(node is { IsLoopback: true, Name: null });
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1")]
    [InlineData(":30001")]
    [InlineData("name:0")]
    [InlineData("name:65536")]
    [InlineData("300.0.0.1:30001")]
    [InlineData("@name:30001")]
    [InlineData("name@127.0.0.1:30001")]
    [InlineData("127.0.0.1@:30001")]
    [InlineData("127.0.0.1@a@b:30001")]
    [InlineData("two words:30001")]
    [InlineData("a..b:30001")]
    public void What_is_neither_is_refused(string text) => Assert.False(BootstrapNode.TryParse(text, out _));

    [Fact]
    public void The_public_nodes_have_an_address_to_try_and_a_name()
        => Assert.All(DhtNodeOptions.PublicBootstrapNodes, node => Assert.True(node is { Address: not null, Name: not null, IsLoopback: false }));
}

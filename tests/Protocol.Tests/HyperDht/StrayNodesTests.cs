using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.HyperDht;

namespace AuctionActors.Protocol.Tests.HyperDht;

public sealed class StrayNodesTests
{
    [Theory]
    [InlineData("134.209.28.98:49738", false)]
    [InlineData("134.209.28.98:49737", true)]
    [InlineData("167.99.142.185:49738", false)]
    [InlineData("35.233.47.252:9400", false)]
    [InlineData("150.136.142.116:1", false)]
    [InlineData("150.136.142.117:1", true)]
    public void Nodes_that_upstream_leaves_alone_are_left_alone(string text, bool isAdmitted)
    {
        Assert.True(PeerAddress.TryParse(text, out PeerAddress address));
        Assert.Equal(isAdmitted, StrayNodes.Admit(address));
    }
}

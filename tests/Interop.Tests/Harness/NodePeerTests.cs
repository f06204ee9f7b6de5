using System.Text.Json.Nodes;

namespace AuctionActors.Interop.Tests.Harness;

public sealed class NodePeerTests
{
    [Fact]
    public void The_pinned_modules_are_installed_and_answer()
    {
        using NodePeer peer = NodePeer.Start("versions.js");
        JsonObject versions = peer.ReadEvent("versions");
        Assert.Equal("6.34.0", (string?)versions["hyperdht"]);
        Assert.Equal("10.38.2", (string?)versions["hypercore10"]);
        Assert.Equal("11.37.1", (string?)versions["hypercore"]);
        Assert.Equal(0, peer.WaitForExit());
    }
}

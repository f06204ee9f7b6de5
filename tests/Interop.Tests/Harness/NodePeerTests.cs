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

    [Fact]
    public void A_peer_that_fails_says_so_at_once_and_fails_its_test()
    {
        NodePeer peer = NodePeer.Launch("node", ["-e", "throw new Error('gone')"], Checkout.Peers);
        Assert.Contains("gone", Assert.Throws<TimeoutException>(() => peer.ReadLine(TimeSpan.FromMinutes(5))).Message);
        Assert.Contains("with code 1", Assert.Throws<InvalidOperationException>(peer.Dispose).Message);
    }
}

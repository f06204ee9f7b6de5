using System.Text.Json.Nodes;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.HyperDht.Connecting;

namespace AuctionActors.Interop.Tests.HyperDht;

/// <summary>A second connection through the hole of the first, when nobody is left who could tell where the other end is.</summary>
public sealed class SocketReuseInteropTests : DhtInteropKit
{
    // Without a way inside the network, so that there is a hole.
    private static readonly HyperDhtOptions Punching = new()
    {
        Connect = new ConnectOptions { UsesLocalNetwork = false },
        Handshakes = new ServerHandshakeOptions { SharesLocalAddresses = false },
    };

    [Fact]
    public async Task A_JavaScript_client_comes_to_our_server_again_through_the_hole_of_its_first_connection()
    {
        DhtNodeClient[] others = await StartOthersAsync();
        await ListenAsync((await StartPunchingAsync()).Dht, reusesSocket: true);
        using NodePeer peer = Peers(1);
        for (int connection = 0; connection < 2; connection++)
        {
            Write(peer, new JsonObject { ["op"] = "connect", ["key"] = Ours.PublicKey.ToHex(), ["data"] = "68656c6c6f", ["reusable"] = true });
            JsonObject outcome = peer.ReadJson(json => (string?)json["event"] is "echo" or "failed");
            Assert.True((string?)outcome["event"] == "echo", outcome.ToJsonString());
            if (connection == 0)
                await Task.WhenAll(others.Select(node => node.StopAsync()));
        }
    }

    [Fact]
    public async Task Our_client_comes_to_a_JavaScript_server_again_through_the_hole_of_its_first_connection()
    {
        DhtNodeClient[] others = await StartOthersAsync();
        using NodePeer peer = Peers(1);
        Write(peer, new JsonObject { ["op"] = "listen", ["seed"] = TheirSeed, ["reusable"] = true });
        peer.ReadEvent("listening");
        (HyperDhtClient client, DhtNodeClient node) = await StartPunchingAsync();
        Assert.Equal("hello", await EchoAsync(client, Theirs.PublicKey, reusesSocket: true));
        peer.ReadEvent("ended");
        (int Theirs, long Ours) before = await CountSocketsAsync(peer, node);
        await Task.WhenAll(others.Select(node => node.StopAsync()));
        Assert.Equal("hello", await EchoAsync(client, Theirs.PublicKey, reusesSocket: true));
        Assert.Equal(before, await CountSocketsAsync(peer, node));
    }

    // One each, but none where the first packet of the other side came before a socket was opened for it.
    private static async Task<(int Theirs, long Ours)> CountSocketsAsync(NodePeer peer, DhtNodeClient node)
    {
        Write(peer, new JsonObject { ["op"] = "sockets" });
        int theirs = (int)peer.ReadEvent("sockets")["socketsAdded"]!;
        return (theirs, (await node.GetTrafficAsync()).PunchSockets.Opened);
    }

    private Task<(HyperDhtClient Dht, DhtNodeClient Node)> StartPunchingAsync()
        => StartAsync(Joining(isFirewalled: true, DhtPersistence.Ephemeral), Punching);

    // As many as it takes to see what a NAT does.
    private async Task<DhtNodeClient[]> StartOthersAsync()
    {
        List<DhtNodeClient> others = [(await StartBootstrapAsync()).Node];
        for (int i = 0; i < 5; i++)
            others.Add((await StartAsync(Joining(isFirewalled: false, DhtPersistence.Persistent))).Node);
        return [.. others];
    }
}

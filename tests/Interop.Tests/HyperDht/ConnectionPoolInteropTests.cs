using System.Text.Json.Nodes;
using Akka.Actor;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Networking.Dht.Pooling;

namespace AuctionActors.Interop.Tests.HyperDht;

public sealed class ConnectionPoolInteropTests : DhtInteropKit
{
    [Fact]
    public async Task A_connection_that_we_have_dialled_is_shared_in_the_pools_of_both_sides_until_it_ends()
    {
        (ConnectionPoolClient pool, Inbox owner) = await StartPoolAsync();
        using NodePeer peer = StartPeer();
        Task<ConnectionPoolProtocol.IOutcome> first = pool.ConnectAsync(Theirs.PublicKey), second = pool.ConnectAsync(Theirs.PublicKey);
        IActorRef connection = Assert.IsType<ConnectionPoolProtocol.Connected>(await first).Connection;
        Assert.Equal(connection, Assert.IsType<ConnectionPoolProtocol.Connected>(await second).Connection);
        Assert.Equal((Ours.PublicKey.ToHex(), false), Opened(peer));

        JsonObject pooled = Dial(peer);
        Assert.Equal((true, 1, 0), ((bool)pooled["isShared"]!, (int)pooled["connections"]!, (int)pooled["connecting"]!));
        ConnectionPoolProtocol.ConnectionsListed listed = await pool.GetConnectionsAsync();
        Assert.Equal((connection, 0), (Assert.Single(listed.Connections).Connection, listed.Dialling));

        connection.Tell(ConnectionProtocol.Destroy.Instance);
        Assert.Equal(Ours.PublicKey.ToHex(), (string?)peer.ReadEvent("pool-closed")["key"]);
        owner.ReceiveWhere(message => message is ConnectionPoolProtocol.Closed closed && closed.Connection.Equals(connection), Patience);
        Assert.NotEqual(connection, Assert.IsType<ConnectionPoolProtocol.Connected>(await pool.ConnectAsync(Theirs.PublicKey)).Connection);
        Assert.Equal((Ours.PublicKey.ToHex(), false), Opened(peer));
    }

    [Fact]
    public async Task A_connection_that_JavaScript_has_dialled_is_shared_in_the_pools_of_both_sides()
    {
        (ConnectionPoolClient pool, Inbox owner) = await StartPoolAsync();
        using NodePeer peer = StartPeer();
        pool.Listen(Ours);
        owner.ReceiveWhere(message => message is HyperDhtProtocol.Listening, Patience);
        Assert.False((bool)Dial(peer)["isShared"]!);
        Assert.Equal((Ours.PublicKey.ToHex(), true), Opened(peer));
        ConnectionPoolProtocol.Connected accepted = Assert.IsType<ConnectionPoolProtocol.Connected>(
            owner.ReceiveWhere(message => message is ConnectionPoolProtocol.Connected, Patience));
        Assert.False(accepted.Session.IsInitiator);
        Assert.Equal(accepted, await pool.ConnectAsync(Theirs.PublicKey));
        Assert.True((bool)Dial(peer)["isShared"]!);
    }

    private static JsonObject Dial(NodePeer peer)
    {
        Write(peer, new JsonObject { ["op"] = "pooled", ["seed"] = TheirSeed, ["key"] = Ours.PublicKey.ToHex() });
        return peer.ReadEvent("pooled");
    }

    private static (string? Key, bool IsInitiator) Opened(NodePeer peer)
    {
        JsonObject opened = peer.ReadEvent("pool-connection");
        return ((string?)opened["key"], (bool)opened["isInitiator"]!);
    }

    // A JavaScript peer with a server in a pool.
    private NodePeer StartPeer()
    {
        NodePeer peer = Peers(1);
        Write(peer, new JsonObject { ["op"] = "pool", ["seed"] = TheirSeed });
        peer.ReadEvent("listening");
        return peer;
    }

    private async Task<(ConnectionPoolClient Pool, Inbox Owner)> StartPoolAsync()
    {
        await StartNetworkAsync();
        HyperDhtClient dht = await JoinAsync(isFirewalled: true);
        Inbox owner = Inbox.Create(Runtime.System);
        return (new ConnectionPoolClient(Runtime.System, dht.Dht, Ours, owner.Receiver, Patience), owner);
    }
}

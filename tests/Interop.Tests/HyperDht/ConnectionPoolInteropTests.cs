using System.Text.Json.Nodes;
using Akka.Actor;
using AuctionActors.Interop.Tests.Harness;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Networking.Dht.Pooling;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;

namespace AuctionActors.Interop.Tests.HyperDht;

public sealed class ConnectionPoolInteropTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly KeyPair Ours = KeyPair.FromSeed(Blake2b.Hash256("ours"u8)), Theirs = KeyPair.FromSeed(Blake2b.Hash256("theirs"u8));
    private readonly RealRuntime _runtime = new("pool-interop");
    private readonly PeerAddress _bootstrap;

    public ConnectionPoolInteropTests() => _bootstrap = Discarding.FreePort(_runtime.Ports);

    public void Dispose() => _runtime.Dispose();

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
        Write(peer, new JsonObject { ["op"] = "pooled", ["seed"] = Seed("theirs"u8), ["key"] = Ours.PublicKey.ToHex() });
        return peer.ReadEvent("pooled");
    }

    private static (string? Key, bool IsInitiator) Opened(NodePeer peer)
    {
        JsonObject opened = peer.ReadEvent("pool-connection");
        return ((string?)opened["key"], (bool)opened["isInitiator"]!);
    }

    private static string Seed(ReadOnlySpan<byte> name) => Blake2b.Hash256(name).ToHex();

    private static void Write(NodePeer peer, JsonObject message) => peer.WriteLine(message.ToJsonString());

    // A JavaScript peer with a server in a pool.
    private NodePeer StartPeer()
    {
        NodePeer peer = NodePeer.Start("hyperdht.js", ["--bootstrap", _bootstrap.ToString()]);
        peer.ReadEvent("ready");
        Write(peer, new JsonObject { ["op"] = "pool", ["seed"] = Seed("theirs"u8) });
        peer.ReadEvent("listening");
        return peer;
    }

    private async Task<(ConnectionPoolClient Pool, Inbox Owner)> StartPoolAsync()
    {
        await StartAsync("bootstrap", DhtNodeActorOptions.Bootstrapper(_bootstrap, PeerAddress.Loopback(0).Host));
        HyperDhtClient dht = await StartAsync("ours", new DhtNodeActorOptions
        {
            Bind = PeerAddress.Loopback(0),
            Node = new DhtNodeOptions { BootstrapNodes = [_bootstrap], HasQuickFirewallCheck = false },
        });
        Inbox owner = Inbox.Create(_runtime.System);
        return (new ConnectionPoolClient(_runtime.System, dht.Dht, Ours, owner.Receiver, Patience), owner);
    }

    private async Task<HyperDhtClient> StartAsync(string name, DhtNodeActorOptions options)
        => (await HyperDhtClient.StartAsync(_runtime.System, _runtime.Peer(name, new MemoryFileStore()), new HyperDhtOptions { Node = options }, Patience)).Dht;
}

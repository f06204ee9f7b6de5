using System.Text;
using System.Text.Json.Nodes;
using Akka.Actor;
using AuctionActors.Interop.Tests.Replication;
using Hyper.Actors.Storage.Cores;
using Hyper.Actors.Storage.Corestores;
using Hyper.Actors.Swarm.Replication;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Corestore;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Interop.Tests.Corestore;

/// <summary>Whole stores exchanged over one connection with the JavaScript Corestore, in both versions.</summary>
public sealed class StoreReplicationTests : IDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("store-live-").FullName;
    private readonly TcpSwarm _swarm = new();
    private readonly IActorRef _store;
    private readonly CorestoreClient _client;

    public StoreReplicationTests()
    {
        CorestoreOptions options = new() { Folder = "store", PrimaryKey = new Bytes32([.. Enumerable.Repeat((byte)4, 32)]) };
        _store = _swarm.System.ActorOf(CorestoreActor.Props(_swarm.Runtime, options), "store");
        _client = Session();
        _swarm.Replication.Tell(new ReplicationProtocol.AddStore(_store));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    public async Task Cores_that_either_side_opens_come_over_one_connection(int version)
    {
        CoreClient ours = await _client.GetAsync("ours");
        await ours.AppendAsync(Blocks("ours", 20));
        using StorePeer peer = new(version, _folder, port: _swarm.Port);
        JsonObject theirs = peer.Open("theirs");
        string theirKey = (string)theirs["key"]!;
        peer.Append(theirKey, [.. Blocks("theirs", 30).Select(block => block.ToArray())]);
        _swarm.Accept();

        CoreKey ourKey = (await ours.GetInfoAsync()).Key;
        peer.Open(ourKey);
        Assert.Equal("ours-17", Encoding.UTF8.GetString(peer.Get(ourKey.ToHex(), 17)));
        Assert.True(CoreKey.TryParse(theirKey, out CoreKey key));
        CoreClient copy = await _client.GetAsync(key);
        Assert.Equal("theirs-29", Encoding.UTF8.GetString((await copy.GetAsync(29, wait: true))!.Value.Span));
        Assert.Equal(30, (await copy.GetInfoAsync()).Length);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    public async Task A_core_that_is_only_stored_is_opened_for_a_remote_that_knows_it(int version)
    {
        CorestoreClient before = Session(out IActorRef holder);
        CoreClient core = await before.GetAsync("stored", StoreNamespace.Default.Sub("app"));
        await core.AppendAsync(Blocks("stored", 9));
        CoreKey key = (await core.GetInfoAsync()).Key;
        await holder.GracefulStop(s_timeout);
        await WaitUntilStoppedAsync(core);

        using StorePeer peer = new(version, _folder, port: _swarm.Port);
        IActorRef connection = _swarm.Accept();
        peer.Open(key);
        Assert.Equal("stored-8", Encoding.UTF8.GetString(peer.Get(key.ToHex(), 8)));
        CoreClient served = await Session(out IActorRef other).GetAsync(key.ToDiscoveryKey());
        await other.GracefulStop(s_timeout);
        Assert.Equal(9, (await served.GetInfoAsync()).Length);
        await connection.GracefulStop(s_timeout);
        await WaitUntilStoppedAsync(served);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    public async Task A_core_that_was_closed_is_served_until_the_remote_wants_no_more_and_reached_again_when_it_is_opened(int version)
    {
        CorestoreClient first = Session(out IActorRef holder);
        CoreClient core = await first.GetAsync("ours");
        await core.AppendAsync(Blocks("ours", 9));
        CoreKey key = (await core.GetInfoAsync()).Key;
        using StorePeer peer = new(version, _folder, port: _swarm.Port);
        _swarm.Accept();
        peer.Open(key);
        Assert.Equal("ours-1", Encoding.UTF8.GetString(peer.Get(key.ToHex(), 1)));
        await holder.GracefulStop(s_timeout);
        Assert.Equal("ours-5", Encoding.UTF8.GetString(peer.Get(key.ToHex(), 5)));
        peer.Leave(key.ToHex());
        await WaitUntilStoppedAsync(core);

        CoreClient again = await _client.GetAsync("ours");
        await again.AppendAsync("more"u8.ToArray());
        peer.Open(key);
        Assert.Equal("more", Encoding.UTF8.GetString(peer.Get(key.ToHex(), 9)));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    public async Task A_passive_store_serves_and_reads_what_its_remote_opens(int version)
    {
        _swarm.Replication.Tell(new ReplicationProtocol.AddStore(_store, IsPassive: true));
        CoreClient ours = await _client.GetAsync("ours");
        await ours.AppendAsync(Blocks("ours", 3));
        CoreKey key = (await ours.GetInfoAsync()).Key;
        using StorePeer peer = new(version, _folder, port: _swarm.Port);
        JsonObject theirs = peer.Open("theirs");
        string theirKey = (string)theirs["key"]!;
        peer.Append(theirKey, "theirs-0"u8.ToArray());
        Assert.True(CoreKey.TryParse(theirKey, out CoreKey other));
        CoreClient copy = await _client.GetAsync(other);
        _swarm.Accept();
        peer.Open(key);
        Assert.Equal("ours-2", Encoding.UTF8.GetString(peer.Get(key.ToHex(), 2)));
        Assert.Equal("theirs-0", Encoding.UTF8.GetString((await copy.GetAsync(0, wait: true))!.Value.Span));
    }

    public void Dispose()
    {
        _swarm.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private CorestoreClient Session() => Session(out _);

    private CorestoreClient Session(out IActorRef holder)
        => new(_store, holder = _swarm.System.ActorOf(SessionHolderActor.Props()), s_timeout);

    private static async Task WaitUntilStoppedAsync(CoreClient core)
        => await core.Core.WatchAsync().WaitAsync(s_timeout);

    private static ReadOnlyMemory<byte>[] Blocks(string text, int count)
        => [.. Enumerable.Range(0, count).Select(i => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes($"{text}-{i}"))];
}

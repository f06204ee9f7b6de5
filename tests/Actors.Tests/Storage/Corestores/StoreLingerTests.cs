using Akka.Actor;
using Akka.TestKit;
using Hyper.Actors.Runtime;
using Hyper.Actors.Storage.Cores;
using Hyper.Actors.Storage.Corestores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Corestore;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Actors.Tests.Storage.Corestores;

/// <summary>Cores without a session: how long they stay open, and what is known of them without opening them.</summary>
public sealed class StoreLingerTests() : StoreKit("linger")
{
    [Fact]
    public async Task A_core_that_lingers_is_the_same_for_who_comes_back_and_is_exchanged_with_nobody_else_meanwhile()
    {
        IActorRef store = Open(TimeSpan.FromHours(1));
        TestProbe watcher = CreateTestProbe();
        store.Tell(new CorestoreProtocol.Watch(0), watcher);
        CorestoreClient client = Client(store);
        CoreClient core = await client.GetAsync("first");
        DiscoveryKey key = (await core.GetInfoAsync()).DiscoveryKey;
        Assert.True(watcher.FishForMessage<CorestoreProtocol.CoreOpened>(_ => true).Sharing.IsActive);
        for (int i = 0; i < 3; i++)
        {
            await client.CloseAsync(key);
            Assert.False(watcher.ExpectMsg<CorestoreProtocol.SharingChanged>().Sharing.IsActive);
            Assert.Equal(i, await core.AppendAsync(new byte[] { 1 }));
            Assert.Equal(core.Core, (await client.GetAsync("first")).Core);
            Assert.True(watcher.ExpectMsg<CorestoreProtocol.SharingChanged>().Sharing.IsActive);
        }
    }

    [Fact]
    public async Task A_core_that_has_lingered_is_closed_and_opens_again()
    {
        CorestoreClient client = Client(Open(TimeSpan.FromMilliseconds(50)));
        CoreClient core = await client.GetAsync("first"), other = await client.GetAsync("second");
        await core.AppendAsync(new byte[] { 1 });
        await client.CloseAsync((await core.GetInfoAsync()).DiscoveryKey);
        await core.Core.WatchAsync().WaitAsync(s_timeout);
        CoreClient again = await client.GetAsync("first");
        Assert.NotEqual(core.Core, again.Core);
        Assert.Equal((1, 0), ((await again.GetInfoAsync()).Length, (await other.GetInfoAsync()).Length));
    }

    [Fact]
    public async Task A_core_that_lingers_is_purged_at_once_and_one_that_is_open_is_not()
    {
        CorestoreClient client = Client(Open(TimeSpan.FromHours(1)));
        DiscoveryKey key = (await (await client.GetAsync("first")).GetInfoAsync()).DiscoveryKey;
        Assert.Equal(CoreProblem.Locked, (await Assert.ThrowsAsync<CoreFailedException>(() => client.PurgeAsync(key))).Problem);
        await client.CloseAsync(key);
        await client.PurgeAsync(key);
        Assert.Empty(await client.ListAsync());
        Assert.Equal(0, (await (await client.GetAsync("first")).GetInfoAsync()).Length);
    }

    [Fact]
    public async Task What_a_stored_core_says_of_itself_is_read_without_opening_it()
    {
        IActorRef store = Open(TimeSpan.Zero);
        CorestoreClient client = Client(store);
        CoreClient core = await client.GetAsync("first", StoreNamespace.Default.Sub("app"));
        CoreInfo info = await core.GetInfoAsync();
        Assert.Equal(info.Key, (await client.GetIdentityAsync(info.DiscoveryKey))!.Key);
        await client.CloseAsync(info.DiscoveryKey);
        await core.Core.WatchAsync().WaitAsync(s_timeout);
        store.Tell(new CorestoreProtocol.Watch(0), TestActor);
        ExpectMsg<CorestoreProtocol.Watching>();

        CoreIdentity identity = (await client.GetIdentityAsync(info.DiscoveryKey))!;
        Assert.Equal((info.Key, info.Manifest), (identity.Key, identity.Manifest));
        Assert.Equal(info.Manifest!.Signers[0].PublicKey, identity.KeyPair!.PublicKey);
        Assert.Contains(identity.UserData, item => item.Key == StoreLayout.NamespaceItem);
        Assert.Null(await client.GetIdentityAsync(new CoreKey(Bytes32.Zero).ToDiscoveryKey()));
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));

        using (IFileFolder folder = Files.OpenFolder($"store/{StoreLayout.FolderOf(info.DiscoveryKey)}", FolderAccess.Write))
            folder.Submit(new FileBatch([new FileWrite("oplog", 0, Enumerable.Repeat((byte)7, 8192).ToArray())], Flush: true), _ => { });
        CoreFailedException failed = await Assert.ThrowsAsync<CoreFailedException>(() => client.GetIdentityAsync(info.DiscoveryKey));
        Assert.Equal(CoreProblem.Corrupt, failed.Problem);
    }

    private IActorRef Open(TimeSpan linger) => Open(s_options with { Linger = linger });
}

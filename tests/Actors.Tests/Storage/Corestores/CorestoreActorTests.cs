using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Storage.Cores;
using Hyper.Actors.Storage.Corestores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Corestore;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Actors.Tests.Storage.Corestores;

public sealed class CorestoreActorTests() : StoreKit("corestores")
{
    [Fact]
    public async Task A_name_is_the_same_core_after_the_store_was_closed()
    {
        IActorRef store = Open();
        CoreClient core = await Client(store).GetAsync("first");
        await core.AppendAsync(new byte[] { 1 });
        CoreKey key = (await core.GetInfoAsync()).Key;
        await store.GracefulStop(s_timeout);
        CoreInfo again = await (await Client(Open()).GetAsync("first")).GetInfoAsync();
        Assert.Equal((key, 1L), (again.Key, again.Length));
    }

    [Fact]
    public async Task Sessions_share_one_actor_and_the_last_one_closes_it()
    {
        IActorRef store = Open(), one = Holder(), other = Holder();
        CoreClient first = await new CorestoreClient(store, one, s_timeout).GetAsync("first");
        CoreClient second = await new CorestoreClient(store, other, s_timeout).GetAsync("first");
        Assert.Equal(first.Core, second.Core);
        Watch(first.Core);
        Sys.Stop(one);
        await first.AppendAsync(new byte[] { 1 });
        Sys.Stop(other);
        ExpectTerminated(first.Core, s_timeout);
        Assert.Equal(1, (await (await Client(store).GetAsync("first")).GetInfoAsync()).Length);
    }

    [Fact]
    public async Task Namespaces_hold_cores_of_their_own()
    {
        CorestoreClient store = Client(Open());
        CoreClient plain = await store.GetAsync("first"), spaced = await store.GetAsync("first", StoreNamespace.Default.Sub("app"));
        Assert.NotEqual((await plain.GetInfoAsync()).Key, (await spaced.GetInfoAsync()).Key);
    }

    [Fact]
    public async Task A_stored_core_is_found_by_its_discovery_key_and_others_are_not_made()
    {
        CorestoreClient store = Client(Open());
        DiscoveryKey key = (await (await store.GetAsync("first")).GetInfoAsync()).DiscoveryKey;
        Assert.Equal(key, (await (await store.GetAsync(key)).GetInfoAsync()).DiscoveryKey);
        CoreFailedException failed = await Assert.ThrowsAsync<CoreFailedException>(() => store.GetAsync(default(DiscoveryKey)));
        Assert.Equal(CoreProblem.NotFound, failed.Problem);
    }

    [Fact]
    public async Task Another_secret_is_refused()
    {
        IActorRef store = Open();
        await Client(store).GetAsync("first");
        await store.GracefulStop(s_timeout);
        CorestoreClient other = Client(Open(s_options with { PrimaryKey = Bytes32.Zero }));
        CoreFailedException failed = await Assert.ThrowsAsync<CoreFailedException>(() => other.GetAsync("first"));
        Assert.Equal(CoreProblem.OtherCore, failed.Problem);
    }

    [Fact]
    public async Task Watchers_hear_of_every_open_core()
    {
        IActorRef store = Open();
        CoreClient before = await Client(store).GetAsync("before");
        store.Tell(new CorestoreProtocol.Watch(1), TestActor);
        ExpectMsg<CorestoreProtocol.Watching>();
        Assert.Equal(before.Core, ExpectMsg<CorestoreProtocol.CoreOpened>().Core);
        CoreClient after = await Client(store).GetAsync("after");
        Assert.Equal(after.Core, ExpectMsg<CorestoreProtocol.CoreOpened>().Core);
    }

    [Fact]
    public async Task All_cores_of_a_store_are_listed_audited_and_purged()
    {
        CorestoreClient store = Client(Open());
        CoreClient one = await store.GetAsync("one"), two = await store.GetAsync("two");
        await one.AppendAsync(new byte[] { 1 });
        DiscoveryKey[] keys = [(await one.GetInfoAsync()).DiscoveryKey, (await two.GetInfoAsync()).DiscoveryKey];
        Assert.Equal(keys.Order(Comparer<DiscoveryKey>.Create((a, b) => string.CompareOrdinal(a.ToHex(), b.ToHex()))), await store.ListAsync());
        await foreach ((_, string? fault) in store.AuditAsync())
            Assert.Null(fault);

        CoreFailedException open = await Assert.ThrowsAsync<CoreFailedException>(() => store.PurgeAsync(keys[0]));
        Assert.Equal(CoreProblem.Locked, open.Problem);
        Watch(one.Core);
        await store.CloseAsync(keys[0]);
        ExpectTerminated(one.Core, s_timeout);
        string path = $"store/{StoreLayout.FolderOf(keys[1])}";
        await store.CloseAsync(keys[1]);
        await AwaitAssertAsync(() => store.PurgeAsync(keys[0]), s_timeout);
        Assert.Equal(keys[1], Assert.Single(await store.ListAsync()));
        Files.DeleteFolder(path);
        Files.OpenFolder(path, FolderAccess.Write).Dispose();
        (DiscoveryKey key, string? found) = Assert.Single(await store.AuditAsync().ToListAsync());
        Assert.Equal(keys[1], key);
        Assert.Contains("there is no core", found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_core_that_is_still_closing_is_opened_again_for_as_many_as_may_have_cores_open()
    {
        using ManualResetEventSlim flushed = new(), flushing = new();
        bool holds = false;
        Files = new MemoryFileStore(finish =>
        {
            flushing.Set();
            if (Volatile.Read(ref holds))
                flushed.Wait(s_timeout);
            finish();
        });
        IActorRef store = Open(s_options with { MaxOpenCores = 1 });
        store.Tell(new CorestoreProtocol.OpenNamed(1, "first"), TestActor);
        CorestoreProtocol.Opened first = ExpectMsg<CorestoreProtocol.Opened>();
        flushing.Reset();
        Volatile.Write(ref holds, true);
        first.Core.Tell(new CoreProtocol.Append(2, [new byte[] { 1 }]), ActorRefs.NoSender);
        Assert.True(flushing.Wait(s_timeout));
        store.Tell(new CorestoreProtocol.CloseSession(3, first.Info.DiscoveryKey), TestActor);
        ExpectMsg<CorestoreProtocol.SessionClosed>();
        store.Tell(new CorestoreProtocol.OpenNamed(4, "first"), TestActor);
        store.Tell(new CorestoreProtocol.OpenNamed(5, "first"), TestActor);
        CorestoreProtocol.Failed refused = ExpectMsg<CorestoreProtocol.Failed>();
        Assert.Equal((5, CoreProblem.LimitReached), (refused.Request, refused.Problem));
        flushed.Set();
        CorestoreProtocol.Opened again = ExpectMsg<CorestoreProtocol.Opened>();
        Assert.Equal((4, 1), (again.Request, again.Info.Length));
        await store.GracefulStop(s_timeout);
    }
}

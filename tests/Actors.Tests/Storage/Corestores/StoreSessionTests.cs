using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Storage.Cores;
using Hyper.Actors.Storage.Corestores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Corestore;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Manifests;

namespace AuctionActors.Actors.Tests.Storage.Corestores;

/// <summary>What a session of a store's core can be like, and what the store does for all sessions of an asker.</summary>
public sealed class StoreSessionTests() : RuntimeKit("sessions")
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);
    private static readonly SessionTerms s_exclusive = new() { IsExclusive = true };
    private static readonly SessionTerms s_present = new() { CreateIfMissing = false };

    private readonly MemoryFileStore _files = new();

    [Fact]
    public async Task The_cores_of_a_namespace_are_listed_apart()
    {
        StoreNamespace app = StoreNamespace.Default.Sub("app");
        CorestoreClient store = Client(Open());
        DiscoveryKey plain = await KeyOf(store.GetAsync("first")), spaced = await KeyOf(store.GetAsync("first", app));
        DiscoveryKey nameless = await KeyOf(store.GetAsync(CoreIdentity.ForReader(new CoreKey(Bytes32.Zero))));
        Assert.Equal(spaced, Assert.Single(await store.ListAsync(app)));
        Assert.Equal(plain, Assert.Single(await store.ListAsync(StoreNamespace.Default)));
        HashSet<DiscoveryKey> all = [.. await store.ListAsync()];
        Assert.Equal<HashSet<DiscoveryKey>>([plain, spaced, nameless], all);
    }

    [Fact]
    public async Task A_core_that_is_not_there_is_refused_when_none_is_to_be_made()
    {
        CorestoreClient store = Client(Open());
        CoreFailedException failed = await Assert.ThrowsAsync<CoreFailedException>(() => store.GetAsync("first", terms: s_present));
        Assert.Equal(CoreProblem.NotFound, failed.Problem);
        Assert.Empty(await store.ListAsync());
        DiscoveryKey key = await KeyOf(store.GetAsync("first"));
        Assert.Equal(key, await KeyOf(store.GetAsync("first", terms: s_present)));
    }

    [Fact]
    public async Task A_name_finds_the_core_of_whatever_manifest_version_and_new_ones_get_the_one_that_is_set()
    {
        IActorRef store = Open(manifestVersion: 0);
        DiscoveryKey old = await KeyOf(Client(store).GetAsync("old"));
        await store.GracefulStop(s_timeout);
        CorestoreClient newer = Client(Open(manifestVersion: 2));
        CoreInfo found = await (await newer.GetAsync("old")).GetInfoAsync(), made = await (await newer.GetAsync("new")).GetInfoAsync();
        Assert.Equal((old, 0, 2), (found.DiscoveryKey, found.Manifest!.Version, made.Manifest!.Version));
    }

    [Fact]
    public async Task A_core_that_was_opened_to_be_read_learns_its_manifest_and_key_pair_and_keeps_them()
    {
        CoreIdentity writer = CoreIdentity.ForManifest(Manifest.ForSigner(s_pair.PublicKey), s_pair);
        IActorRef store = Open();
        CoreClient reader = await Client(store).GetAsync(writer.Key);
        CoreInfo unknown = await reader.GetInfoAsync();
        Assert.Null(unknown.Manifest);
        Assert.False(unknown.Writable);
        CoreClient both = await Client(store).GetAsync(writer);
        Assert.Equal(reader.Core, both.Core);
        await reader.AppendAsync(new byte[] { 1 });
        await store.GracefulStop(s_timeout);

        CoreInfo again = await (await Client(Open()).GetAsync(writer.Key)).GetInfoAsync();
        Assert.Equal((writer.Manifest, true, 1L), (again.Manifest, again.Writable, again.Length));
    }

    [Fact]
    public async Task A_stored_core_learns_its_key_pair_when_it_is_opened_by_its_name()
    {
        IActorRef store = Open();
        CoreKey key = new StoreKeys(Bytes32.Zero).IdentityOf(StoreNamespace.Default, "first").Key;
        await Client(store).GetAsync(key);
        await store.GracefulStop(s_timeout);
        store = Open();
        CoreClient named = await Client(store).GetAsync("first");
        await named.AppendAsync(new byte[] { 1 });
        Assert.Equal(key.ToDiscoveryKey(), Assert.Single(await Client(store).ListAsync(StoreNamespace.Default)));
    }

    [Fact]
    public async Task An_exclusive_session_waits_for_the_end_of_another_ones_and_no_other_session_does()
    {
        IActorRef store = Open(), first = Holder(), next = Holder();
        CoreClient one = await new CorestoreClient(store, first, s_timeout).GetAsync("first", terms: s_exclusive);
        Task<CoreClient> waiting = new CorestoreClient(store, next, s_timeout).GetAsync("first", terms: s_exclusive);
        await new CorestoreClient(store, first, s_timeout).GetAsync("first", terms: s_exclusive);
        await Client(store).GetAsync("first");
        Assert.False(waiting.IsCompleted);
        Sys.Stop(first);
        Assert.Equal(one.Core, (await waiting).Core);
    }

    [Fact]
    public async Task More_than_may_wait_for_a_core_are_refused()
    {
        IActorRef store = Open(maxWaiting: 1);
        await Client(store).GetAsync("first", terms: s_exclusive);
        store.Tell(new CorestoreProtocol.OpenNamed(1, "first") { Terms = s_exclusive }, TestActor);
        store.Tell(new CorestoreProtocol.OpenNamed(2, "first") { Terms = s_exclusive }, TestActor);
        CorestoreProtocol.Failed refused = ExpectMsg<CorestoreProtocol.Failed>(s_timeout);
        Assert.Equal((2, CoreProblem.LimitReached), (refused.Request, refused.Problem));
    }

    [Fact]
    public async Task Watchers_hear_how_a_core_is_to_be_exchanged_until_they_watch_no_longer()
    {
        IActorRef store = Open();
        store.Tell(new CorestoreProtocol.Watch(1), TestActor);
        ExpectMsg<CorestoreProtocol.Watching>();
        CorestoreClient client = Client(store);
        DiscoveryKey key = await KeyOf(client.GetAsync("first", terms: new SessionTerms { IsActive = false }));
        Assert.Equal(new CoreSharing(false), ExpectMsg<CorestoreProtocol.CoreOpened>().Sharing);
        await client.GetAsync("first", terms: new SessionTerms { AllowsPush = true, IsPushOnly = true });
        Assert.Equal(new CoreSharing(true, true, true), ExpectMsg<CorestoreProtocol.SharingChanged>().Sharing);
        await client.CloseAsync(key);
        Assert.Equal(new CoreSharing(false), ExpectMsg<CorestoreProtocol.SharingChanged>().Sharing);
        store.Tell(new CorestoreProtocol.Unwatch(2), TestActor);
        ExpectMsg<CorestoreProtocol.Unwatched>();
        await client.GetAsync("other");
        store.Tell(new CorestoreProtocol.ListCores(3), TestActor);
        ExpectMsg<CorestoreProtocol.Cores>();
    }

    [Fact]
    public async Task Updates_of_all_cores_of_a_session_wait_while_peers_are_looked_for()
    {
        IActorRef store = Open(), holder = Holder();
        CorestoreClient looking = new(store, holder, s_timeout), other = Client(store);
        CoreClient before = await looking.GetAsync(KeyNumber(1)), notLookedFor = await other.GetAsync(KeyNumber(2));
        await looking.BeginFindingPeersAsync();
        CoreClient after = await looking.GetAsync(KeyNumber(3));
        Task<bool>[] waiting = [before.UpdateAsync(), after.UpdateAsync()];
        Assert.False(await notLookedFor.UpdateAsync());
        await before.GetInfoAsync();
        await after.GetInfoAsync();
        Assert.DoesNotContain(waiting, update => update.IsCompleted);
        await looking.EndFindingPeersAsync();
        bool[] newer = await Task.WhenAll(waiting);
        Assert.Equal([false, false], newer);

        await looking.BeginFindingPeersAsync();
        CoreClient shared = await other.GetAsync(KeyNumber(1));
        Task<bool> last = shared.UpdateAsync();
        Sys.Stop(holder);
        Assert.False(await last);
    }

    [Fact]
    public async Task A_store_that_is_open_to_be_read_is_read_beside_its_writer_and_changes_nothing()
    {
        CorestoreClient writer = Client(Open());
        CoreClient core = await writer.GetAsync("first");
        await core.AppendAsync(new byte[] { 7 });
        CorestoreClient reader = Client(Open(readOnly: true));
        CoreClient read = await reader.GetAsync("first");
        Assert.Equal(7, (await read.GetAsync(0))!.Value.Span[0]);
        Assert.Equal(CoreProblem.NotWritable, (await Assert.ThrowsAsync<CoreFailedException>(() => read.AppendAsync(new byte[] { 8 }))).Problem);
        Assert.Equal(CoreProblem.NotFound, (await Assert.ThrowsAsync<CoreFailedException>(() => reader.GetAsync("other"))).Problem);
        DiscoveryKey key = (await core.GetInfoAsync()).DiscoveryKey;
        await reader.CloseAsync(key);
        await AwaitAssertAsync(
            async () => Assert.Equal(
                CoreProblem.FolderReadOnly, (await Assert.ThrowsAsync<CoreFailedException>(() => reader.PurgeAsync(key))).Problem),
            s_timeout);
        Assert.Equal(key, Assert.Single(await reader.ListAsync()));
    }

    [Fact]
    public async Task A_purged_core_leaves_no_folder_that_held_nothing_else()
    {
        IActorRef store = Open();
        CorestoreClient client = Client(store);
        CoreClient core = await client.GetAsync("first");
        DiscoveryKey key = (await core.GetInfoAsync()).DiscoveryKey;
        await client.CloseAsync(key);
        await AwaitAssertAsync(() => client.PurgeAsync(key), s_timeout);
        Assert.Empty(_files.ListFolders($"store/{StoreLayout.CoresFolder}"));
        Assert.Empty(await client.ListAsync());
    }

    private static readonly KeyPair s_pair = KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)9, 32)]));

    private static CoreKey KeyNumber(byte number) => new(new Bytes32([.. Enumerable.Repeat(number, 32)]));

    private static async Task<DiscoveryKey> KeyOf(Task<CoreClient> opened) => (await (await opened).GetInfoAsync()).DiscoveryKey;

    private IActorRef Open(int manifestVersion = 1, int maxWaiting = 16, bool readOnly = false)
    {
        CorestoreOptions options = new()
        {
            Folder = "store",
            PrimaryKey = Bytes32.Zero,
            ManifestVersion = manifestVersion,
            MaxWaiting = maxWaiting,
            Storage = new HypercoreOptions { ReadOnly = readOnly },
        };
        return Sys.ActorOf(CorestoreActor.Props(Runtime.Peer("sessions", _files), options));
    }

    private CorestoreClient Client(IActorRef store) => new(store, Holder(), s_timeout);

    private IActorRef Holder() => Sys.ActorOf(SessionHolderActor.Props());
}

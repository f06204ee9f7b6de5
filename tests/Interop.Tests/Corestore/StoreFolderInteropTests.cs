using System.Text;
using System.Text.Json.Nodes;
using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Storage.Cores;
using Hyper.Actors.Storage.Corestores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Corestore;

namespace AuctionActors.Interop.Tests.Corestore;

/// <summary>A store that we wrote, shared with the JavaScript Corestore 6.</summary>
public sealed class StoreFolderInteropTests : IDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("store-interop-").FullName;

    [Fact]
    public async Task JavaScript_finds_our_cores_by_their_names_and_continues_them()
    {
        StoreNamespace space = StoreNamespace.Default.Sub("app").Sub("part");
        CoreInfo plain = null!, spaced = null!;
        await WithStoreAsync(async store =>
        {
            plain = await FillAsync(await store.GetAsync("first"), 7);
            spaced = await FillAsync(await store.GetAsync("first", space), 3);
        });

        using StorePeer peer = new(6, _folder);
        Assert.Equal(Convert.ToHexStringLower(await File.ReadAllBytesAsync(Path.Combine(_folder, "primary-key"))), peer.PrimaryKey);
        AssertSame(plain, peer.Open("first"));
        AssertSame(spaced, peer.Open("first", "app", "part"));
        JsonObject read = peer.Read(plain.Key.ToHex());
        Assert.Equal("block-6", Encoding.UTF8.GetString(Convert.FromHexString((string)read["blocks"]![6]!)));
        Assert.Equal(8, (long?)peer.Append(plain.Key.ToHex(), "theirs"u8.ToArray())["length"]);
        JsonObject made = peer.Open("theirs", "app");
        peer.Append((string)made["key"]!, [1], [2]);
        peer.Close();

        await WithStoreAsync(async store =>
        {
            CoreClient continued = await store.GetAsync("first"), theirs = await store.GetAsync("theirs", StoreNamespace.Default.Sub("app"));
            Assert.Equal("theirs", Encoding.UTF8.GetString((await continued.GetAsync(7))!.Value.Span));
            CoreInfo found = await theirs.GetInfoAsync();
            Assert.Equal(((string?)made["key"], 2L), (found.Key.ToHex(), found.Length));
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Names_and_namespaces_of_JavaScript_are_found_whatever_the_version_of_its_manifests(int manifestVersion)
    {
        string? plain, spaced;
        using (StorePeer peer = new(6, _folder, manifestVersion: manifestVersion))
        {
            plain = (string?)peer.Open("first")["key"];
            spaced = (string?)peer.Open("first", "app")["key"];
            peer.Append(plain!, [1]);
            peer.Close();
        }

        StoreNamespace app = StoreNamespace.Default.Sub("app");
        await WithStoreAsync(async store =>
        {
            CoreInfo first = await (await store.GetAsync("first")).GetInfoAsync();
            Assert.Equal((plain, 1L, true), (first.Key.ToHex(), first.Length, first.Writable));
            CoreInfo other = await (await store.GetAsync("first", app)).GetInfoAsync();
            Assert.Equal((spaced, manifestVersion), (other.Key.ToHex(), other.Manifest!.Version));
            Assert.Equal(other.DiscoveryKey, Assert.Single(await store.ListAsync(app)));
        });
    }

    [Fact]
    public async Task A_store_that_is_open_is_locked_against_the_other_side()
    {
        using StorePeer peer = new(6, _folder);
        peer.Open("first");
        CoreFailedException failed = await Assert.ThrowsAsync<CoreFailedException>(() => WithStoreAsync(store => store.GetAsync("first")));
        Assert.Equal(CoreProblem.Locked, failed.Problem);
    }

    [Fact]
    public async Task Version_7_gives_the_same_names_the_same_keys()
    {
        string other = Path.Combine(_folder, "other");
        Bytes32 secret = new([.. Enumerable.Repeat((byte)3, 32)]);
        using StorePeer peer = new(7, other, secret);
        StoreKeys keys = new(secret);
        Assert.Equal(keys.IdentityOf(StoreNamespace.Default, "x").Key.ToHex(), (string?)peer.Open("x")["key"]);
        StoreNamespace space = StoreNamespace.Default.Sub("a").Sub("b");
        Assert.Equal(keys.IdentityOf(space, "x").Key.ToHex(), (string?)peer.Open("x", "a", "b")["key"]);
        peer.Close();
        CoreFailedException failed = await Assert.ThrowsAsync<CoreFailedException>(() => WithStoreAsync(store => store.GetAsync("x"), other));
        Assert.Equal(CoreProblem.WrongVersion, failed.Problem);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<CoreInfo> FillAsync(CoreClient core, int blocks)
    {
        for (int i = 0; i < blocks; i++)
            await core.AppendAsync(Encoding.UTF8.GetBytes($"block-{i}"));
        return await core.GetInfoAsync();
    }

    private async Task WithStoreAsync(Func<CorestoreClient, Task> use, string? folder = null)
    {
        using DiskFileStore files = new();
        using RealRuntime runtime = new("store");
        IActorRef store = runtime.System.ActorOf(
            CorestoreActor.Props(runtime.Peer("store", files), new CorestoreOptions { Folder = folder ?? _folder }), "store");
        await use(new CorestoreClient(store, runtime.System.ActorOf(SessionHolderActor.Props()), s_timeout));
        await store.GracefulStop(s_timeout);
        await runtime.StopAsync();
    }

    private static void AssertSame(CoreInfo ours, JsonObject theirs)
    {
        Assert.Equal(ours.Key.ToHex(), (string?)theirs["key"]);
        Assert.Equal(ours.Length, (long?)theirs["length"]);
        Assert.Equal(ours.Tree.Hash.ToHex(), (string?)theirs["treeHash"]);
        Assert.True((bool?)theirs["writable"]);
    }
}

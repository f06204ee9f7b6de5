using Akka.Actor;
using Akka.TestKit;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Actors.Tests.Storage.Cores;

public sealed class CoreLimitTests() : RuntimeKit("limits")
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);
    private static readonly CoreIdentity s_identity
        = CoreIdentity.ForWriter(KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)4, 32)])));


    [Fact]
    public async Task Orders_beyond_the_limit_are_refused_until_others_have_ended()
    {
        CoreClient core = Open(s_identity, new CoreOptions { Folder = "core", MaxPendingOrders = 2 });
        core.Core.Tell(new CoreProtocol.GetBlock(1, 5), TestActor);
        core.Core.Tell(new CoreProtocol.GetBlock(2, 6), TestActor);
        core.Core.Tell(new CoreProtocol.Append(3, [new byte[] { 1 }]), TestActor);
        Assert.Equal((3, CoreProblem.LimitReached), Of(ExpectMsg<CoreProtocol.Failed>()));
        core.Core.Tell(new CoreProtocol.GetBlock(4, 7), TestActor);
        Assert.Equal((4, CoreProblem.LimitReached), Of(ExpectMsg<CoreProtocol.Failed>()));
        Assert.Null(await core.GetAsync(5));
        core.Core.Tell(new CoreProtocol.CancelGet(1), TestActor);
        await core.AppendAsync(new byte[] { 1 });
    }

    [Fact]
    public void Subscribers_beyond_the_limit_are_refused_until_another_one_has_ended()
    {
        CoreClient core = Open(s_identity, new CoreOptions { Folder = "core", MaxSubscribers = 1 });
        TestProbe first = CreateTestProbe();
        core.Core.Tell(new CoreProtocol.Subscribe(1), first);
        core.Core.Tell(new CoreProtocol.Subscribe(2), first);
        Assert.Equal(1, first.ExpectMsg<CoreProtocol.Subscribed>().Request);
        Assert.Equal(2, first.ExpectMsg<CoreProtocol.Subscribed>().Request);
        core.Core.Tell(new CoreProtocol.Subscribe(3), TestActor);
        Assert.Equal((3, CoreProblem.LimitReached), Of(ExpectMsg<CoreProtocol.Failed>()));
        core.Core.Tell(new CoreProtocol.AddExtension(4, "a"), first);
        core.Core.Tell(new CoreProtocol.AddExtension(5, "b"), first);
        Assert.Equal((5, CoreProblem.LimitReached), Of(first.ExpectMsg<CoreProtocol.Failed>()));
        core.Core.Tell(new CoreProtocol.Unsubscribe(6), first);
        core.Core.Tell(new CoreProtocol.Subscribe(7), TestActor);
        Assert.Equal(7, ExpectMsg<CoreProtocol.Subscribed>().Request);
    }

    [Fact]
    public async Task Of_the_ranges_that_are_downloaded_a_bounded_number_is_open_and_a_bounded_number_of_blocks_asked_for()
    {
        CoreClient copy = await OpenEmptyCopy(10_000);
        CoreDownload[] ranges = [.. Enumerable.Range(0, 512).Select(i => copy.Download(new DownloadRange { Start = i }))];
        CoreFailedException refused = await Assert.ThrowsAsync<CoreFailedException>(() => copy.Download().Done);
        Assert.Equal(CoreProblem.LimitReached, refused.Problem);
        Assert.Equal(512 + 7, Needed(copy).Count);
        ranges[0].End();
        Assert.False(await ranges[0].Done);
        CoreDownload next = copy.Download(new DownloadRange { Start = 9000, End = 9001 });
        Assert.Equal([.. Enumerable.Range(1, 511 + 7).Select(block => (long)block), 9000], Needed(copy));
        foreach (CoreDownload range in ranges)
            range.End();
        Assert.Equal([9000], Needed(copy));
        Assert.False(next.Done.IsCompleted);
        next.End();
        Assert.False(await next.Done);
        Assert.Empty(Needed(copy));
    }

    [Fact]
    public async Task How_much_may_be_under_way_at_a_core_is_an_option()
    {
        CoreLimits limits = new()
        {
            MaxDownloads = 2,
            MaxDownloadBlocks = 3,
            MaxBlocksOfDownload = 2,
            MinBlocksOfDownload = 1,
            MaxSeeks = 1,
            MaxUpdates = 1,
            MaxPeerSearches = 1,
            MaxPeerQuestions = 1,
            MaxAwaitedChanges = 1,
            MaxAwaitedRepairs = 1,
            MaxDrafts = 1,
            MaxCuts = 1,
        };
        CoreClient copy = await OpenEmptyCopy(100, limits);
        _ = (copy.Download(), copy.Download(new DownloadRange { Start = 50 }));
        Assert.Equal([0, 1, 50], Needed(copy));
        await AssertRefused(() => copy.Download().Done);
        CoreInfo info = await copy.GetInfoAsync();
        using PeerSearch search = copy.FindPeers();
        Task[] waiting = [copy.SeekAsync(70), copy.UpdateAsync(wait: true), copy.AwaitChangeAsync(info), DraftClient.BeginAsync(copy)];
        await waiting[3];
        await AssertRefused(() => copy.SeekAsync(71));
        await AssertRefused(() => copy.UpdateAsync(wait: true));
        await AssertRefused(() => copy.AwaitChangeAsync(info));
        await AssertRefused(() => DraftClient.BeginAsync(copy));
        copy.Core.Tell(new CorePeerProtocol.BeginFindingPeers(8), TestActor);
        Assert.Equal((8, CoreProblem.LimitReached), Of(ExpectMsg<CoreProtocol.Failed>()));
        TestProbe session = CreateTestProbe();
        copy.Core.Tell(new CoreProtocol.Subscribe(0) { Peer = s_identity.KeyPair!.PublicKey }, session);
        Task peers = copy.GetPeersAsync();
        await AssertRefused(copy.GetPeersAsync);
        Assert.Equal([false, false, false, true], waiting.Select(task => task.IsCompleted));
        Assert.False(peers.IsCompleted);

        CoreClient core = Open(s_identity, new CoreOptions { Folder = "core", Limits = limits });
        await core.AppendAsync(Blocks(3));
        CoreSnapshot snapshot = await core.SnapshotAsync();
        await core.TruncateAsync(2);
        Assert.NotNull(await snapshot.GetAsync(1));
        await core.TruncateAsync(1);
        Assert.Equal(CoreProblem.OutOfRange, (await Assert.ThrowsAsync<CoreFailedException>(() => snapshot.GetAsync(0))).Problem);

        static async Task AssertRefused(Func<Task> ask)
            => Assert.Equal(CoreProblem.LimitReached, (await Assert.ThrowsAsync<CoreFailedException>(ask)).Problem);
    }

    [Fact]
    public async Task A_range_is_whole_again_after_a_cut_when_the_core_has_grown_over_it()
    {
        CoreClient core = Open(s_identity, new CoreOptions { Folder = "core" });
        await core.AppendAsync(Blocks(10));
        await core.ClearAsync(4, 6);
        CoreDownload range = core.Download(new DownloadRange { Start = 2, End = 12 });
        Assert.Equal([4, 5], Needed(core));
        await core.TruncateAsync(3);
        await core.AppendAsync(Blocks(8));
        Assert.False(range.Done.IsCompleted);
        Assert.Empty(Needed(core));
        await core.AppendAsync(Blocks(1));
        Assert.True(await range.Done.WaitAsync(s_timeout));
    }

    [Fact]
    public async Task A_search_for_a_byte_that_is_given_up_is_no_longer_asked_for()
    {
        CoreClient copy = await OpenEmptyCopy(100);
        using CancellationTokenSource interrupted = new();
        Task search = copy.SeekAsync(70, cancellation: interrupted.Token);
        Assert.Equal(70, Assert.Single(Subscribed(copy).Searches).Seek!.Value.Bytes);
        await interrupted.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => search);
        Assert.Empty(Subscribed(copy).Searches);
    }

    [Fact]
    public async Task A_byte_behind_the_end_is_looked_for_until_the_core_has_grown_over_it()
    {
        CoreClient core = Open(s_identity, new CoreOptions { Folder = "core" });
        Task<(long Block, long Offset)> far = core.SeekAsync(7), near = core.SeekAsync(1);
        core.Core.Tell(new CoreProtocol.Seek(1, 7), TestActor);
        TestProbe session = CreateTestProbe();
        core.Core.Tell(new CoreProtocol.Subscribe(0), session);
        Assert.Equal([7, 1, 7], session.ExpectMsg<CoreProtocol.Subscribed>().Searches.Select(search => search.Seek!.Value.Bytes));
        Assert.Equal((0, 0), await core.SeekAsync(0));
        core.Core.Tell(new CoreProtocol.CancelGet(1), TestActor);
        await core.AppendAsync(Blocks(2));
        Assert.Equal((0, 1), await near);
        NodeSearch search = session.FishForMessage<CoreProtocol.NodesNeeded>(_ => true).Search;
        Assert.Equal((7, true), (search.Seek!.Value.Bytes, search.IsBeyond));
        Assert.False(far.IsCompleted);
        await core.AppendAsync(Blocks(2));
        Assert.Equal((3, 1), await far);
        core.Core.Tell(new CoreProtocol.Seek(2, 99), TestActor);
        core.Core.Tell(new CoreProtocol.CancelGet(2), TestActor);
        Assert.Equal(99, session.FishForMessage<CoreProtocol.NodesUnneeded>(_ => true).Search.Seek!.Value.Bytes);
    }

    private static (long, CoreProblem) Of(CoreProtocol.Failed failed) => (failed.Request, failed.Problem);

    private static ReadOnlyMemory<byte>[] Blocks(int count) => [.. Enumerable.Range(0, count).Select(i => (ReadOnlyMemory<byte>)new byte[] { 1, (byte)i })];

    private IReadOnlyList<long> Needed(CoreClient core) => Subscribed(core).Needed;

    private CoreProtocol.Subscribed Subscribed(CoreClient core)
    {
        TestProbe probe = CreateTestProbe();
        core.Core.Tell(new CoreProtocol.Subscribe(0), probe);
        return probe.ExpectMsg<CoreProtocol.Subscribed>();
    }

    // A reader that knows how long the core is and has none of its blocks.
    private async Task<CoreClient> OpenEmptyCopy(int length, CoreLimits? limits = null)
    {
        CoreClient source = Open(s_identity, new CoreOptions { Folder = "source" });
        await source.AppendAsync(Blocks(length));
        CoreClient copy = Open(CoreIdentity.ForReader(s_identity.Key), new CoreOptions { Folder = "copy", Limits = limits ?? new CoreLimits() });
        source.Core.Tell(new CoreProtocol.Prove(1, new ProofRequest(Upgrade: new UpgradeTarget(0, length)), Manifest: true), TestActor);
        copy.Core.Tell(new CoreProtocol.Verify(2, ExpectMsg<CoreProtocol.Proven>().Proof!), TestActor);
        Assert.Equal(ProofOutcome.Accepted, ExpectMsg<CoreProtocol.Verified>().Outcome);
        await AwaitAssertAsync(async () => Assert.Equal(length, (await copy.GetInfoAsync()).Length), s_timeout);
        return copy;
    }

    private CoreClient Open(CoreIdentity identity, CoreOptions options)
        => new(Sys.ActorOf(CoreActor.Props(Runtime.Peer("limits", new MemoryFileStore()), options with { Identity = identity })), s_timeout);
}

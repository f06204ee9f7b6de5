using System.Collections.Concurrent;
using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Damage;

namespace AuctionActors.Actors.Tests.Storage.Cores;

public sealed class RepairStepTests : CoreKit
{
    private const int Length = 5000;

    private static readonly HypercoreOptions s_storage = new() { CheckpointEvery = 1 };

    private readonly ConcurrentQueue<Action> _held = new();
    private readonly MemoryFileStore _files;
    private bool _holds;

    public RepairStepTests()
        : base("repairs") => _files = new MemoryFileStore(finish =>
        {
            if (Volatile.Read(ref _holds))
                _held.Enqueue(finish);
            else
                finish();
        });

    [Fact]
    public async Task A_core_serves_others_between_two_steps_of_a_repair()
    {
        CoreClient core = await OpenDamagedAsync(Length, ("data", 10), ("data", 4900));
        Volatile.Write(ref _holds, true);
        Task<RepairReport> repair = core.RepairAsync();
        Task complete = core.AwaitNodesAsync();
        Assert.Null(await core.GetAsync(10));
        Assert.Equal([11], (await core.GetAsync(11))!.Value.ToArray());
        Assert.NotNull(await core.GetAsync(4900));
        Task append = core.AppendAsync(Blocks(3)), clear = core.ClearAsync(2000, 3000);
        Assert.Equal(Length, (await core.GetInfoAsync()).Length);
        Assert.False(repair.IsCompleted || complete.IsCompleted || append.IsCompleted);
        Release();
        Assert.Equal([10, 4900], (await repair).LostBlocks);
        await Task.WhenAll(complete, append, clear);
        Assert.Null(await core.GetAsync(4900));
        Assert.Equal(Length + 3, (await core.GetInfoAsync()).Length);
        Assert.Null(await core.AuditAsync());
    }

    [Fact]
    public async Task Whoever_asks_for_a_repair_during_another_gets_one_of_their_own_and_a_bounded_number_waits()
    {
        CoreClient core = await OpenDamagedAsync(Length, ("data", 10));
        Volatile.Write(ref _holds, true);
        Task<RepairReport> first = core.RepairAsync(), second = core.RepairAsync();
        CoreFailedException refused = await Assert.ThrowsAsync<CoreFailedException>(() => core.RepairAsync());
        Assert.Equal(CoreProblem.LimitReached, refused.Problem);
        Release();
        Assert.Equal([10], (await first).LostBlocks);
        Assert.Empty((await second).Damage);
        Assert.Empty((await core.RepairAsync()).Damage);
    }

    [Fact]
    public async Task A_bounded_number_waits_for_nodes_and_nobody_for_those_of_blocks_that_were_cut_off()
    {
        CoreClient core = await OpenDamagedAsync(45, Nodes(7, 3, 11, 0, 2, 4));
        core.Core.Tell(new CoreProtocol.Subscribe(0), TestActor);
        ExpectMsg<CoreProtocol.Subscribed>();
        Assert.Single((await core.RepairAsync()).Wanted);
        CoreProtocol.NodesNeeded needed = FishForMessage<CoreProtocol.NodesNeeded>(_ => true);
        Task complete = core.AwaitNodesAsync();
        CoreFailedException refused = await Assert.ThrowsAsync<CoreFailedException>(() => core.AwaitNodesAsync());
        Assert.Equal(CoreProblem.LimitReached, refused.Problem);
        Assert.False(complete.IsCompleted);
        await core.TruncateAsync(0);
        await complete;
        Assert.Equal(needed.Search, FishForMessage<CoreProtocol.NodesUnneeded>(_ => true).Search);
    }

    [Fact]
    public async Task The_end_of_a_core_ends_the_repairs_that_go_on_or_wait()
    {
        CoreClient core = await OpenDamagedAsync(Length, ("data", 10));
        Volatile.Write(ref _holds, true);
        Task[] repairs = [core.RepairAsync(), core.RepairAsync(), core.AwaitNodesAsync()];
        await core.GetInfoAsync();
        await core.CloseAsync();
        foreach (Task repair in repairs)
            Assert.Equal(CoreProblem.Closed, (await Assert.ThrowsAsync<CoreFailedException>(() => repair)).Problem);
    }

    private async Task<CoreClient> OpenDamagedAsync(int length, params (string File, long Offset)[] places)
    {
        CoreClient core = Open(s_storage, files: _files);
        await core.AppendAsync(Blocks(length));
        await core.CloseAsync();
        using (IFileFolder folder = _files.OpenFolder("core", FolderAccess.Write))
        {
            FileChange[] changes = [.. places.Select(place => new FileWrite(place.File, place.Offset, new byte[] { 0xee }))];
            folder.Submit(new FileBatch(changes, Flush: true), _ => { });
        }

        return Open(s_storage, new CoreLimits { MaxAwaitedRepairs = 1 }, _files);
    }

    private static (string File, long Offset)[] Nodes(params long[] indexes) => [.. indexes.Select(index => ("tree", (40 * index) + 20))];

    private void Release()
    {
        Volatile.Write(ref _holds, false);
        while (_held.TryDequeue(out Action? finish))
            finish();
    }
}

using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Actors.Tests.Storage.Cores;

public sealed class WaitingReadTests() : CoreKit("reads")
{
    [Fact]
    public async Task A_read_that_is_given_up_leaves_its_place_to_the_next()
    {
        CoreClient core = Open(waitingReads: 1);
        core.Core.Tell(new CoreProtocol.Subscribe(0), TestActor);
        ExpectMsg<CoreProtocol.Subscribed>();
        using (CancellationTokenSource interrupted = new())
        {
            Task read = core.GetAsync(5, wait: true, cancellation: interrupted.Token);
            Assert.Equal(5, ExpectMsg<CoreProtocol.BlockNeeded>().Index);
            await interrupted.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
            Assert.Equal(5, ExpectMsg<CoreProtocol.BlockUnneeded>().Index);
        }

        await Assert.ThrowsAsync<TimeoutException>(() => core.GetAsync(6, wait: true, within: TimeSpan.FromMilliseconds(1)));
        Assert.Equal(6, ExpectMsg<CoreProtocol.BlockNeeded>().Index);
        Assert.Equal(6, ExpectMsg<CoreProtocol.BlockUnneeded>().Index);
        Task<ReadOnlyMemory<byte>?> last = core.GetAsync(0, wait: true);
        Assert.Equal(0, ExpectMsg<CoreProtocol.BlockNeeded>().Index);
        CoreFailedException full = await Assert.ThrowsAsync<CoreFailedException>(() => core.GetAsync(7, wait: true));
        Assert.Equal(CoreProblem.LimitReached, full.Problem);
        await core.AppendAsync(new byte[] { 9 });
        Assert.Equal([9], (await last)!.Value.ToArray());
    }

    [Fact]
    public async Task A_block_that_two_wait_for_is_needed_until_both_have_given_up()
    {
        CoreClient core = Open(waitingReads: 2);
        core.Core.Tell(new CoreProtocol.Subscribe(0), TestActor);
        ExpectMsg<CoreProtocol.Subscribed>();
        core.Core.Tell(new CoreProtocol.GetBlock(1, 5), TestActor);
        core.Core.Tell(new CoreProtocol.GetBlock(2, 5), TestActor);
        core.Core.Tell(new CoreProtocol.CancelGet(1), TestActor);
        await core.GetInfoAsync();
        Assert.Equal(5, ExpectMsg<CoreProtocol.BlockNeeded>().Index);
        core.Core.Tell(new CoreProtocol.CancelGet(2), TestActor);
        Assert.Equal(5, ExpectMsg<CoreProtocol.BlockUnneeded>().Index);
    }

    [Fact]
    public async Task Everybody_who_waits_is_told_when_the_core_closes()
    {
        CoreClient core = Open(waitingReads: 8);
        await core.AppendAsync(new byte[] { 1 });
        Task<ReadOnlyMemory<byte>?>[] reads = [core.GetAsync(1, wait: true), core.GetAsync(1, wait: true), core.GetAsync(7, wait: true)];
        CoreDownload download = core.Download(new DownloadRange { End = 5 });
        await core.GetInfoAsync();
        await core.CloseAsync();
        foreach (Task<ReadOnlyMemory<byte>?> read in reads)
            Assert.Equal(CoreProblem.Closed, (await Assert.ThrowsAsync<CoreFailedException>(() => read)).Problem);
        Assert.False(await download.Done.WaitAsync(s_timeout));
    }

    [Fact]
    public async Task A_cut_refuses_reads_of_blocks_that_stood_there_and_none_of_those_to_come()
    {
        CoreClient core = Open(waitingReads: 8);
        await core.AppendAsync(new byte[] { 0 }, new byte[] { 1 }, new byte[] { 2 });
        await core.ClearAsync(1, 3);
        Task<ReadOnlyMemory<byte>?> kept = core.GetAsync(1, wait: true), gone = core.GetAsync(2, wait: true), later = core.GetAsync(3, wait: true);
        await core.GetInfoAsync();
        await core.TruncateAsync(2);
        Assert.Equal(CoreProblem.OutOfRange, (await Assert.ThrowsAsync<CoreFailedException>(() => gone)).Problem);
        await core.AppendAsync(new byte[] { 12 }, new byte[] { 13 });
        Assert.Equal([13], (await later)!.Value.ToArray());
        Assert.False(kept.IsCompleted);
    }

    private CoreClient Open(int waitingReads) => Open(new HypercoreOptions { MaxWaitingReads = waitingReads });
}

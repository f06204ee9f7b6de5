using System.Text;
using Akka.Actor;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Actors.Tests.Swarm.Replication;

/// <summary>Copies that hold a part of a core, and peers that go away.</summary>
public sealed class SparseCopyTests : ReplicationTestKit
{
    [Fact]
    public async Task Blocks_ranges_and_bytes_come_from_a_copy_that_lacks_what_is_between_them()
    {
        Peer writer = Open("writer"), middle = Open("middle");
        CoreClient source = writer.Share(Sys, Identity), copy = middle.Share(Sys, Reader, isFollowed: true, isSparse: true);
        await source.AppendAsync(Letters(3));
        IActorRef first = Connect(middle, writer);
        Assert.True(await copy.Download(new DownloadRange { End = 3 }).Done.WaitAsync(Timeout));
        await source.AppendAsync(Letters(4));
        Assert.True(await copy.Download(new DownloadRange { Start = 4, End = 7 }).Done.WaitAsync(Timeout));
        await first.GracefulStop(Timeout);

        CoreClient[] ends = [.. Enumerable.Range(0, 4).Select(i =>
        {
            Peer end = Open($"end-{i}");
            CoreClient core = end.Share(Sys, Reader, isFollowed: true, isSparse: true);
            Connect(end, middle);
            return core;
        })];
        Assert.Equal("b", Text(await ends[0].GetAsync(4, wait: true)));
        Assert.True(await ends[1].Download(new DownloadRange { Start = 4, End = 6 }).Done.WaitAsync(Timeout));
        Assert.True(await ends[2].Download(new DownloadRange { Blocks = [4, 6] }).Done.WaitAsync(Timeout));
        await AwaitLength(ends[3].Core, 7, stored: 0);
        Assert.Equal((4, 0), await ends[3].SeekAsync(4));
        Assert.Null(await ends[2].GetAsync(5));
    }

    [Fact]
    public async Task A_block_that_no_peer_has_keeps_no_other_away()
    {
        Peer writer = Open("writer"), middle = Open("middle"), end = Open("end");
        CoreClient source = writer.Share(Sys, Identity), copy = middle.Share(Sys, Reader, isFollowed: true, isSparse: true),
            last = end.Share(Sys, Reader, isFollowed: true, isSparse: true);
        await source.AppendAsync(Blocks(0, 5));
        IActorRef one = Connect(middle, writer);
        Assert.True(await copy.Download(new DownloadRange { Start = 2, End = 5 }).Done.WaitAsync(Timeout));
        await one.GracefulStop(Timeout);
        await source.AppendAsync(Blocks(5, 1));
        IActorRef other = Connect(end, writer);
        await AwaitLength(last.Core, 6, stored: 0);
        await other.GracefulStop(Timeout);

        Task<ReadOnlyMemory<byte>?> unreachable = last.GetAsync(5, wait: true);
        Connect(end, middle);
        Assert.Equal("block-2", Text(await last.GetAsync(2, wait: true)));
        Assert.Equal("block-3", Text(await last.GetAsync(3, wait: true)));
        Assert.False(unreachable.IsCompleted);
        Connect(end, writer);
        Assert.Equal("block-5", Text(await unreachable.WaitAsync(Timeout)));
    }

    [Fact]
    public async Task Ranges_that_nobody_can_fill_keep_no_others_waiting()
    {
        Peer writer = Open("writer"), reader = Open("reader");
        CoreClient source = writer.Share(Sys, Identity), copy = reader.Share(Sys, Reader, isFollowed: true, isSparse: true);
        await source.AppendAsync(Blocks(0, 8000));
        await source.ClearAsync(0, 7950);
        CoreDownload[] empty = [.. Enumerable.Range(0, 100).Select(i => copy.Download(new DownloadRange { Start = 79 * i, End = (79 * i) + 79 }))];
        CoreDownload[] full = [.. Enumerable.Range(7950, 50).Select(i => copy.Download(new DownloadRange { Start = i, End = i + 1 }))];
        Connect(reader, writer);
        foreach (CoreDownload download in full.Reverse())
            Assert.True(await download.Done.WaitAsync(Timeout));
        Assert.DoesNotContain(empty, download => download.Done.IsCompleted);
        foreach (CoreDownload download in empty)
            download.End();
        Assert.False(await empty[^1].Done.WaitAsync(Timeout));
    }

    [Fact]
    public async Task A_download_goes_on_over_the_next_connection_and_from_the_next_peer()
    {
        Peer writer = Open("writer"), middle = Open("middle"), end = Open("end");
        CoreClient source = writer.Share(Sys, Identity), copy = middle.Share(Sys, Reader, isFollowed: true),
            last = end.Share(Sys, Reader, isFollowed: true, isSparse: true);
        await source.AppendAsync(Blocks(0, 3000));
        Connect(middle, writer);
        await AwaitLength(copy.Core, 3000);
        last.Core.Tell(new CoreProtocol.Subscribe(0), TestActor);
        IActorRef first = Connect(end, writer);
        CoreDownload download = last.Download(new DownloadRange { End = 3000 });
        FishForMessage(message => message is CoreProtocol.BlocksChanged, Timeout);
        await first.GracefulStop(Timeout);
        IActorRef second = Connect(end, middle);
        FishForMessage(message => message is CoreProtocol.BlocksChanged { Start: > 100 }, Timeout);
        await second.GracefulStop(Timeout);
        Connect(end, writer);
        Connect(end, middle);
        Assert.True(await download.Done.WaitAsync(Timeout));
        Assert.Equal(3000, (await last.GetInfoAsync()).ContiguousLength);
    }

    [Fact]
    public async Task The_manifest_of_an_empty_core_is_learned_from_hand_to_hand()
    {
        Peer writer = Open("writer"), middle = Open("middle"), end = Open("end");
        writer.Share(Sys, Identity);
        CoreClient copy = middle.Share(Sys, Reader, isFollowed: true), last = end.Share(Sys, Reader, isFollowed: true);
        last.Core.Tell(new CoreProtocol.Subscribe(0), TestActor);
        Assert.Null(ExpectMsg<CoreProtocol.Subscribed>().Core.Manifest);
        Connect(end, middle);
        Connect(middle, writer);
        CoreProtocol.ManifestKnown known = ExpectMsg<CoreProtocol.ManifestKnown>(Timeout);
        Assert.Equal(Identity.Manifest!.Encode(), known.Core.Manifest!.Encode());
        Assert.Equal(0, (await copy.GetInfoAsync()).Length);
    }

    [Fact]
    public async Task A_writer_that_lost_its_newest_blocks_takes_them_from_a_reader_and_goes_on_behind_them()
    {
        Peer writer = Open("writer"), reader = Open("reader"), restored = Open("restored");
        CoreClient source = writer.Share(Sys, Identity), copy = reader.Share(Sys, Reader, isFollowed: true);
        await source.AppendAsync(Blocks(0, 5));
        Connect(reader, writer);
        await AwaitLength(copy.Core, 5);
        CoreClient again = restored.Share(Sys, Identity, isFollowed: true);
        await again.AppendAsync(Blocks(0, 1));
        Connect(restored, reader);
        await AwaitLength(again.Core, 5);
        Assert.Equal(5, await again.AppendAsync(Blocks(5, 1)));
        await AwaitLength(copy.Core, 6);
        Assert.Equal("block-5", Text(await copy.GetAsync(5)));
    }

    private static ReadOnlyMemory<byte>[] Letters(int count)
        => [.. Enumerable.Range(0, count).Select(i => (ReadOnlyMemory<byte>)new[] { (byte)('a' + i) })];

    private static string Text(ReadOnlyMemory<byte>? block) => Encoding.UTF8.GetString(block!.Value.Span);
}

using System.Text;
using Akka.Actor;
using Hyper.Actors.Storage.Cores;

namespace AuctionActors.Actors.Tests.Swarm.Replication;

/// <summary>Blocks that a peer has forgotten and others have.</summary>
public sealed class ClearedBlockTests : ReplicationTestKit
{
    [Fact]
    public async Task A_block_that_its_writer_cleared_comes_back_from_a_reader()
    {
        Peer writer = Open("writer"), reader = Open("reader");
        CoreClient source = writer.Share(Sys, Identity), copy = reader.Share(Sys, Reader, isFollowed: true, isSparse: true);
        Connect(reader, writer);
        await source.AppendAsync(Blocks(0, 5));
        Assert.True(await copy.Download(new DownloadRange { End = 5 }).Done.WaitAsync(Timeout));
        await source.ClearAsync(0, 5);
        Assert.Null(await source.GetAsync(2));
        Assert.Equal("block-2", Text(await copy.GetAsync(2)));
        Assert.Equal("block-2", Text(await source.GetAsync(2, wait: true)));
        Assert.Null(await source.GetAsync(3));
        Assert.Equal(5, await source.AppendAsync(Bytes("block-5")));
        Assert.Equal("block-5", Text(await copy.GetAsync(5, wait: true)));
    }

    [Fact]
    public async Task A_block_comes_through_a_peer_that_cleared_it_once_that_has_it_again()
    {
        Peer writer = Open("writer"), middle = Open("middle"), end = Open("end");
        CoreClient source = writer.Share(Sys, Identity), between = middle.Share(Sys, Reader, isFollowed: true, isSparse: true),
            last = end.Share(Sys, Reader, isFollowed: true, isSparse: true);
        Connect(middle, writer);
        Connect(end, middle);
        await source.AppendAsync(Blocks(0, 3));
        Assert.True(await between.Download(new DownloadRange { End = 3 }).Done.WaitAsync(Timeout));
        await AwaitLength(last.Core, 3, stored: 0);
        await between.ClearAsync(1, 2);
        Task<ReadOnlyMemory<byte>?> read = last.GetAsync(1, wait: true);
        Assert.Equal("block-2", Text(await last.GetAsync(2, wait: true)));
        Assert.False(read.IsCompleted);
        Assert.Equal("block-1", Text(await between.GetAsync(1, wait: true)));
        Assert.Equal("block-1", Text(await read.WaitAsync(Timeout)));
    }

    [Fact]
    public async Task A_range_that_was_downloaded_is_complete_at_once_and_lacks_only_what_was_cleared_of_it()
    {
        Peer writer = Open("writer"), reader = Open("reader");
        CoreClient source = writer.Share(Sys, Identity), copy = reader.Share(Sys, Reader, isFollowed: true, isSparse: true);
        Connect(reader, writer);
        await source.AppendAsync(Blocks(0, 100));
        DownloadRange range = new() { End = 100 };
        Assert.True(await copy.Download(range).Done.WaitAsync(Timeout));
        copy.Core.Tell(new CoreProtocol.Subscribe(0), TestActor);
        ExpectMsg<CoreProtocol.Subscribed>();
        for (int i = 0; i < 100; i++)
            Assert.True(await copy.Download(range).Done.WaitAsync(Timeout));
        await copy.ClearAsync(99, 100);
        Assert.True(ExpectMsg<CoreProtocol.BlocksChanged>() is { Start: 99, Count: 1, Dropped: true });
        Assert.True(await copy.Download(range).Done.WaitAsync(Timeout));
        Assert.Equal(99, ExpectMsg<CoreProtocol.BlockNeeded>().Index);
        Assert.True(ExpectMsg<CoreProtocol.BlocksChanged>() is { Start: 99, Count: 1, Dropped: false });
        Assert.True(await copy.Download(new DownloadRange { Blocks = [] }).Done.WaitAsync(Timeout));
    }

    [Fact]
    public async Task Four_peers_download_a_core_whose_first_block_nobody_has()
    {
        Peer[] peers = [Open("a"), Open("b"), Open("c"), Open("d")];
        CoreClient source = peers[0].Share(Sys, Identity);
        CoreClient[] copies = [.. peers[1..].Select(peer => peer.Share(Sys, Reader, isFollowed: true, isSparse: true))];
        await source.AppendAsync(Blocks(0, 2000));
        await source.ClearAsync(0, 1);
        CoreDownload[] downloads = [.. copies.Select(copy => copy.Download(new DownloadRange { Start = 1, End = 2000 }))];
        Connect(peers[1], peers[0]);
        Connect(peers[2], peers[1]);
        Connect(peers[3], peers[2]);
        Connect(peers[3], peers[1]);
        foreach (CoreDownload download in downloads)
            Assert.True(await download.Done.WaitAsync(Timeout));
        Assert.All(copies, copy => Assert.Equal(0, copy.GetInfoAsync().Result.ContiguousLength));
        Assert.Equal("block-1999", Text(await copies[2].GetAsync(1999)));
    }

    private static string Text(ReadOnlyMemory<byte>? block) => Encoding.UTF8.GetString(block!.Value.Span);
}

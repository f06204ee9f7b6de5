using System.Text;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication;
using Hyper.Protocol.HypercoreReplication.Messages;

namespace AuctionActors.Protocol.Tests.HypercoreReplication;

public sealed class ReplicationMachineTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_reader_that_has_only_the_key_fetches_everything(bool compat)
    {
        (ReplicationEnd source, ReplicationEnd reader) = Pair(compat, 300);
        ReplicationEnd.Connect(source, reader);
        AssertSame(source.Core, reader.Core);
        Assert.Equal(compat, reader.Core.State.Compat);
    }

    [Fact]
    public void Blocks_appended_later_follow_by_themselves()
    {
        (ReplicationEnd source, ReplicationEnd reader) = Pair(compat: false, 3);
        ReplicationEnd.Connect(source, reader);
        for (int i = 0; i < 20; i++)
        {
            source.Append($"late-{i}", $"later-{i}");
            ReplicationEnd.Run(source, reader);
        }

        AssertSame(source.Core, reader.Core);
    }

    [Fact]
    public void An_empty_core_is_followed_from_its_first_block()
    {
        (ReplicationEnd source, ReplicationEnd reader) = Pair(compat: false, 0);
        ReplicationEnd.Connect(source, reader);
        source.Append("first");
        ReplicationEnd.Run(source, reader);
        AssertSame(source.Core, reader.Core);
    }

    [Fact]
    public void A_reader_passes_on_what_it_has()
    {
        (ReplicationEnd source, ReplicationEnd reader) = Pair(compat: false, 40);
        ReplicationEnd.Connect(source, reader);
        ReplicationEnd third = new(MemoryCore.Reader(source.Core.Key), initiator: false);
        ReplicationEnd.Connect(new ReplicationEnd(reader.Core, initiator: true), third);
        AssertSame(source.Core, third.Core);
    }

    [Fact]
    public void Only_wanted_blocks_are_fetched_when_not_downloading()
    {
        (ReplicationEnd source, ReplicationEnd reader) = Pair(compat: false, 50, downloading: false);
        reader.Machine.WantBlock(33, TimeSpan.Zero);
        ReplicationEnd.Connect(source, reader);
        Assert.Equal(50, reader.Core.Tree.Length);
        Assert.Equal([33L], reader.Core.Blocks.Keys);
    }

    [Fact]
    public void Holes_of_a_sparse_source_are_asked_about_and_left_out()
    {
        (ReplicationEnd source, ReplicationEnd reader) = Pair(compat: true, 40, missing: [0, 7, 39]);
        ReplicationEnd.Connect(source, reader);
        Assert.Equal(37, reader.Core.Blocks.Count);
        Assert.DoesNotContain(7, reader.Core.Blocks.Keys);
    }

    [Fact]
    public void A_block_that_the_peer_claimed_and_refuses_is_not_asked_for_again()
    {
        (ReplicationEnd source, ReplicationEnd reader) = Pair(compat: true, 5, missing: [2]);
        source.Open(reader.Handshake);
        reader.Open(source.Handshake);
        reader.Receive(new RangeMessage(0, 5));
        ReplicationEnd.Run(source, reader);
        Assert.Equal([0L, 1, 3, 4], reader.Core.Blocks.Keys.Order());
        Assert.Empty(reader.Ended);
    }

    [Fact]
    public void A_request_without_an_answer_is_taken_back_and_made_again_elsewhere()
    {
        (ReplicationEnd source, ReplicationEnd reader) = Pair(compat: true, 1);
        source.Open(reader.Handshake);
        reader.Open(source.Handshake);
        while (source.Sent.TryDequeue(out ReplicationMessage? message))
            reader.Receive(message);
        RequestMessage request = reader.Sent.OfType<RequestMessage>().Single();
        reader.Now = reader.Machine.NextDeadline!.Value;
        reader.Machine.HandleTimeout(reader.Now);
        reader.Drain();
        Assert.Contains(new CancelMessage(request.Id), reader.Sent);
    }

    [Fact]
    public void A_block_that_nobody_waits_for_any_more_is_taken_back_and_not_asked_for_again()
    {
        (ReplicationEnd source, ReplicationEnd reader) = Pair(compat: true, 50, downloading: false);
        reader.Machine.WantBlock(33, TimeSpan.Zero);
        reader.Machine.WantBlock(5, TimeSpan.Zero);
        source.Open(reader.Handshake);
        reader.Open(source.Handshake);
        while (!reader.Sent.Any(message => message is RequestMessage { Parts.Block: not null }))
        {
            if (reader.Sent.TryDequeue(out ReplicationMessage? message))
                source.Receive(message);
            if (source.Sent.TryDequeue(out message))
                reader.Receive(message);
        }

        RequestMessage request = reader.Sent.OfType<RequestMessage>().Single(request => request.Parts.Block?.Index == 33);
        reader.Machine.UnwantBlock(33);
        reader.Drain();
        Assert.Contains(new CancelMessage(request.Id), reader.Sent);
        ReplicationEnd.Run(source, reader);
        Assert.Equal([5L], reader.Core.Blocks.Keys);
        Assert.DoesNotContain(source.Ended, ended => ended is not null);
    }

    [Fact]
    public void An_upgrade_waits_until_the_peer_has_acknowledged_our_length()
    {
        (ReplicationEnd source, ReplicationEnd reader) = Pair(compat: true, 5);
        ReplicationEnd.Connect(source, reader);
        reader.Receive(new SyncMessage(0, 9, 0, CanUpgrade: true, Uploading: true, Downloading: true, HasManifest: false));
        Assert.DoesNotContain(reader.Sent, message => message is RequestMessage);
        reader.Receive(new SyncMessage(0, 9, 5, CanUpgrade: true, Uploading: true, Downloading: true, HasManifest: false));
        Assert.Contains(reader.Sent, message => message is RequestMessage { Parts.Upgrade: { Start: 5, Length: 4 } });
    }

    [Fact]
    public void The_channel_ends_when_neither_side_wants_more()
    {
        (ReplicationEnd source, ReplicationEnd reader) = Pair(compat: true, 5);
        ReplicationEnd.Connect(source, reader);
        source.Machine.SetDownloading(false, TimeSpan.Zero);
        reader.Machine.SetDownloading(false, TimeSpan.Zero);
        source.Drain();
        reader.Drain();
        ReplicationEnd.Run(source, reader);
        Assert.Equal(new ReplicationEffect.CloseChannel(CloseReason.Idle), Assert.Single(source.Ended));
        Assert.Equal(new ReplicationEffect.CloseChannel(CloseReason.Idle), Assert.Single(reader.Ended));
    }

    [Fact]
    public void A_sparse_reader_learns_the_length_from_a_source_that_only_serves()
    {
        MemoryCore writer = MemoryCore.Writer(1, compat: true);
        writer.Append(["block-0"u8.ToArray(), "block-1"u8.ToArray()]);
        ReplicationEnd source = new(writer, initiator: true, downloading: false);
        ReplicationEnd reader = new(MemoryCore.Reader(writer.Key), initiator: false, downloading: false, following: true);
        ReplicationEnd.Connect(source, reader);
        Assert.Empty(source.Ended);
        Assert.Equal((2, 0), (reader.Core.Tree.Length, reader.Core.ToBlockSet().Contiguous));
    }

    [Fact]
    public void A_writer_that_cleared_its_blocks_still_proves_how_its_core_grows()
    {
        (ReplicationEnd source, ReplicationEnd reader) = Pair(compat: false, 5, downloading: false);
        reader.Machine.WantBlock(4, TimeSpan.Zero);
        ReplicationEnd.Connect(source, reader);
        source.Core.Clear(0);
        source.Machine.HandleBlocks(0, 1, dropped: true, TimeSpan.Zero);
        source.Append("late");
        ReplicationEnd.Run(source, reader);
        Assert.Equal(6, reader.Core.Tree.Length);
    }

    internal static (ReplicationEnd Source, ReplicationEnd Reader) Pair(
        bool compat, int blocks, bool downloading = true, long[]? missing = null)
    {
        MemoryCore writer = MemoryCore.Writer(1, compat);
        if (blocks > 0)
            writer.Append([.. Enumerable.Range(0, blocks).Select(index => Encoding.UTF8.GetBytes($"block-{index}"))]);
        foreach (long index in missing ?? [])
            writer.Clear(index);
        ReplicationEnd reader = new(MemoryCore.Reader(writer.Key), initiator: false, downloading);
        return (new ReplicationEnd(writer, initiator: true), reader);
    }

    private static void AssertSame(MemoryCore expected, MemoryCore actual)
    {
        Assert.Equal(expected.Tree.Length, actual.Tree.Length);
        Assert.Equal(expected.Tree.Hash, actual.Tree.Hash);
        Assert.Equal(expected.Blocks.OrderBy(pair => pair.Key).Select(pair => Convert.ToHexString(pair.Value)),
            actual.Blocks.OrderBy(pair => pair.Key).Select(pair => Convert.ToHexString(pair.Value)));
    }
}

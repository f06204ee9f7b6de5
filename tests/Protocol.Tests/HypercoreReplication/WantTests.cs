using Hyper.Protocol.HypercoreReplication;
using Hyper.Protocol.HypercoreReplication.Messages;
using Hyper.Protocol.HypercoreReplication.Uploads;

namespace AuctionActors.Protocol.Tests.HypercoreReplication;

public sealed class WantTests
{
    [Fact]
    public void Blocks_in_the_middle_of_a_sparse_copy_are_told_to_those_that_wanted_them()
    {
        ReplicationEnd copy = OpenCopy();
        Store(copy, 100);
        Assert.Empty(copy.Sent);
        copy.Receive(new WantMessage(512, 256));
        copy.Sent.Clear();
        Store(copy, 101);
        Assert.Empty(copy.Sent);
        Store(copy, 600);
        Assert.Equal([new RangeMessage(600, 1)], copy.Sent);
        copy.Sent.Clear();
        copy.Receive(new UnwantMessage(512, 256));
        Store(copy, 601);
        Assert.Empty(copy.Sent);
    }

    [Fact]
    public void Blocks_near_the_end_and_dropped_ones_are_told_to_everyone()
    {
        ReplicationEnd copy = OpenCopy();
        Store(copy, 999);
        copy.Machine.HandleBlocks(3, 1, dropped: true, TimeSpan.Zero);
        copy.Drain();
        Assert.Equal([new RangeMessage(999, 1), new RangeMessage(3, 1, Drop: true)], copy.Sent);
    }

    [Fact]
    public void A_copy_that_becomes_whole_tells_everything_it_kept_to_itself()
    {
        ReplicationEnd copy = OpenCopy();
        copy.Machine.HandleBlocks(1, 499, dropped: false, TimeSpan.Zero);
        copy.Drain();
        Assert.Empty(copy.Sent);
        copy.Machine.HandleBlocks(500, 500, dropped: false, TimeSpan.Zero);
        copy.Machine.HandleBlocks(0, 1, dropped: false, TimeSpan.Zero);
        copy.Drain();
        Assert.Equal(new RangeMessage(0, 1000), copy.Sent.Last());
    }

    [Fact]
    public void A_writer_hears_once_for_each_length_that_a_copy_of_it_is_whole()
    {
        (ReplicationEnd writer, ReplicationEnd copy) = ReplicationMachineTests.Pair(compat: true, 3, downloading: false);
        copy.Machine.WantBlock(0, TimeSpan.Zero);
        ReplicationEnd.Connect(writer, copy);
        Assert.Empty(Ranges(writer, copy));
        copy.Machine.WantBlock(1, TimeSpan.Zero);
        copy.Machine.WantBlock(2, TimeSpan.Zero);
        copy.Drain();
        Assert.Equal([new RangeMessage(0, 3)], Ranges(writer, copy));
        writer.Append("d", "e");
        Assert.Empty(Ranges(writer, copy));
        foreach (long block in new long[] { 3, 4 })
            copy.Machine.WantBlock(block, TimeSpan.Zero);
        copy.Drain();
        Assert.Equal([new RangeMessage(0, 5)], Ranges(writer, copy));
    }

    [Fact]
    public void Many_wants_at_once_are_answered_a_few_at_a_time_and_the_same_one_once()
    {
        ReplicationEnd copy = OpenCopy(new ReplicationOptions { MaxWantedBytes = 100 });
        Store(copy, 999);
        copy.Sent.Clear();
        copy.Machine.HandleCongestion(true, copy.Now);
        for (int i = 0; i < 3000; i++)
            copy.Receive(new WantMessage(32 * (i % 20), 1000));
        Assert.Empty(copy.Sent);
        Assert.Null(copy.Machine.NextDeadline);
        copy.Machine.HandleCongestion(false, copy.Now);
        copy.Drain();
        Assert.Single(copy.Sent);
        HashSet<long> answered = [];
        for (int moments = 0; ; moments++)
        {
            answered.UnionWith(copy.Sent.OfType<BitfieldMessage>().Select(message => message.Start));
            Assert.InRange(copy.Sent.Count, 0, 3 * (moments + 1));
            if (copy.Machine.NextDeadline is not { } due)
                break;
            copy.Now = due;
            copy.Machine.HandleTimeout(due);
            copy.Drain();
        }

        Assert.Equal(20, answered.Count);
        Assert.Equal(20, copy.Sent.Count);
    }

    [Fact]
    public void Wants_beyond_the_limits_mean_everything()
    {
        RemoteWants wants = new(ReplicationOptions.Default);
        for (long region = 0; region < 512; region++)
            wants.Add(new WantMessage(region * 64, 32));
        Assert.False(wants.Covers(32, 1));
        Assert.True(wants.Covers(64, 1));
        wants.Add(new WantMessage(32, 32));
        Assert.True(wants.Covers(1L << 50, 1));
    }

    [Fact]
    public void A_want_of_any_block_lasts_until_it_is_taken_back()
    {
        RemoteWants wants = new(ReplicationOptions.Default);
        wants.Add(new WantMessage(5, (1L << 53) - 1, Any: true));
        Assert.True(wants.Covers(100, 1));
        Assert.False(wants.Covers(4, 1));
        wants.Remove(new UnwantMessage(5, (1L << 53) - 1, Any: true));
        Assert.False(wants.Covers(100, 1));
    }

    // A copy of 1000 blocks that holds the first only, with a peer that asked for nothing yet.
    private static ReplicationEnd OpenCopy(ReplicationOptions? options = null)
    {
        (ReplicationEnd copy, ReplicationEnd peer) = ReplicationMachineTests.Pair(compat: true, 1000);
        for (long block = 0; block < 1000; block++)
            copy.Core.Clear(block);
        ReplicationEnd end = new(copy.Core, initiator: true, options: options);
        end.Open(peer.Handshake);
        end.Sent.Clear();
        return end;
    }

    // Carries messages until nothing moves; what the copy told meanwhile of what it has.
    private static List<RangeMessage> Ranges(ReplicationEnd writer, ReplicationEnd copy)
    {
        List<RangeMessage> told = [];
        while (writer.Sent.Count + copy.Sent.Count > 0)
        {
            if (writer.Sent.TryDequeue(out ReplicationMessage? message))
                copy.Receive(message);
            if (!copy.Sent.TryDequeue(out message))
                continue;
            if (message is RangeMessage range)
                told.Add(range);
            writer.Receive(message);
        }

        return told;
    }

    private static void Store(ReplicationEnd copy, long block)
    {
        copy.Machine.HandleBlocks(block, 1, dropped: false, TimeSpan.Zero);
        copy.Drain();
    }
}

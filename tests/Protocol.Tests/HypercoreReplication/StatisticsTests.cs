using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication;
using Hyper.Protocol.HypercoreReplication.Messages;
using Hyper.Protocol.HypercoreReplication.Statistics;

namespace AuctionActors.Protocol.Tests.HypercoreReplication;

public sealed class StatisticsTests
{
    [Fact]
    public void What_one_side_counts_as_sent_the_other_counts_as_received()
    {
        (ReplicationEnd source, ReplicationEnd reader) = ReplicationMachineTests.Pair(compat: false, 30, missing: [4]);
        ReplicationEnd.Connect(source, reader);
        source.Machine.SendExtension("greeting", new byte[] { 1 });
        source.Drain();
        ReplicationEnd.Run(source, reader);
        ReplicationStatistics there = source.Machine.Statistics, here = reader.Machine.Statistics;
        Assert.Equal(there, Turned(here));
        Assert.Equal((29, 0), (here.Blocks.Received, here.Blocks.Sent));
        Assert.Equal(Enumerable.Range(0, 30).Except([4]).Sum(block => $"block-{block}".Length), here.BlockBytes.Received);
        Assert.Equal(here.Requests.Sent, here.Data.Received);
        Assert.Equal((1, 1), (here.Extensions.Received, here.Wants.Sent));
        Assert.Equal((0, 0, 0), (here.InvalidData, here.InvalidRequests, here.Timeouts));
        Assert.Equal(here + there, there + here);
        Assert.Equal(58, (here + there).Blocks.Sent + (here + there).Blocks.Received);
    }

    [Fact]
    public void Impossible_requests_are_counted_and_those_that_only_come_too_late_are_not()
    {
        (ReplicationEnd source, ReplicationEnd reader) = ReplicationMachineTests.Pair(compat: true, 10, missing: [4]);
        source.Open(reader.Handshake);
        source.Receive(new RequestMessage(1, 0, new ProofRequest(new NodeTarget(4, 0))));
        source.Receive(new RequestMessage(2, 3, new ProofRequest(new NodeTarget(1, 0))));
        Assert.Equal(0, source.Machine.Statistics.InvalidRequests);
        source.Receive(new RequestMessage(3, 0, new ProofRequest(Upgrade: new UpgradeTarget(0, 11))));
        source.Receive(new RequestMessage(4, 0, new ProofRequest(Hash: new NodeTarget(0, 3), Seek: new SeekTarget(1L << 50, 0))));
        Assert.Equal((2, 4), (source.Machine.Statistics.InvalidRequests, source.Machine.Statistics.NoData.Sent));
    }

    [Fact]
    public void Wrong_answers_and_missing_ones_are_counted()
    {
        (ReplicationEnd source, ReplicationEnd reader) = ReplicationMachineTests.Pair(compat: true, 10);
        reader.HoldVerification = true;
        ReplicationEnd.Connect(source, reader);
        ReplicationEffect.Verify upgrade = Assert.Single(reader.Held);
        reader.Machine.HandleVerified(upgrade.Request, VerifyOutcome.Malformed, reader.Now);
        reader.Drain();
        Assert.Equal(1, reader.Machine.Statistics.InvalidData);
        reader.Now = TimeSpan.FromSeconds(30);
        reader.Machine.HandleTimeout(reader.Now);
        reader.Drain();
        Assert.Equal((1, 1), (reader.Machine.Statistics.Timeouts, reader.Machine.Statistics.Cancels.Sent));
    }

    [Fact]
    public void A_peer_is_waited_for_until_it_has_told_that_it_has_nothing_newer_or_has_brought_it()
    {
        (ReplicationEnd source, ReplicationEnd reader) = ReplicationMachineTests.Pair(compat: true, 10, downloading: false);
        Assert.True(reader.Machine.IsUpdating);
        reader.Open(source.Handshake);
        Assert.True(reader.Machine.IsUpdating);
        reader.Receive(new SyncMessage(0, 0, 0, CanUpgrade: true, Uploading: true, Downloading: true, HasManifest: false));
        Assert.False(reader.Machine.IsUpdating);
        reader.Receive(new SyncMessage(0, 10, 0, CanUpgrade: true, Uploading: true, Downloading: true, HasManifest: false));
        Assert.True(reader.Machine.IsUpdating);
        RequestMessage request = Assert.Single(reader.Sent.OfType<RequestMessage>());
        reader.Receive(new DataMessage(request.Id, source.Core.Prove(request.Parts, manifest: false)!));
        Assert.Equal(10, reader.Core.Tree.Length);
        Assert.False(reader.Machine.IsUpdating);
        reader.Receive(new SyncMessage(0, 12, 10, CanUpgrade: true, Uploading: true, Downloading: true, HasManifest: false));
        Assert.True(reader.Machine.IsUpdating);
        reader.Receive(new NoDataMessage(reader.Sent.OfType<RequestMessage>().Last().Id));
        Assert.False(reader.Machine.IsUpdating);
    }

    private static ReplicationStatistics Turned(ReplicationStatistics one) => one with
    {
        Sync = Turned(one.Sync),
        Requests = Turned(one.Requests),
        Cancels = Turned(one.Cancels),
        Data = Turned(one.Data),
        NoData = Turned(one.NoData),
        Wants = Turned(one.Wants),
        Unwants = Turned(one.Unwants),
        Bitfields = Turned(one.Bitfields),
        Ranges = Turned(one.Ranges),
        Extensions = Turned(one.Extensions),
        Blocks = Turned(one.Blocks),
        BlockBytes = Turned(one.BlockBytes),
    };

    private static MessageCount Turned(MessageCount count) => new(count.Received, count.Sent);
}

using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication.Messages;

namespace AuctionActors.Protocol.Tests.HypercoreReplication;

public sealed class SearchTests
{
    private static readonly NodeSearch Search = new(new WantedNode(0, 8, 3), new SeekTarget(60, 0));

    [Fact]
    public void A_byte_is_asked_for_with_a_seek_once_the_peer_has_a_block_near_it()
    {
        ReplicationEnd reader = OpenReader();
        reader.Receive(new RangeMessage(9, 1));
        reader.Machine.WantNodes(Search, TimeSpan.Zero);
        reader.Drain();
        Assert.DoesNotContain(reader.Sent.OfType<RequestMessage>(), request => request.Parts.Seek is not null);
        Assert.Contains(reader.Sent, message => message is WantMessage);

        reader.Receive(new RangeMessage(5, 1));
        RequestMessage request = Assert.Single(reader.Sent.OfType<RequestMessage>(), request => request.Parts.Seek is not null);
        Assert.Equal(new ProofRequest(Hash: new NodeTarget(10, 3), Seek: new SeekTarget(60, 0)), request.Parts);
        reader.Receive(new RangeMessage(0, 10));
        Assert.Single(reader.Sent.OfType<RequestMessage>(), request => request.Parts.Seek is not null);
    }

    [Fact]
    public void A_peer_that_refuses_to_seek_is_asked_for_a_block_instead()
    {
        ReplicationEnd reader = OpenReader();
        reader.Receive(new RangeMessage(0, 10));
        reader.Machine.WantNodes(Search, TimeSpan.Zero);
        reader.Drain();
        RequestMessage seek = Assert.Single(reader.Sent.OfType<RequestMessage>(), request => request.Parts.Seek is not null);
        reader.Sent.Clear();
        reader.Receive(new NoDataMessage(seek.Id));
        RequestMessage block = Assert.Single(reader.Sent.OfType<RequestMessage>());
        Assert.Equal(0, block.Parts.Block?.Index);
    }

    [Fact]
    public void An_answer_to_another_seek_is_a_refusal()
    {
        ReplicationEnd reader = OpenReader();
        reader.HoldVerification = true;
        reader.Receive(new RangeMessage(0, 10));
        reader.Machine.WantNodes(Search, TimeSpan.Zero);
        reader.Drain();
        RequestMessage seek = Assert.Single(reader.Sent.OfType<RequestMessage>(), request => request.Parts.Seek is not null);
        MerkleProof proof = new(0, Hash: new HashProof(0, []), Seek: new SeekProof(61, []));
        reader.Receive(new DataMessage(seek.Id, proof));
        Assert.Empty(reader.Held);
        Assert.Contains(reader.Sent.OfType<RequestMessage>(), request => request.Parts.Block?.Index == 0);
    }

    [Fact]
    public void A_byte_behind_the_end_is_looked_for_with_the_next_request_for_a_longer_tree()
    {
        (ReplicationEnd source, ReplicationEnd reader) = ReplicationMachineTests.Pair(compat: true, 10, downloading: false);
        NodeSearch beyond = new(new WantedNode(0, 1, 0), new SeekTarget(60, 0));
        reader.Machine.WantNodes(beyond, TimeSpan.Zero);
        reader.Machine.WantNodes(new NodeSearch(new WantedNode(0, 1, 0), new SeekTarget(61, 0)), TimeSpan.Zero);
        reader.Machine.UnwantNodes(beyond);
        reader.Open(source.Handshake);
        Assert.True(reader.Sent.OfType<SyncMessage>().Last().Downloading);
        reader.Receive(new SyncMessage(0, 10, 0, CanUpgrade: true, Uploading: true, Downloading: true, HasManifest: false));
        RequestMessage request = Assert.Single(reader.Sent.OfType<RequestMessage>());
        Assert.Equal(new ProofRequest(Seek: new SeekTarget(61, 0), Upgrade: new UpgradeTarget(0, 10)), request.Parts);
        MerkleProof proof = source.Core.Prove(request.Parts, manifest: false)!;
        Assert.NotEmpty(proof.Seek!.Nodes);
        reader.Receive(new DataMessage(request.Id, proof));
        Assert.Equal(10, reader.Core.Tree.Length);
        reader.Receive(new SyncMessage(0, 12, 10, CanUpgrade: true, Uploading: true, Downloading: true, HasManifest: false));
        Assert.Null(reader.Sent.OfType<RequestMessage>().Last().Parts.Seek);
    }

    [Fact]
    public void A_peer_that_does_not_help_to_find_a_byte_behind_the_end_is_asked_for_the_longer_tree_alone()
    {
        (ReplicationEnd source, ReplicationEnd reader) = ReplicationMachineTests.Pair(compat: true, 10, downloading: false);
        reader.Machine.WantNodes(new NodeSearch(new WantedNode(0, 1, 0), new SeekTarget(60, 0)), TimeSpan.Zero);
        reader.Open(source.Handshake);
        reader.Receive(new SyncMessage(0, 10, 0, CanUpgrade: true, Uploading: true, Downloading: true, HasManifest: false));
        reader.Receive(new NoDataMessage(reader.Sent.OfType<RequestMessage>().Single().Id));
        RequestMessage second = reader.Sent.OfType<RequestMessage>().Last();
        Assert.Equal(new ProofRequest(Upgrade: new UpgradeTarget(0, 10)), second.Parts);
        reader.Receive(new DataMessage(second.Id, source.Core.Prove(second.Parts, manifest: false)!));
        Assert.Equal(10, reader.Core.Tree.Length);
    }

    private static ReplicationEnd OpenReader()
    {
        MemoryCore source = MemoryCore.Writer(3, compat: true);
        source.Append([.. Enumerable.Range(0, 10).Select(i => new byte[] { 1, 2, 3, (byte)i })]);
        MemoryCore core = MemoryCore.Reader(source.Key);
        core.Verify(source.Prove(new ProofRequest(Upgrade: new UpgradeTarget(0, 10)), manifest: false)!);
        ReplicationEnd peer = new(source, initiator: true);
        ReplicationEnd reader = new(core, initiator: false, downloading: false);
        reader.Open(peer.Handshake);
        reader.Receive(new SyncMessage(0, 10, 10, CanUpgrade: false, Uploading: true, Downloading: true, HasManifest: false));
        return reader;
    }
}

using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication;
using Hyper.Protocol.HypercoreReplication.Messages;

namespace AuctionActors.Protocol.Tests.HypercoreReplication;

public sealed class HostilePeerTests
{
    private const long Huge = (1L << 53) - 1;

    [Fact]
    public void Invalid_requests_are_answered_with_noData()
    {
        ReplicationEnd source = OpenSource(10);
        ProofRequest[] invalid =
        [
            new(Block: new NodeTarget(10, 0)),
            new(Block: new NodeTarget(Huge, 0)),
            new(Block: new NodeTarget(0, Huge)),
            new(Block: new NodeTarget(0, 40)),
            new(Hash: new NodeTarget(Huge, 0)),
            new(Hash: new NodeTarget(3, Huge)),
            new(Upgrade: new UpgradeTarget(0, 0)),
            new(Upgrade: new UpgradeTarget(0, 11)),
            new(Upgrade: new UpgradeTarget(Huge, Huge)),
            new(Block: new NodeTarget(9, 0), Upgrade: new UpgradeTarget(0, 5)),
        ];
        for (int i = 0; i < invalid.Length; i++)
            source.Receive(new RequestMessage(i + 1, 0, invalid[i]));
        Assert.Equal(Enumerable.Range(1, invalid.Length).Select(id => (ReplicationMessage)new NoDataMessage(id)), source.Sent);
        Assert.Empty(source.Ended);
    }

    [Fact]
    public void Seeks_out_of_range_are_answered_with_noData()
    {
        ReplicationEnd source = OpenSource(10);
        ProofRequest[] invalid =
        [
            new(Hash: new NodeTarget(0, 3), Seek: new SeekTarget(Huge, 0)),
            new(Hash: new NodeTarget(0, 3), Seek: new SeekTarget(1, Huge)),
            new(Block: new NodeTarget(9, 0), Seek: new SeekTarget(1, 0)),
            new(Seek: new SeekTarget(1, Huge), Upgrade: new UpgradeTarget(0, 10)),
            new(Block: new NodeTarget(9, 0), Seek: new SeekTarget(1, 0), Upgrade: new UpgradeTarget(0, 10)),
        ];
        for (int i = 0; i < invalid.Length; i++)
            source.Receive(new RequestMessage(i + 1, 0, invalid[i]));
        Assert.Equal(Enumerable.Range(1, invalid.Length).Select(id => (ReplicationMessage)new NoDataMessage(id)), source.Sent);
        Assert.Empty(source.Ended);
    }

    [Fact]
    public void A_request_for_another_fork_is_answered_with_noData()
    {
        ReplicationEnd source = OpenSource(3);
        source.Receive(new RequestMessage(1, 1, new ProofRequest(Block: new NodeTarget(0, 0))));
        Assert.Equal([new NoDataMessage(1)], source.Sent);
    }

    [Fact]
    public void Requests_beyond_the_limit_are_refused_at_once()
    {
        ReplicationEnd source = OpenSource(3);
        source.Machine.HandleCongestion(true, TimeSpan.Zero);
        for (int id = 1; id <= 2000; id++)
            source.Receive(new RequestMessage(id, 0, new ProofRequest(Block: new NodeTarget(0, 0))));
        Assert.Equal(2000 - ReplicationOptions.Default.MaxQueuedUploads, source.Sent.Count(message => message is NoDataMessage));
        source.Machine.HandleCongestion(false, TimeSpan.Zero);
        source.Drain();
        Assert.Equal(ReplicationOptions.Default.MaxQueuedUploads, source.Sent.Count(message => message is DataMessage));
    }

    [Fact]
    public void A_cancelled_request_is_not_answered()
    {
        ReplicationEnd source = OpenSource(3);
        source.Machine.HandleCongestion(true, TimeSpan.Zero);
        source.Receive(new RequestMessage(5, 0, new ProofRequest(Block: new NodeTarget(0, 0))));
        source.Receive(new CancelMessage(5));
        source.Machine.HandleCongestion(false, TimeSpan.Zero);
        source.Drain();
        Assert.Empty(source.Sent);
    }

    [Fact]
    public void Claims_without_end_cost_neither_memory_nor_requests()
    {
        ReplicationEnd reader = OpenReader();
        reader.Receive(new RangeMessage(5, Huge));
        reader.Receive(new RangeMessage(0, Huge));
        reader.Receive(new RangeMessage(7, Huge, Drop: true));
        reader.Receive(new BitfieldMessage(Huge - 31, new byte[64]));
        reader.Receive(new SyncMessage(0, Huge, 0, CanUpgrade: true, Uploading: true, Downloading: true, HasManifest: false));
        Assert.Single(reader.Sent.OfType<RequestMessage>());
        Assert.Empty(reader.Ended);
    }

    [Fact]
    public void Data_that_nobody_asked_for_is_dropped()
    {
        (ReplicationEnd source, ReplicationEnd reader) = ReplicationMachineTests.Pair(compat: true, 4);
        ReplicationEnd.Connect(source, reader);
        reader.Receive(new DataMessage(77, new MerkleProof(0, new BlockProof(0, new byte[] { 1 }, []))));
        Assert.Empty(reader.Ended);
        Assert.Equal("block-0", System.Text.Encoding.UTF8.GetString(reader.Core.Blocks[0]));
    }

    [Fact]
    public void An_answer_with_another_block_is_a_fault_and_faults_end_the_asking()
    {
        (ReplicationEnd source, ReplicationEnd reader) = ReplicationMachineTests.Pair(compat: true, 64);
        source.Open(reader.Handshake);
        reader.Open(source.Handshake);
        while (source.Sent.TryDequeue(out ReplicationMessage? message))
            reader.Receive(message);
        int asked = 0;
        for (int round = 0; round < 500 && reader.Sent.TryDequeue(out ReplicationMessage? message); round++)
        {
            if (message is not RequestMessage request)
                continue;
            asked++;
            if (request.Parts.Upgrade is not null)
                reader.Receive(new DataMessage(request.Id, source.Core.Prove(request.Parts, false)!));
            else
                reader.Receive(new DataMessage(
                    request.Id, new MerkleProof(0, new BlockProof(request.Parts.Block!.Value.Index + 1, default, []))));
        }

        Assert.InRange(asked, 16, 80);
        Assert.Empty(reader.Core.Blocks);
    }

    [Fact]
    public void A_changed_block_is_not_stored_and_the_peer_must_show_its_tree()
    {
        (ReplicationEnd source, ReplicationEnd reader) = ReplicationMachineTests.Pair(compat: true, 4);
        source.Open(reader.Handshake);
        reader.Open(source.Handshake);
        for (int round = 0; round < 50 && source.Sent.Count + reader.Sent.Count > 0; round++)
        {
            if (source.Sent.TryDequeue(out ReplicationMessage? message))
                reader.Receive(message is DataMessage { Proof.Block: { } block } data
                    ? data with { Proof = data.Proof with { Block = block with { Value = "forged!"u8.ToArray() } } }
                    : message);
            if (reader.Sent.TryPeek(out ReplicationMessage? next)
                && next is RequestMessage { Id: 0, Parts.Upgrade: { Start: 0, Length: 4 } })
                break;
            if (reader.Sent.TryDequeue(out message))
                source.Receive(message);
        }

        Assert.Empty(reader.Core.Blocks);
        Assert.Contains(reader.Sent, message => message is RequestMessage { Id: 0 });
    }

    [Fact]
    public void A_malformed_message_ends_the_connection()
    {
        ReplicationEnd source = OpenSource(1);
        source.Receive(1, [0xff]);
        Assert.Equal(new ReplicationEffect.DestroyConnection(CloseReason.MalformedMessage), Assert.Single(source.Ended));
    }

    [Fact]
    public void Messages_of_later_versions_are_ignored()
    {
        ReplicationEnd source = OpenSource(1);
        source.Receive(10, [1, 2, 3]);
        source.Receive(6, MessageCodec.Encode(new UnwantMessage(0, 32)));
        source.Receive(9, new CompactWriter().Text("unknown").ToArray());
        Assert.Empty(source.Sent);
        Assert.Empty(source.Ended);
    }

    [Fact]
    public void Wants_are_clamped_to_what_exists()
    {
        ReplicationEnd source = OpenSource(40, missing: 3);
        source.Receive(new WantMessage(0, 1 << 21));
        source.Receive(new WantMessage(Huge, 1 << 21));
        source.Receive(new WantMessage(0, Huge));
        BitfieldMessage bitfield = Assert.IsType<BitfieldMessage>(Assert.Single(source.Sent));
        Assert.Equal("f7ffffffff000000", Convert.ToHexStringLower(bitfield.Bits.Span));
    }

    [Fact]
    public void A_higher_fork_is_not_believed_without_proof()
    {
        (ReplicationEnd source, ReplicationEnd reader) = ReplicationMachineTests.Pair(compat: true, 4);
        ReplicationEnd.Connect(source, reader);
        reader.Receive(new SyncMessage(9, 100, 0, CanUpgrade: true, Uploading: true, Downloading: true, HasManifest: false));
        Assert.Equal((0, 4), (reader.Core.Tree.Fork, reader.Core.Tree.Length));
        Assert.Empty(reader.Ended);
    }

    private static ReplicationEnd OpenSource(int blocks, long? missing = null)
    {
        long[] holes = missing is { } one ? [one] : [];
        (ReplicationEnd source, ReplicationEnd reader) = ReplicationMachineTests.Pair(compat: true, blocks, missing: holes);
        source.Open(reader.Handshake);
        source.Sent.Clear();
        return source;
    }

    private static ReplicationEnd OpenReader()
    {
        (ReplicationEnd source, ReplicationEnd reader) = ReplicationMachineTests.Pair(compat: true, 4);
        reader.Open(source.Handshake);
        reader.Sent.Clear();
        return reader;
    }
}

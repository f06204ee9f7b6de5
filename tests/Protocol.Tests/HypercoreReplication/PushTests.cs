using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication;
using Hyper.Protocol.HypercoreReplication.Messages;

namespace AuctionActors.Protocol.Tests.HypercoreReplication;

public sealed class PushTests
{
    [Fact]
    public void A_peer_that_allows_it_is_sent_blocks_without_asking()
    {
        (ReplicationEnd source, ReplicationEnd reader) = Pair(blocks: 3, allows: true);
        source.Core.Append([.. Enumerable.Range(3, 4).Select(index => new[] { (byte)index })]);
        source.Machine.HandleBlocks(3, 4, dropped: false, TimeSpan.Zero);
        source.Machine.HandleCore(source.Core.State, TimeSpan.Zero);
        source.Drain();
        source.Sent.Clear();
        foreach (long index in new long[] { 4, 6, 1, 5 })
            source.Machine.Push(index, TimeSpan.Zero);
        source.Drain();
        Assert.All(source.Sent, message => Assert.Equal(0, Assert.IsType<DataMessage>(message).Request));
        Assert.Single(source.Sent, message => message is DataMessage { Proof.Upgrade: not null });
        while (source.Sent.TryDequeue(out ReplicationMessage? message))
            reader.Receive(message);
        Assert.Equal([1L, 4, 5, 6], reader.Core.Blocks.Keys.Order());
        Assert.Equal(source.Core.Tree.Hash, reader.Core.Tree.Hash);
        Assert.DoesNotContain(reader.Sent, message => message is RequestMessage);
    }

    [Fact]
    public void A_peer_that_does_not_allow_it_is_sent_nothing()
    {
        (ReplicationEnd source, ReplicationEnd reader) = Pair(blocks: 3, allows: false);
        source.Machine.Push(1, TimeSpan.Zero);
        source.Drain();
        Assert.Empty(source.Sent);
        Assert.Empty(reader.Core.Blocks);
    }

    [Fact]
    public void Useless_and_forged_pushes_change_nothing_and_are_bounded()
    {
        (ReplicationEnd source, ReplicationEnd reader) = Pair(blocks: 3, allows: true);
        MerkleProof proof = source.Core.Prove(new ProofRequest(new NodeTarget(1, 2), Upgrade: new UpgradeTarget(0, 3)), false)!;
        reader.Receive(new DataMessage(0, proof with { Block = proof.Block! with { Value = "forged"u8.ToArray() } }));
        Assert.Empty(reader.Core.Blocks);
        reader.HoldVerification = true;
        for (int i = 0; i < 1000; i++)
            reader.Receive(new DataMessage(0, proof));
        Assert.Equal(ReplicationOptions.Default.MaxPushes, reader.Held.Count);
    }

    // The reader asks for nothing by itself; when it allows pushes it has the length of the source.
    private static (ReplicationEnd Source, ReplicationEnd Reader) Pair(int blocks, bool allows)
    {
        MemoryCore writer = MemoryCore.Writer(1, compat: true);
        writer.Append([.. Enumerable.Range(0, blocks).Select(index => new[] { (byte)index })]);
        ReplicationEnd source = new(writer, initiator: true);
        ReplicationEnd reader = new(MemoryCore.Reader(writer.Key), initiator: false, allowsPush: allows, pushOnly: true);
        ReplicationEnd.Connect(source, reader);
        Assert.Empty(reader.Core.Blocks);
        return (source, reader);
    }
}

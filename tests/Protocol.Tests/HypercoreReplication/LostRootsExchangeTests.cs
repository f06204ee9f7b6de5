using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication;
using Hyper.Protocol.HypercoreReplication.Blocks;
using Hyper.Protocol.HypercoreReplication.Messages;

namespace AuctionActors.Protocol.Tests.HypercoreReplication;

/// <summary>One end whose core has lost its roots, the other played by the test.</summary>
public sealed class LostRootsExchangeTests
{
    private static readonly byte[] s_hash = [.. Enumerable.Repeat((byte)0xab, 64)];
    private static readonly CoreKey s_key = new(new Bytes32([.. Enumerable.Repeat((byte)4, 32)]));
    private static readonly LocalCore s_lost = new(Fork: 2, Length: 0, ManifestKnown: true, Compat: true) { LostLength = 45 };
    private static readonly SyncMessage s_peer = new(2, 45, 0, CanUpgrade: true, Uploading: true, Downloading: true, HasManifest: false);

    private readonly ReplicationMachine _machine = new(s_lost, new BlockSet(), ChannelHandshake.For(s_key, s_hash, true), downloading: true);

    [Fact]
    public void A_core_without_its_roots_asks_for_them_in_the_words_of_version_11_and_says_nothing_else()
    {
        Open();
        Assert.Empty(Send(s_peer with { Length = 44 }));
        Assert.Empty(Send(s_peer with { Fork = 3 }));
        RequestMessage expected = new(0, 2, new ProofRequest(Upgrade: new UpgradeTarget(0, 45)));
        Assert.Equal(expected, Assert.Single(Send(s_peer)));
        Assert.Empty(Send(s_peer));
        Assert.Empty(Send(new RangeMessage(0, 45)));
        _machine.WantBlock(3, TimeSpan.Zero);
        Assert.Empty(Drain());
        Assert.True(_machine.IsUpdating);
        Assert.Equal(expected, Assert.Single(Send(s_peer with { Length = 50 })));
        Assert.Equal(new NoDataMessage(7), Assert.Single(Send(new RequestMessage(7, 2, new ProofRequest(new NodeTarget(3, 0))))));
        Assert.Empty(Send(new WantMessage(0, 64)));
    }

    [Fact]
    public void Only_the_roots_are_taken_while_they_are_lost_and_all_goes_on_when_they_are_there()
    {
        Open();
        Send(s_peer with { Length = 50 });
        Assert.Empty(Send(new DataMessage(0, new MerkleProof(2, new BlockProof(3, new byte[] { 1 }, [])))));
        Assert.Empty(Send(new DataMessage(0, new MerkleProof(2, Upgrade: new UpgradeProof(45, 5, [], [], default)))));
        MerkleProof roots = new(2, Upgrade: new UpgradeProof(0, 45, [], [], new byte[64]));
        _machine.HandleMessage(3, MessageCodec.Encode(new DataMessage(0, roots)), TimeSpan.Zero);
        Assert.True(_machine.TryTake(out ReplicationEffect? effect));
        long id = Assert.IsType<ReplicationEffect.Verify>(effect).Request;
        _machine.HandleCore(s_lost with { Length = 45, LostLength = null }, TimeSpan.Zero);
        _machine.HandleBlocks(0, 45, dropped: false, TimeSpan.Zero);
        _machine.HandleVerified(id, VerifyOutcome.Stored, TimeSpan.Zero);
        List<ReplicationMessage> sent = Drain();
        Assert.Equal((45, 50), (Assert.Single(sent.OfType<SyncMessage>()).Length, sent.OfType<SyncMessage>().Single().RemoteLength));
        Assert.Contains(new RangeMessage(0, 45), sent);
        RequestMessage next = Assert.Single(Send(s_peer with { Length = 50, RemoteLength = 45 }).OfType<RequestMessage>());
        Assert.Equal(new UpgradeTarget(45, 5), next.Parts.Upgrade);
    }

    [Fact]
    public void The_channel_stays_open_until_the_roots_have_come()
    {
        ReplicationMachine machine = new(s_lost, new BlockSet(), ChannelHandshake.For(s_key, s_hash, true), downloading: false);
        machine.HandleOpened(ChannelHandshake.For(s_key, s_hash, true).Encode(), TimeSpan.Zero);
        SyncMessage idle = s_peer with { Downloading = false };
        machine.HandleMessage(0, MessageCodec.Encode(idle), TimeSpan.Zero);
        Assert.True(machine.TryTake(out ReplicationEffect? effect));
        Assert.IsType<RequestMessage>(Assert.IsType<ReplicationEffect.Send>(effect).Message);
        Assert.False(machine.TryTake(out _));
        machine.HandleCore(s_lost with { Length = 45, LostLength = null }, TimeSpan.Zero);
        machine.HandleMessage(0, MessageCodec.Encode(idle), TimeSpan.Zero);
        List<ReplicationEffect> effects = [];
        while (machine.TryTake(out effect))
            effects.Add(effect!);
        Assert.Equal(new ReplicationEffect.CloseChannel(CloseReason.Idle), effects[^1]);
    }

    private void Open()
    {
        _machine.HandleOpened(ChannelHandshake.For(s_key, s_hash, true).Encode(), TimeSpan.Zero);
        Assert.Empty(Drain());
    }

    private List<ReplicationMessage> Send(ReplicationMessage message)
    {
        _machine.HandleMessage(message.Type, MessageCodec.Encode(message), TimeSpan.Zero);
        return Drain();
    }

    private List<ReplicationMessage> Drain()
    {
        List<ReplicationMessage> sent = [];
        while (_machine.TryTake(out ReplicationEffect? effect))
            sent.Add(Assert.IsType<ReplicationEffect.Send>(effect).Message);
        return sent;
    }
}

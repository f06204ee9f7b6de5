using Akka.Actor;
using Akka.TestKit;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Merkle;
using Hyper.Protocol.HypercoreReplication.Statistics;

namespace AuctionActors.Actors.Tests.Storage.Cores;

public sealed class CorePeerTests() : RuntimeKit("peers")
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);
    private static readonly CoreIdentity s_identity
        = CoreIdentity.ForWriter(KeyPair.FromSeed(new Bytes32([.. Enumerable.Repeat((byte)5, 32)])));


    [Fact]
    public async Task Without_peers_there_is_nothing_newer_unless_somebody_looks_for_them()
    {
        CoreClient copy = OpenCopy();
        Assert.False(await copy.UpdateAsync());
        Assert.False(await copy.UpdateAsync(wait: true));
        PeerSearch one = copy.FindPeers(), other = copy.FindPeers();
        Task<bool> update = copy.UpdateAsync();
        Assert.False(await copy.UpdateAsync(wait: false));
        one.Dispose();
        await copy.GetInfoAsync();
        Assert.False(update.IsCompleted);
        other.Dispose();
        Assert.False(await update.WaitAsync(s_timeout));
        Assert.False(await copy.UpdateAsync());
    }

    [Fact]
    public async Task An_update_ends_when_every_peer_has_told_that_it_has_nothing_newer_or_has_left()
    {
        CoreClient copy = OpenCopy();
        using PeerSearch search = copy.FindPeers();
        Task<bool> update = copy.UpdateAsync();
        TestProbe first = Join(copy, 1), second = Join(copy, 2);
        CorePeerProtocol.NewerWanted wanted = first.ExpectMsg<CorePeerProtocol.NewerWanted>();
        Assert.Equal(wanted, second.ExpectMsg<CorePeerProtocol.NewerWanted>());
        copy.Core.Tell(new CorePeerProtocol.NothingNewer(wanted.Round), first);
        await copy.GetInfoAsync();
        Assert.False(update.IsCompleted);
        Sys.Stop(second);
        Assert.False(await update.WaitAsync(s_timeout));
        Task<bool> next = copy.UpdateAsync();
        Assert.Equal(wanted.Round + 1, first.ExpectMsg<CorePeerProtocol.NewerWanted>().Round);
        copy.Core.Tell(new CorePeerProtocol.NothingNewer(wanted.Round), first);
        await copy.GetInfoAsync();
        Assert.False(next.IsCompleted);
        copy.Core.Tell(new CorePeerProtocol.NothingNewer(wanted.Round + 1), first);
        Assert.False(await next.WaitAsync(s_timeout));
    }

    [Fact]
    public async Task An_update_and_whoever_awaits_a_change_hear_when_the_core_has_grown()
    {
        CoreClient copy = OpenCopy();
        TestProbe session = Join(copy, 1);
        Task<bool> update = copy.UpdateAsync(wait: true);
        Task<CoreInfo> change = copy.AwaitChangeAsync(await copy.GetInfoAsync());
        session.ExpectMsg<CorePeerProtocol.NewerWanted>();
        Assert.False(change.IsCompleted);
        CoreClient source = Open("source", s_identity);
        await source.AppendAsync(new byte[] { 1 });
        Assert.False(await source.UpdateAsync(wait: true));
        source.Core.Tell(new CoreProtocol.Prove(1, new ProofRequest(Upgrade: new UpgradeTarget(0, 1)), Manifest: true), TestActor);
        copy.Core.Tell(new CoreProtocol.Verify(2, ExpectMsg<CoreProtocol.Proven>().Proof!), TestActor);
        Assert.True(await update.WaitAsync(s_timeout));
        Assert.Equal(1, (await change).Length);
        Assert.Equal(1, (await copy.AwaitChangeAsync((await copy.GetInfoAsync()) with { ContiguousLength = 7 })).Length);
    }

    [Fact]
    public async Task Statistics_are_those_of_the_peers_and_of_those_that_have_left()
    {
        CoreClient copy = OpenCopy();
        TestProbe first = Join(copy, 1), second = Join(copy, 2), third = Join(copy, 3);
        copy.Core.Tell(new CorePeerProtocol.PeerLeft(Sent(100)), third);
        copy.Core.Tell(new CorePeerProtocol.GetPeers(7), TestActor);
        long round = first.ExpectMsg<CorePeerProtocol.TakeStatistics>().Round;
        copy.Core.Tell(new CorePeerProtocol.StatisticsTaken(round, Sent(1)), first);
        await copy.GetInfoAsync();
        ExpectNoMsg(TimeSpan.Zero);
        copy.Core.Tell(new CorePeerProtocol.PeerLeft(Sent(10)), second);
        CorePeerProtocol.Peers peers = ExpectMsg<CorePeerProtocol.Peers>();
        Assert.Equal((7, Sent(111)), (peers.Request, peers.Total));
        Assert.Equal([new CorePeer(Key(1), Sent(1))], peers.Present.AsEnumerable());
        third.ExpectNoMsg(TimeSpan.Zero);
    }

    private static ReplicationStatistics Sent(long messages) => new() { Sync = new MessageCount(messages, 0) };

    private static PublicKey Key(byte number) => new(new Bytes32([.. Enumerable.Repeat(number, 32)]));

    private TestProbe Join(CoreClient core, byte number)
    {
        TestProbe session = CreateTestProbe();
        core.Core.Tell(new CoreProtocol.Subscribe(0) { Peer = Key(number) }, session);
        session.ExpectMsg<CoreProtocol.Subscribed>();
        session.IgnoreMessages(message => message is CoreProtocol.Grown or CoreProtocol.ManifestKnown);
        return session;
    }

    private CoreClient OpenCopy() => Open("copy", CoreIdentity.ForReader(s_identity.Key));

    private CoreClient Open(string folder, CoreIdentity identity)
    {
        CoreOptions options = new() { Folder = folder, Identity = identity };
        return new CoreClient(Sys.ActorOf(CoreActor.Props(Runtime.Peer("peers", new MemoryFileStore()), options)), s_timeout);
    }
}

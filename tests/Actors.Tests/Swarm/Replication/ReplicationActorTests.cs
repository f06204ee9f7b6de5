using System.Text;
using Akka.Actor;
using Akka.TestKit;
using AuctionActors.Actors.Tests.Networking.Connections;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Storage.Bees;
using Hyper.Actors.Storage.Cores;
using Hyper.Actors.Swarm.Replication;
using Hyper.Protocol.Hyperbee.Reading;
using Hyper.Protocol.Hypercore;

namespace AuctionActors.Actors.Tests.Swarm.Replication;

public sealed class ReplicationActorTests : ReplicationTestKit
{
    [Fact]
    public async Task A_followed_core_comes_over_any_connection_and_stays_up_to_date()
    {
        Peer writer = Open("writer"), reader = Open("reader");
        IActorRef source = writer.OpenCore(Sys, Identity), copy = reader.OpenCore(Sys, CoreIdentity.ForReader(Identity.Key));
        await new CoreClient(source, Timeout).AppendAsync(Blocks(0, 500));
        writer.Replication.Tell(new ReplicationProtocol.AddCore(Identity.Key, source, IsFollowed: false));
        reader.Replication.Tell(new ReplicationProtocol.AddCore(Identity.Key, copy, IsFollowed: true));
        Connect(reader, writer);
        await AwaitLength(copy, 500);
        await new CoreClient(source, Timeout).AppendAsync(Blocks(500, 3));
        await AwaitLength(copy, 503);
        Assert.Equal("block-502", Encoding.UTF8.GetString((await new CoreClient(copy, Timeout).GetAsync(502))!.Value.Span));
    }

    [Fact]
    public async Task A_core_that_is_removed_and_added_again_at_once_goes_on_over_the_same_connection()
    {
        Peer writer = Open("writer"), reader = Open("reader");
        IActorRef source = writer.OpenCore(Sys, Identity), copy = reader.OpenCore(Sys, CoreIdentity.ForReader(Identity.Key));
        ReplicationProtocol.AddCore served = new(Identity.Key, source, IsFollowed: false), followed = new(Identity.Key, copy, IsFollowed: true);
        writer.Replication.Tell(served);
        reader.Replication.Tell(followed);
        Connect(reader, writer);
        for (int round = 1; round <= 4; round++)
        {
            await new CoreClient(source, Timeout).AppendAsync(Blocks(round, 1));
            await AwaitLength(copy, round);
            reader.Replication.Tell(new ReplicationProtocol.RemoveCore(Identity.Key));
            reader.Replication.Tell(followed);
        }

        writer.Replication.Tell(new ReplicationProtocol.RemoveCore(Identity.Key));
        writer.Replication.Tell(served);
        await new CoreClient(source, Timeout).AppendAsync(Blocks(5, 1));
        await AwaitLength(copy, 5);
    }

    [Fact]
    public async Task A_core_that_is_opened_anew_replaces_the_one_that_was_closed()
    {
        Peer writer = Open("writer"), reader = Open("reader");
        IActorRef source = writer.OpenCore(Sys, Identity), copy = reader.OpenCore(Sys, CoreIdentity.ForReader(Identity.Key));
        await new CoreClient(source, Timeout).AppendAsync(Blocks(0, 3));
        writer.Replication.Tell(new ReplicationProtocol.AddCore(Identity.Key, source, IsFollowed: false));
        reader.Replication.Tell(new ReplicationProtocol.AddCore(Identity.Key, copy, IsFollowed: true));
        Connect(reader, writer);
        await AwaitLength(copy, 3);
        await new CoreClient(copy, Timeout).CloseAsync();
        copy = reader.OpenCore(Sys, CoreIdentity.ForReader(Identity.Key));
        reader.Replication.Tell(new ReplicationProtocol.AddCore(Identity.Key, copy, IsFollowed: true));
        await new CoreClient(source, Timeout).AppendAsync(Blocks(3, 1));
        await AwaitLength(copy, 4);
    }

    [Fact]
    public async Task A_range_is_downloaded_and_a_block_read_although_they_were_asked_for_before_there_was_a_peer()
    {
        Peer writer = Open("writer"), reader = Open("reader");
        IActorRef source = writer.OpenCore(Sys, Identity), copy = reader.OpenCore(Sys, CoreIdentity.ForReader(Identity.Key));
        CoreClient here = new(copy, Timeout), there = new(source, Timeout);
        await there.AppendAsync(Blocks(0, 3000));
        CoreDownload range = here.Download(new DownloadRange { Start = 100, End = 1700 });
        CoreDownload single = here.Download(new DownloadRange { Blocks = [2500, 7, 7, 2501] });
        CoreDownload endless = here.Download(new DownloadRange { Start = 3000 });
        CoreDownload taken = here.Download(new DownloadRange { Start = 2900, End = 5000 });
        Task<ReadOnlyMemory<byte>?> read = here.GetAsync(2000, wait: true);
        taken.End();
        Assert.False(await taken.Done.WaitAsync(Timeout));
        writer.Replication.Tell(new ReplicationProtocol.AddCore(Identity.Key, source, IsFollowed: false));
        reader.Replication.Tell(new ReplicationProtocol.AddCore(Identity.Key, copy, IsFollowed: true, IsSparse: true));
        Connect(reader, writer);
        Assert.True(await range.Done.WaitAsync(Timeout));
        Assert.True(await single.Done.WaitAsync(Timeout));
        Assert.Equal("block-2000", Encoding.UTF8.GetString((await read.WaitAsync(Timeout))!.Value.Span));
        copy.Tell(new CoreProtocol.Subscribe(0), TestActor);
        CoreProtocol.Subscribed stored = ExpectMsg<CoreProtocol.Subscribed>();
        BlockRun[] expected = [new(7, 1), new(100, 1600), new(2000, 1), new(2500, 2)];
        Assert.Equal(expected, stored.Stored.AsEnumerable());
        await there.AppendAsync(Blocks(3000, 2));
        Assert.Equal("block-3001", Encoding.UTF8.GetString((await here.GetAsync(3001, wait: true))!.Value.Span));
        Assert.False(endless.Done.IsCompleted);
        endless.End();
        Assert.False(await endless.Done.WaitAsync(Timeout));
    }

    [Fact]
    public async Task More_blocks_than_may_be_claimed_at_a_time_come_all_the_same()
    {
        Peer[] sources = [Open("first"), Open("second")];
        Peer reader = Open("reader", new ReplicationActorOptions { MaxClaims = 8 });
        IActorRef copy = reader.OpenCore(Sys, CoreIdentity.ForReader(Identity.Key));
        reader.Replication.Tell(new ReplicationProtocol.AddCore(Identity.Key, copy, IsFollowed: true));
        foreach (Peer source in sources)
        {
            IActorRef core = source.OpenCore(Sys, Identity);
            await new CoreClient(core, Timeout).AppendAsync(Blocks(0, 500));
            source.Replication.Tell(new ReplicationProtocol.AddCore(Identity.Key, core, IsFollowed: false));
            Connect(reader, source);
        }

        await AwaitLength(copy, 500);
    }

    [Fact]
    public async Task A_core_passes_from_hand_to_hand()
    {
        Peer writer = Open("writer"), middle = Open("middle"), end = Open("end");
        IActorRef source = writer.OpenCore(Sys, Identity);
        CoreIdentity reader = CoreIdentity.ForReader(Identity.Key);
        IActorRef[] copies = [middle.OpenCore(Sys, reader), end.OpenCore(Sys, reader)];
        writer.Replication.Tell(new ReplicationProtocol.AddCore(Identity.Key, source, IsFollowed: false));
        middle.Replication.Tell(new ReplicationProtocol.AddCore(Identity.Key, copies[0], IsFollowed: true));
        end.Replication.Tell(new ReplicationProtocol.AddCore(Identity.Key, copies[1], IsFollowed: true));
        Connect(middle, writer);
        Connect(end, middle);
        await new CoreClient(source, Timeout).AppendAsync(Blocks(0, 40));
        await AwaitLength(copies[1], 40);
    }

    [Fact]
    public async Task A_bee_is_read_from_a_peer_block_by_block()
    {
        Peer writer = Open("writer"), reader = Open("reader");
        IActorRef source = writer.OpenCore(Sys, Identity), copy = reader.OpenCore(Sys, CoreIdentity.ForReader(Identity.Key));
        BeeClient bee = new(Sys.ActorOf(BeeActor.Props(source)), Timeout);
        await bee.WriteAsync([.. Enumerable.Range(0, 100).Select(i => new BeeEdit(Bytes($"k{i:d2}"), Bytes($"v{i}")))]);
        writer.Replication.Tell(new ReplicationProtocol.AddCore(Identity.Key, source, IsFollowed: false));
        reader.Replication.Tell(new ReplicationProtocol.AddCore(Identity.Key, copy, IsFollowed: true));
        Connect(reader, writer);
        await AwaitLength(copy, 101);
        BeeClient remote = new(Sys.ActorOf(BeeActor.Props(copy)), Timeout);
        Assert.Equal("v77", Encoding.UTF8.GetString((await remote.GetAsync("k77"))!.Value!.Value.Span));
    }

    [Fact]
    public async Task A_sparse_bee_is_read_with_the_blocks_that_its_peer_names()
    {
        Peer writer = Open("writer"), reader = Open("reader");
        IActorRef source = writer.OpenCore(Sys, Identity), copy = reader.OpenCore(Sys, CoreIdentity.ForReader(Identity.Key));
        BeeClient bee = new(Sys.ActorOf(BeeActor.Props(source)), Timeout);
        await bee.WriteAsync([.. Enumerable.Range(0, 1000).Select(i => new BeeEdit(Bytes($"k{i:d3}"), Bytes($"v{i}")))]);
        writer.Replication.Tell(new ReplicationProtocol.AddCore(Identity.Key, source, IsFollowed: false));
        reader.Replication.Tell(new ReplicationProtocol.AddCore(Identity.Key, copy, IsFollowed: true, IsSparse: true));
        Connect(reader, writer);
        await AwaitLength(copy, 1001, stored: 0);
        BeeClient remote = new(Sys.ActorOf(BeeActor.Props(copy)), Timeout);
        Assert.Equal("v777", Encoding.UTF8.GetString((await remote.GetAsync("k777"))!.Value!.Value.Span));
        Assert.Equal(100, (await remote.ListAsync(new BeeRange { GreaterOrEqual = Bytes("k100"), LessThan = Bytes("k200") })).Length);
        Assert.Equal(1000, (await remote.HistoryAsync()).Length);
    }

    [Fact]
    public void An_open_of_an_unknown_core_is_declined()
    {
        Peer peer = Open("one");
        TestProbe connection = CreateTestProbe();
        peer.Replication.Tell(new ReplicationProtocol.AddConnection(connection.Ref, Sessions.Create().Responder));
        peer.Replication.Tell(new ConnectionProtocol.PairRequested("hypercore/alpha", new byte[32]), connection.Ref);
        Assert.Equal(32, connection.ExpectMsg<ConnectionProtocol.DeclineChannel>().Id.Length);
        peer.Replication.Tell(new ConnectionProtocol.PairRequested("hypercore/alpha", new byte[] { 1 }), connection.Ref);
        Assert.Equal(1, connection.ExpectMsg<ConnectionProtocol.DeclineChannel>().Id.Length);
    }
}

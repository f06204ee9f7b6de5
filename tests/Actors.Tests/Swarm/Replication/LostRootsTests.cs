using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Actors.Storage.Cores;
using Hyper.Actors.Swarm.Replication;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.FlatTree;

namespace AuctionActors.Actors.Tests.Swarm.Replication;

/// <summary>Cores of ours that have lost roots of their tree and get them from one another.</summary>
public sealed class LostRootsTests : ReplicationTestKit
{
    [Fact]
    public async Task Lost_roots_come_from_a_peer_that_is_long_enough_and_then_the_core_grows()
    {
        Peer writer = Open("writer"), older = Open("older"), damaged = Open("damaged");
        CoreClient source = writer.Share(Sys, Identity), behind = older.Share(Sys, Reader, isFollowed: true);
        await source.AppendAsync(Blocks(0, 9));
        IActorRef early = Connect(older, writer);
        await AwaitLength(behind.Core, 9);
        await early.GracefulStop(Timeout);
        await source.AppendAsync(Blocks(9, 4));
        CoreClient copy = Share(damaged);
        IActorRef first = Connect(damaged, writer);
        await AwaitLength(copy.Core, 13);
        await first.GracefulStop(Timeout);
        await copy.CloseAsync();
        using (IFileFolder folder = damaged.Runtime.Files.OpenFolder("core", FolderAccess.Write))
        {
            FileChange[] lost = [.. FlatTreeIndex.Roots(13).Select(root => new FileWrite("tree", 40 * root, new byte[40]))];
            folder.Submit(new FileBatch(lost, Flush: true), _ => { });
        }

        copy = Share(damaged);
        Assert.Equal(13, (await copy.GetInfoAsync()).LostLength);
        Connect(damaged, older);
        Assert.False(await copy.UpdateAsync(wait: true));
        Assert.Equal(13, (await copy.GetInfoAsync()).LostLength);
        await source.AppendAsync(Blocks(13, 3));
        Connect(damaged, writer);
        await AwaitLength(copy.Core, 16);
        Assert.Null(await copy.AuditAsync());
    }

    private CoreClient Share(Peer peer)
    {
        HypercoreOptions storage = new() { CheckpointEvery = 1, OpensDamaged = true };
        IActorRef core = Sys.ActorOf(CoreActor.Props(peer.Runtime, new CoreOptions { Folder = "core", Identity = Reader, Storage = storage }));
        peer.Replication.Tell(new ReplicationProtocol.AddCore(Identity.Key, core, IsFollowed: true, IsSparse: false));
        return new CoreClient(core, Timeout);
    }
}

using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using AuctionActors.Auctions.Market.Publishing;
using AuctionActors.Auctions.Tests.Rules;
using Hyper.Actors.Storage.Cores;
using Hyper.Protocol.Hypercore;
using Hyper.Protocol.Hypercore.Merkle;

namespace AuctionActors.Auctions.Tests.Market.Publishing;

public sealed class BeeWriterActorTests : TestKit
{
    private readonly TestProbe _core;
    private readonly TestProbe _participant;
    private readonly IActorRef _writer;

    public BeeWriterActorTests()
    {
        _core = CreateTestProbe();
        _participant = CreateTestProbe();
        _writer = _participant.ChildActorOf(BeeWriterActor.Props(_core));
        _core.ExpectMsg<CoreProtocol.GetInfo>();
        MerkleTree empty = new(0, 0, [], default);
        _core.Reply(new CoreProtocol.Info(0, new CoreInfo(default, empty, 0, 0, Writable: true, Compat: false, null, null)));
        _writer.Tell(new BeeWriterProtocol.Project(AuctionStory.Hello().State));
        _core.ExpectMsg<CoreProtocol.Append>();
    }

    [Fact]
    public void A_bee_that_the_disk_takes_no_more_of_is_said_with_the_reason()
    {
        _core.Reply(new CoreProtocol.Failed(0, CoreProblem.StorageFailed, "no space is left"));
        Assert.Equal("no space is left", _participant.ExpectMsg<BeeWriterProtocol.Failed>().Reason);
    }

    [Fact]
    public void A_core_that_is_closed_has_not_failed()
    {
        _core.Reply(new CoreProtocol.Failed(0, CoreProblem.Closed, "the core is closed"));
        _core.Reply(new CoreProtocol.Failed(0, CoreProblem.StorageFailed, "later"));
        Assert.Equal("later", _participant.ExpectMsg<BeeWriterProtocol.Failed>().Reason);
    }
}

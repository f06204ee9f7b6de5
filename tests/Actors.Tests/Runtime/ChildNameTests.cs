using Akka.Actor;
using Akka.TestKit.Xunit2;
using Hyper.Actors.Runtime;

namespace AuctionActors.Actors.Tests.Runtime;

public sealed class ChildNameTests : TestKit
{
    [Fact]
    public void Children_whose_keys_begin_alike_are_numbered()
    {
        IActorRef parent = Sys.ActorOf(Akka.Actor.Props.Create(() => new Parent()));
        foreach (string expected in (string[])["core-12", "core-12-2", "core-12-3"])
        {
            parent.Tell("core-12", TestActor);
            Assert.Equal(expected, ExpectMsg<string>());
        }
    }

    private sealed class Parent : ReceiveActor
    {
        public Parent() => Receive<string>(name => Sender.Tell(
            Context.ActorOf(Akka.Actor.Props.Create(() => new Child()), ChildName.Free(Context, name)).Path.Name));
    }

    private sealed class Child : ReceiveActor;
}

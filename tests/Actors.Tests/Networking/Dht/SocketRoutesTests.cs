using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.HyperDht.Connecting;

namespace AuctionActors.Actors.Tests.Networking.Dht;

public sealed class SocketRoutesTests : TestKit
{
    private static readonly PublicKey Remote = KeyPair.FromSeed(Blake2b.Hash256("remote"u8)).PublicKey;

    [Fact]
    public void A_way_of_a_socket_of_the_node_is_gone_again_only_while_requests_leave_from_it()
    {
        foreach (LocalSocket socket in (LocalSocket[])[LocalSocket.Server, LocalSocket.Client])
        {
            SocketRoutes routes = Knowing(socket);
            Assert.Equal(socket, routes.Find(Remote, socket)?.Socket);
            Assert.Null(routes.Find(Remote, socket == LocalSocket.Server ? LocalSocket.Client : LocalSocket.Server));
        }

        LocalSocket hole = new(7);
        Assert.Equal(hole, Knowing(hole).Find(Remote, LocalSocket.Client)?.Socket);
    }

    private SocketRoutes Knowing(LocalSocket socket)
    {
        SocketRoutes routes = new(TestActor, capacity: 8);
        TestProbe port = CreateTestProbe();
        IActorRef holder = Sys.ActorOf(Props.Create(() => new Holder(routes, new StreamPath(socket, PeerAddress.Loopback(1)), port.Ref)));
        holder.Tell(new Identify(1), port.Ref);
        port.ExpectMsg<ActorIdentity>();
        return routes;
    }

    private sealed class Holder : ReceiveActor
    {
        public Holder(SocketRoutes routes, StreamPath way, IActorRef port) => routes.Add(Context, Remote, way, port);
    }
}

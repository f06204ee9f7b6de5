using Akka.Actor;
using Akka.TestKit;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Datagrams;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Protomux;
using Hyper.Protocol.SecretStream.Noise;

namespace AuctionActors.Actors.Tests.Networking.Connections;

/// <summary>Two connection actors that are joined over ports of this machine.</summary>
public abstract class ConnectionKit : RuntimeKit
{
    protected ConnectionKit()
        : base("connections")
    {
        Client = Open("client", 1);
        Server = Open("server", 2);
        (NoiseResult initiator, NoiseResult responder) = Sessions.Create();
        Server.Connection.Tell(new ConnectionProtocol.Establish(responder, Client.StreamId, null, null));
        Client.Connection.Tell(new ConnectionProtocol.Establish(initiator, Server.StreamId, Server.Address, Client.Datagrams));
    }

    private protected Node Client { get; }

    private protected Node Server { get; }

    private protected (TestProbe Client, TestProbe Server) OpenChannels(string protocol = "echo")
    {
        TestProbe client = CreateTestProbe();
        TestProbe server = CreateTestProbe();
        var request = new ChannelRequest(protocol, "id"u8.ToArray(), 2);
        Server.Connection.Tell(new ConnectionProtocol.ListenChannel(protocol, null, server.Ref));
        Server.Connection.Tell(new Identify(protocol), server.Ref);
        server.ExpectMsg<ActorIdentity>();
        Client.Connection.Tell(new ConnectionProtocol.OpenChannel(
            new ChannelKey(client.Ref), request with { Handshake = "hi"u8.ToArray() }));
        Assert.Equal("id"u8.ToArray(), server.ExpectMsg<ConnectionProtocol.PairRequested>().Id.ToArray());
        Server.Connection.Tell(new ConnectionProtocol.OpenChannel(new ChannelKey(server.Ref), request));
        Assert.Equal("hi"u8.ToArray(), server.ExpectMsg<ConnectionProtocol.ChannelOpened>().Handshake.ToArray());
        client.ExpectMsg<ConnectionProtocol.ChannelOpened>();
        return (client, server);
    }

    private protected Node Open(string name, uint streamId)
    {
        PeerRuntime peer = Runtime.Peer(name, new MemoryFileStore());
        TestProbe owner = CreateTestProbe();
        IActorRef datagrams = owner.ChildActorOf(
            DatagramActor.Props(peer, DatagramOptions.AnyPort(PeerAddress.Loopback(0).Host)), $"datagrams-{name}");
        PeerAddress address = owner.ExpectMsg<DatagramProtocol.Bound>().Address;
        IActorRef connection = Sys.ActorOf(ConnectionActor.Props(peer, streamId, owner.Ref), $"connection-{name}");
        datagrams.Tell(new DatagramProtocol.AddStream(streamId, connection));
        datagrams.Tell(new Identify(name), owner.Ref);
        owner.ExpectMsg<ActorIdentity>();
        return new Node(owner, datagrams, address, connection, streamId);
    }

    private protected static string Describe(ChannelMessage message)
        => message.Payload.Length > 10 ? $"{message.Type}:{message.Payload.Length}" : $"{message.Type}:{System.Text.Encoding.UTF8.GetString(message.Payload.Span)}";

    private protected sealed record Node(TestProbe Owner, IActorRef Datagrams, PeerAddress Address, IActorRef Connection, uint StreamId);
}

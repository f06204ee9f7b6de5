using Akka.Actor;
using Akka.TestKit.Xunit2;
using AuctionActors.Actors.Tests.Networking.Connections;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Datagrams;
using Hyper.Actors.Networking.Rpc;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Protomux.Rpc;
using Hyper.Protocol.SecretStream.Noise;

namespace AuctionActors.Actors.Tests.Networking.Rpc;

/// <summary>One RPC server and one pool of clients, joined on demand by a real connection over loopback.</summary>
internal sealed class RpcNetwork
{
    internal static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(300);
    private readonly TestKit _test;
    private readonly RealRuntime _runtime;
    private readonly (NoiseResult Initiator, NoiseResult Responder) _sessions = Sessions.Create();
    private uint _lastStream;

    internal RpcNetwork(TestKit test, RealRuntime runtime, RpcCapability? clientKey = null, RpcCapability? serverKey = null)
    {
        (_test, _runtime) = (test, runtime);
        PeerRuntime peer = runtime.Peer("rpc", new MemoryFileStore());
        Handler = test.CreateTestProbe();
        ServerOwner = test.CreateTestProbe();
        Connector = test.CreateTestProbe();
        Caller = test.CreateTestProbe();
        RpcServerOptions server = new()
        {
            ServerKey = _sessions.Responder.LocalPublicKey,
            Capability = serverKey,
            Methods = [new ServedMethod(new RpcMethod("echo"), Handler.Ref)],
        };
        Server = test.Sys.ActorOf(RpcServerActor.Props(peer, server, ServerOwner.Ref), "server");
        RpcClientsOptions clients = new() { Capability = clientKey, Linger = Linger };
        Clients = test.Sys.ActorOf(RpcClientsActor.Props(peer, clients, Connector.Ref), "clients");
    }

    internal Akka.TestKit.TestProbe Handler { get; }

    internal Akka.TestKit.TestProbe ServerOwner { get; }

    internal Akka.TestKit.TestProbe Connector { get; }

    internal Akka.TestKit.TestProbe Caller { get; }

    internal IActorRef Server { get; }

    internal IActorRef Clients { get; }

    internal IActorRef ClientConnection { get; private set; } = ActorRefs.Nobody;

    internal void Call(long request, string method, ReadOnlySpan<byte> value, TimeSpan? timeout = null)
        => Clients.Tell(
            new RpcClientsProtocol.Call(request, _sessions.Responder.LocalPublicKey, new RpcMethod(method), value.ToArray(), timeout ?? TimeSpan.FromSeconds(10)),
            Caller.Ref);

    internal void SendEvent(string method, ReadOnlySpan<byte> value)
        => Clients.Tell(new RpcClientsProtocol.SendEvent(_sessions.Responder.LocalPublicKey, new RpcMethod(method), value.ToArray()));

    internal void FailConnect()
        => Clients.Tell(new RpcClientsProtocol.ConnectFailed(Connector.ExpectMsg<RpcClientsProtocol.Connect>().Server, "PEER_NOT_FOUND", "nobody knows the key"));

    /// <summary>A session on a connection of its own, and the probe that is told of the calls of a method in batches.</summary>
    internal (IActorRef Session, Akka.TestKit.TestProbe Handler) OpenSession(string method)
    {
        Akka.TestKit.TestProbe owner = _test.CreateTestProbe(), handler = _test.CreateTestProbe();
        Server.Tell(new RpcServerProtocol.Serve(new ServedMethod(new RpcMethod(method), handler.Ref) { TakesBatches = true }));
        Join();
        RpcSessionOptions options = new() { ServerKey = _sessions.Responder.LocalPublicKey };
        IActorRef session = owner.ChildActorOf(
            RpcSessionActor.Props(_runtime.Peer("caller", new MemoryFileStore()), options, _sessions.Initiator, ClientConnection, owner.Ref), "session");
        owner.ExpectMsg<RpcSessionProtocol.Opened>();
        return (session, handler);
    }

    /// <summary>Does what the maker of connections does when the pool asks.</summary>
    internal void Connect()
    {
        Connector.ExpectMsg<RpcClientsProtocol.Connect>();
        Join();
        Clients.Tell(new RpcClientsProtocol.Connected(_sessions.Responder.LocalPublicKey, ClientConnection, _sessions.Initiator));
    }

    private void Join()
    {
        (Node client, Node server) = (Open(), Open());
        NoiseResult initiator = _sessions.Initiator, responder = _sessions.Responder;
        server.Connection.Tell(RpcChannels.Listening(responder.LocalPublicKey, Server));
        Server.Tell(new RpcServerProtocol.Attach(server.Connection, responder, OpensAtOnce: true));
        server.Connection.Tell(new ConnectionProtocol.Establish(responder, client.StreamId, null, null));
        client.Connection.Tell(RpcChannels.Listening(responder.LocalPublicKey, Clients));
        client.Connection.Tell(new ConnectionProtocol.Establish(initiator, server.StreamId, server.Address, client.Datagrams));
        ClientConnection = client.Connection;
    }

    /// <summary>Answers the next call with its own value, after a check of its method.</summary>
    internal RpcSessionProtocol.RequestReceived Echo()
    {
        RpcSessionProtocol.RequestReceived request = Handler.ExpectMsg<RpcSessionProtocol.RequestReceived>();
        Handler.Reply(new RpcSessionProtocol.Answer(request.Token, request.Value));
        return request;
    }

    private Node Open()
    {
        uint stream = ++_lastStream;
        PeerRuntime peer = _runtime.Peer($"node{stream}", new MemoryFileStore());
        Akka.TestKit.TestProbe owner = _test.CreateTestProbe();
        IActorRef datagrams = owner.ChildActorOf(DatagramActor.Props(peer, DatagramOptions.AnyPort(PeerAddress.Loopback(0).Host)), $"datagrams{stream}");
        PeerAddress address = owner.ExpectMsg<DatagramProtocol.Bound>().Address;
        IActorRef connection = _test.Sys.ActorOf(ConnectionActor.Props(peer, stream, owner.Ref), $"connection{stream}");
        datagrams.Tell(new DatagramProtocol.AddStream(stream, connection));
        return new Node(datagrams, address, connection, stream);
    }

    private sealed record Node(IActorRef Datagrams, PeerAddress Address, IActorRef Connection, uint StreamId);
}

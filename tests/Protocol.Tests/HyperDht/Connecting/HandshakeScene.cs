using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Messages;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.HyperDht.Messages;
using Hyper.Protocol.HyperDht.Records;

namespace AuctionActors.Protocol.Tests.HyperDht.Connecting;

/// <summary>A client, a server and the relays between them, without a network: messages are carried by hand.</summary>
internal sealed class HandshakeScene
{
    public static readonly PeerAddress Client = PeerAddress.Loopback(1000), Server = PeerAddress.Loopback(2000), Relay = PeerAddress.Loopback(3000),
        OtherRelay = PeerAddress.Loopback(3001);

    public static readonly KeyPair ClientKeys = KeyPair.FromSeed(Blake2b.Hash256([1])), ServerKeys = KeyPair.FromSeed(Blake2b.Hash256([2]));
    public static readonly Bytes32 Target = PeerRecord.TargetOf(ServerKeys.PublicKey);

    private readonly PeerRouter _relayRouter;
    private readonly PeerRouter _serverRouter;
    private uint _nextStreamId = 500;

    public HandshakeScene(bool clientOpen = false, bool serverOpen = false, IReadOnlyList<PeerAddress>? known = null, ConnectionFirewall? firewall = null,
        bool punches = false, PublicKey? clientRelay = null, PublicKey? serverRelay = null, StreamPath? route = null)
    {
        ClientReach = Reach(Client, clientOpen);
        ServerReach = Reach(Server, serverOpen);
        SeededEntropy entropy = new(1, "handshake");
        Machine = new ConnectMachine(
            new ConnectOptions { PunchesHoles = punches, ReusesSocket = route is not null }, ClientKeys, ServerKeys.PublicKey, 77, ClientReach, known ?? [],
            clientRelay is { } client ? [client] : [], entropy)
        {
            Route = route,
        };
        Host = new ServerHandshakeMachine(
            new ServerHandshakeOptions { MaxHandshakes = 4, PunchesHoles = punches }, ServerKeys, firewall ?? ((_, _, _) => false),
            serverRelay is { } own ? [own] : [], () => _nextStreamId++, entropy)
        {
            ReusesSocket = route is not null,
        };
        Host.HandleAnnounced([new HolepunchRelay(Relay, Server)], [Relay]);
        ForwardTable relay = new(new RecordOptions()), server = new(new RecordOptions());
        relay.Announce(Target, Server, new PeerRecord(ServerKeys.PublicKey).Encode(), default);
        server.Host(Target, new PeerRecord(ServerKeys.PublicKey).Encode());
        _relayRouter = new PeerRouter(relay);
        _serverRouter = new PeerRouter(server);
    }

    public ConnectMachine Machine { get; }

    public ServerHandshakeMachine Host { get; }

    public NodeReachability ClientReach { get; }

    public NodeReachability ServerReach { get; }

    public TimeSpan Now { get; set; }

    /// <summary>What the server did besides answering.</summary>
    public List<ServerHandshakeEffect> ServerEffects { get; } = [];

    /// <summary>The one connection that the server has begun.</summary>
    public EstablishedConnection Accepted => Assert.IsType<ServerHandshakeEffect.Connected>(Assert.Single(ServerEffects)).Connection;

    /// <summary>A client of its own, whose message is ready.</summary>
    public static InitiatorHandshake Offer(KeyPair keys, PublicKey server, NoisePayload payload, IEntropy entropy)
    {
        InitiatorHandshake client = new(keys, server, entropy);
        client.Offer(payload);
        return client;
    }

    public static ReceivedReply Record(PeerAddress from)
        => new(from, null, Client) { Value = new PeerRecord(ServerKeys.PublicKey).Encode() };

    /// <summary>Carries a handshake request to the relay, on to the server and back; nothing when no answer arrives.</summary>
    public ReceivedReply? Carry(OutgoingRequest request)
    {
        if (request.To == Server)
            return AtServer(request.Value!.Value, Client);
        PeerRoute.Forward forward = Assert.IsType<PeerRoute.Forward>(
            _relayRouter.RouteHandshake(request.Target, request.Value, Client, Now));
        Assert.Equal(Server, forward.To);
        return AtServer(forward.Value, request.To);
    }

    public ConnectEffect Take()
    {
        Assert.True(Machine.TryTake(out ConnectEffect? effect));
        return effect;
    }

    public ConnectEffect.Send TakeSend() => Assert.IsType<ConnectEffect.Send>(Take());

    /// <summary>Starts the client, lets its walk find one relay and completes the handshake through it.</summary>
    public void ShakeHands()
    {
        Machine.Start();
        Assert.IsType<ConnectEffect.Walk>(Take());
        Machine.HandleFound(Record(Relay));
        ConnectEffect.Send send = TakeSend();
        Machine.HandleReply(send.Ticket, Carry(send.Request)!, Now);
        Assert.IsType<ConnectEffect.StopWalk>(Take());
    }

    public static void AssertMirrored(EstablishedConnection client, EstablishedConnection server)
    {
        Assert.Equal(client.Noise.Tx, server.Noise.Rx);
        Assert.Equal(client.Noise.Rx, server.Noise.Tx);
        Assert.Equal(client.Noise.HandshakeHash, server.Noise.HandshakeHash);
        Assert.Equal((client.LocalStreamId, client.RemoteStreamId), (server.RemoteStreamId, server.LocalStreamId));
        Assert.Equal(ClientKeys.PublicKey, server.Noise.RemotePublicKey);
    }

    private static NodeReachability Reach(PeerAddress address, bool open)
        => new(open ? address : null, [address], open ? LocalSocket.Server : LocalSocket.Client);

    private ReceivedReply? AtServer(ReadOnlyMemory<byte> value, PeerAddress from)
    {
        DhtRequest message = new(9, Server, HyperDhtCommand.PeerHandshake.ToDht()) { Target = Target, Value = value };
        ReceivedRequest request = new(message, from, IsIdVerified: false, LocalSocket.Client);
        Host.Handle(request, Assert.IsType<PeerRoute.Accept>(_serverRouter.RouteHandshake(Target, value, from, Now)), ServerReach, Now);
        ReceivedReply? reply = null;
        while (Host.TryTake(out ServerHandshakeEffect? effect))
        {
            switch (effect)
            {
                case ServerHandshakeEffect.Answer answer:
                    reply = new ReceivedReply(Server, null, Client) { Value = answer.With.Value };
                    break;
                case ServerHandshakeEffect.Relay relay:
                    PeerRoute.Answer back = Assert.IsType<PeerRoute.Answer>(_relayRouter.RouteHandshake(Target, relay.Value, Server, Now));
                    Assert.Equal(Client, back.To);
                    reply = new ReceivedReply(relay.To, null, Client) { Value = back.Value };
                    break;
                default:
                    ServerEffects.Add(effect);
                    break;
            }
        }

        return reply;
    }
}

using Akka.Actor;
using Akka.TestKit;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Udp;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Requests;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.HyperDht.Messages;

namespace AuctionActors.Actors.Tests.Networking.Dht;

public sealed class SharedAddressTests : HyperDhtKit
{
    private static readonly uint Working = PeerAddress.Loopback(0).Host + 1, Deaf = Working + 1, Foreign = 0xC0000201;
    private readonly MixedPorts _ports;

    public SharedAddressTests()
        : this(new MixedPorts())
    {
    }

    private SharedAddressTests(MixedPorts ports)
        : base(ports) => _ports = ports;

    [Fact]
    public void A_server_names_only_those_of_its_local_addresses_at_which_it_hears_itself_and_tries_each_once()
    {
        IActorRef node = Node(isFirewalled: true, bindHost: 0);
        Assert.Empty(_ports.Tried);
        Listen(node);
        PeerAddress server = ServerOf(node);
        Assert.Equal([server with { Host = Working }], Offered(server, 1));
        Assert.Equal([server with { Host = Working }], Offered(server, 2));
        Assert.Equal([Foreign, Deaf, Working], _ports.Tried);
        Assert.Equal(0, _ports.OpenAtDeafHost);
    }

    private PeerAddress ServerOf(IActorRef node)
    {
        TestProbe asker = CreateTestProbe();
        node.Tell(new DhtNodeProtocol.GetState(), asker.Ref);
        return PeerAddress.Loopback(asker.ExpectMsg<DhtNodeState>(Patience).ServerPort);
    }

    private IReadOnlyList<PeerAddress> Offered(PeerAddress server, byte client)
    {
        InitiatorHandshake handshake = new(ClientKeys, ServerKeys.PublicKey, new SeededEntropy(client, "client"));
        byte[] noise = handshake.Offer(new NoisePayload { Firewall = FirewallState.Unknown, Udx = new UdxInfo(client), SecretStream = 1 })!;
        OutgoingRequest request = new(server, HyperDhtCommand.PeerHandshake.ToDht())
        {
            Target = PeerRecord.TargetOf(ServerKeys.PublicKey),
            Value = new HandshakeMessage(PeerRoutingMode.FromClient, noise).Encode(),
        };
        TestProbe asker = CreateTestProbe();
        BootstrapNode.Tell(new DhtNodeProtocol.SendRequest(1, request), asker.Ref);
        ReceivedReply reply = asker.ExpectMsg<DhtNodeProtocol.Replied>(Patience).Reply;
        Assert.True(InitiatorHandshake.TryRead(reply, server, out HandshakeMessage? answer));
        Assert.True(handshake.TryReceive(answer.Noise.Span, out _, out NoisePayload payload));
        return payload.Addresses4;
    }

    /// <summary>Ports of a machine one of whose hosts is not its own any more, and another hears nothing.</summary>
    private sealed class MixedPorts : IDatagramPorts
    {
        private readonly UdpPorts _ports = new();
        private readonly List<uint> _tried = [];
        private int _openAtDeafHost;

        public uint[] Tried
        {
            get
            {
                lock (_tried)
                    return [.. _tried];
            }
        }

        public int OpenAtDeafHost => Volatile.Read(ref _openAtDeafHost);

        public IDatagramPort Bind(PeerAddress local, IDatagramReceiver receiver)
        {
            if (local.Host != 0 && local.Host != PeerAddress.Loopback(0).Host)
            {
                lock (_tried)
                    _tried.Add(local.Host);
            }

            IDatagramPort port = _ports.Bind(local, receiver);
            return local.Host == Deaf ? new DeafPort(this, port) : port;
        }

        public IReadOnlyList<uint> FindLocalHosts() => [Foreign, Deaf, Working];

        private sealed class DeafPort : IDatagramPort
        {
            private readonly MixedPorts _ports;
            private readonly IDatagramPort _port;

            public DeafPort(MixedPorts ports, IDatagramPort port)
            {
                (_ports, _port) = (ports, port);
                Interlocked.Increment(ref _ports._openAtDeafHost);
            }

            public PeerAddress LocalAddress => _port.LocalAddress;

            public DatagramCounters Counters => _port.Counters;

            public void Send(ReadOnlySpan<byte> datagram, PeerAddress to)
            {
            }

            public void Send(ReadOnlySpan<byte> datagram, PeerAddress to, int timeToLive)
            {
            }

            public void Send(ReadOnlySpan<OutgoingDatagram> batch)
            {
            }

            public void Dispose()
            {
                Interlocked.Decrement(ref _ports._openAtDeafHost);
                _port.Dispose();
            }
        }
    }
}

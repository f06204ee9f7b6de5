using Akka.Actor;
using Akka.TestKit;
using Hyper.Actors.Networking.Connections;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.HyperDht.Connecting;
using Hyper.Protocol.Protomux;

namespace AuctionActors.Actors.Tests.Networking.Dht;

/// <summary>Whole DHT nodes on loopback around a bootstrap node, with one server's and one client's owner.</summary>
public abstract class HyperDhtKit : RuntimeKit
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    protected static readonly KeyPair ServerKeys = KeyPair.FromSeed(Blake2b.Hash256([1])), ClientKeys = KeyPair.FromSeed(Blake2b.Hash256([2]));
    private int _nodes;

    /// <param name="ports">Where the nodes' ports come from; the system when null.</param>
    protected HyperDhtKit(IDatagramPorts? ports = null)
        : base("hyperdht", ports)
    {
        Client = CreateTestProbe("client-owner");
        Server = CreateTestProbe("server-owner");
        using (IDatagramPort probe = Runtime.Ports.Bind(PeerAddress.Loopback(0), new Runtime.BatchCollector()))
            Bootstrap = probe.LocalAddress;
        BootstrapNode = Start(DhtNodeActorOptions.Bootstrapper(Bootstrap, PeerAddress.Loopback(0).Host));
    }

    protected TestProbe Client { get; }

    protected TestProbe Server { get; }

    protected PeerAddress Bootstrap { get; }

    protected IActorRef BootstrapNode { get; }

    /// <param name="isFirewalled">Whether it has a socket of its own for its requests.</param>
    /// <param name="isEphemeral">Whether it keeps out of the others' tables; as it is firewalled when null.</param>
    /// <param name="bindHost">Where its ports are bound; to loopback when null.</param>
    /// <param name="above">What stands above the node; the defaults when null.</param>
    /// <param name="entropy">The node's randomness; the system's when null.</param>
    protected IActorRef Node(
        bool isFirewalled, bool? isEphemeral = null, uint? bindHost = null, HyperDhtOptions? above = null, IEntropy? entropy = null)
    {
        DhtNodeActorOptions options = new()
        {
            Bind = PeerAddress.Loopback(0) with { Host = bindHost ?? PeerAddress.Loopback(0).Host },
            Node = new DhtNodeOptions
            {
                BootstrapNodes = [Bootstrap],
                IsFirewalled = isFirewalled,
                Persistence = isEphemeral ?? isFirewalled ? DhtPersistence.Ephemeral : DhtPersistence.Persistent,
                HasQuickFirewallCheck = false,
            },
        };
        return Start(options, above, entropy);
    }

    private IActorRef Start(DhtNodeActorOptions options, HyperDhtOptions? above = null, IEntropy? entropy = null)
    {
        PeerRuntime peer = Runtime.Peer("peer-" + ++_nodes, new MemoryFileStore(), entropy);
        TestProbe owner = CreateTestProbe(peer.Name);
        IActorRef dht = owner.ChildActorOf(HyperDhtActor.Props(peer, (above ?? new HyperDhtOptions()) with { Node = options }), "dht");
        bool needsId = options.Node.Persistence == DhtPersistence.Persistent;
        owner.FishForMessage(
            fact => fact is DhtNodeProtocol.StateChanged { State.IsBootstrapped: true } changed && (!needsId || changed.State.Id is not null), Patience);
        return dht;
    }

    protected void Listen(IActorRef node, ConnectionFirewall? firewall = null)
    {
        node.Tell(new HyperDhtProtocol.Listen(ServerKeys, Server.Ref, firewall));
        Assert.NotEmpty(Server.ExpectMsg<HyperDhtProtocol.Listening>(Patience).Relays);
    }

    protected (HyperDhtProtocol.Connected Connected, HyperDhtProtocol.Accepted Accepted) Connect(IActorRef client)
    {
        client.Tell(new HyperDhtProtocol.Connect(1, ServerKeys.PublicKey, ClientKeys), Client.Ref);
        HyperDhtProtocol.Connected connected = Client.ExpectMsg<HyperDhtProtocol.Connected>(Patience);
        HyperDhtProtocol.Accepted accepted = Server.FishForMessage<HyperDhtProtocol.Accepted>(_ => true, Patience);
        Client.ExpectMsg<ConnectionProtocol.Opened>(Patience);
        return (connected, accepted);
    }

    protected string Exchange(IActorRef from, IActorRef to)
    {
        TestProbe sender = CreateTestProbe(), receiver = CreateTestProbe();
        ChannelRequest request = new("test", default, 1);
        to.Tell(new ConnectionProtocol.OpenChannel(new ChannelKey(receiver.Ref), request));
        from.Tell(new ConnectionProtocol.OpenChannel(new ChannelKey(sender.Ref), request));
        from.Tell(new ConnectionProtocol.SendMessages(new ChannelKey(sender.Ref), [new ChannelMessage(0, "hello"u8.ToArray())]));
        var messages = receiver.FishForMessage<ConnectionProtocol.ChannelMessages>(_ => true, Patience);
        return System.Text.Encoding.UTF8.GetString(messages.Messages[0].Payload.Span);
    }
}

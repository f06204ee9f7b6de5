using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Hyper.Actors.Networking.Dht;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Files;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.Udx.Packets;

namespace AuctionActors.Actors.Tests.Networking.Dht;

public sealed class GivenUpDialTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly KeyPair ServerKeys = KeyPair.FromSeed(Blake2b.Hash256([1])), ClientKeys = KeyPair.FromSeed(Blake2b.Hash256([2]));
    private readonly RealRuntime _runtime;
    private readonly StreamPacketTap _tap;
    private readonly PeerAddress _bootstrap;

    public GivenUpDialTests()
        : this(new StreamPacketTap(losses: 1))
    {
    }

    private GivenUpDialTests(StreamPacketTap tap)
        : this(tap, new RealRuntime("given-up", ports: tap))
    {
    }

    private GivenUpDialTests(StreamPacketTap tap, RealRuntime runtime)
        : base(runtime.System)
    {
        (_tap, _runtime) = (tap, runtime);
        using (IDatagramPort probe = runtime.Ports.Bind(PeerAddress.Loopback(0), new Runtime.BatchCollector()))
            _bootstrap = probe.LocalAddress;
        Start("bootstrap", DhtNodeActorOptions.Bootstrapper(_bootstrap, PeerAddress.Loopback(0).Host));
    }

    [Fact]
    public void A_server_whose_first_packet_comes_late_hears_that_the_dial_was_given_up()
    {
        TestProbe owner = CreateTestProbe();
        IActorRef server = Start("server", Joining(isFirewalled: true)), client = Start("client", Joining(isFirewalled: false));
        server.Tell(new HyperDhtProtocol.Listen(ServerKeys, owner.Ref));
        owner.ExpectMsg<HyperDhtProtocol.Listening>(Patience);
        client.Tell(new HyperDhtProtocol.Connect(1, ServerKeys.PublicKey, ClientKeys));
        client.Tell(new HyperDhtProtocol.CancelConnect(1));
        while (true)
        {
            Assert.True(_tap.Sent.TryTake(out PacketFlags flags, Patience), "no reset was sent");
            if (flags.HasFlag(PacketFlags.Destroy))
                return;
        }
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _runtime.Dispose();
    }

    private DhtNodeActorOptions Joining(bool isFirewalled)
        => new()
        {
            Bind = PeerAddress.Loopback(0),
            Node = new DhtNodeOptions { BootstrapNodes = [_bootstrap], IsFirewalled = isFirewalled, HasQuickFirewallCheck = false },
        };

    private IActorRef Start(string name, DhtNodeActorOptions options)
    {
        TestProbe owner = CreateTestProbe(name);
        IActorRef dht = owner.ChildActorOf(
            HyperDhtActor.Props(_runtime.Peer(name, new MemoryFileStore()), new HyperDhtOptions { Node = options }), "dht");
        owner.FishForMessage(fact => fact is DhtNodeProtocol.StateChanged { State.IsBootstrapped: true }, Patience);
        return dht;
    }
}

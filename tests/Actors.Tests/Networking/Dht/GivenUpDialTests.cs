using Akka.Actor;
using Hyper.Actors.Networking.Dht;
using Hyper.Protocol.Udx.Packets;

namespace AuctionActors.Actors.Tests.Networking.Dht;

public sealed class GivenUpDialTests : HyperDhtKit
{
    private readonly StreamPacketTap _tap;

    public GivenUpDialTests()
        : this(new StreamPacketTap(losses: 1))
    {
    }

    private GivenUpDialTests(StreamPacketTap tap)
        : base(tap)
        => _tap = tap;

    [Fact]
    public void A_server_whose_first_packet_comes_late_hears_that_the_dial_was_given_up()
    {
        IActorRef server = Node(isFirewalled: true), client = Node(isFirewalled: false, isEphemeral: true);
        Listen(server);
        client.Tell(new HyperDhtProtocol.Connect(1, ServerKeys.PublicKey, ClientKeys));
        client.Tell(new HyperDhtProtocol.CancelConnect(1));
        while (true)
        {
            Assert.True(_tap.Sent.TryTake(out PacketFlags flags, Patience), "no reset was sent");
            if (flags.HasFlag(PacketFlags.Destroy))
                return;
        }
    }
}

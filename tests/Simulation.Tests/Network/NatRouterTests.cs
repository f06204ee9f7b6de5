using AuctionActors.Simulation.Network.Nat;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Simulation.Tests.Network;

public sealed class NatRouterTests
{
    private const uint Outer = 0x05050501;
    private static readonly PeerAddress Inside = new(0xc0a80102, 40000), Near = new(0x06060601, 1), NearOther = new(0x06060601, 2), Far = new(0x07070701, 1);

    [Fact]
    public void Only_a_random_NAT_gives_every_destination_another_port()
    {
        NatRouter cone = Of(NatBehaviour.FullConeRemap), random = Of(NatBehaviour.Symmetric);
        Assert.Equal(cone.Leave(Inside, Near), cone.Leave(Inside, Far));
        Assert.NotEqual(random.Leave(Inside, Near), random.Leave(Inside, Far));
        Assert.Equal(random.Leave(Inside, Near), random.Leave(Inside, Near));
    }

    [Fact]
    public void A_port_is_kept_while_it_is_free()
    {
        NatRouter router = Of(NatBehaviour.PortRestricted);
        Assert.Equal(new PeerAddress(Outer, 40000), router.Leave(Inside, Near));
        Assert.NotEqual(40000, router.Leave(Inside with { Host = 0xc0a80103 }, Near).Port);
        Assert.NotEqual(40000, Of(NatBehaviour.FullConeRemap).Leave(Inside, Near).Port);
    }

    [Theory]
    [InlineData(NatFiltering.None, true, true)]
    [InlineData(NatFiltering.Host, true, false)]
    [InlineData(NatFiltering.HostAndPort, false, false)]
    public void Who_gets_in_depends_on_the_filter(NatFiltering filtering, bool admitsOtherPort, bool admitsStranger)
    {
        NatRouter router = Of(new NatBehaviour(false, true, filtering));
        Assert.Null(router.Enter(Near, 40000));
        router.Leave(Inside, Near);
        Assert.Equal(Inside, router.Enter(Near, 40000));
        Assert.Equal(admitsOtherPort, router.Enter(NearOther, 40000).HasValue);
        Assert.Equal(admitsStranger, router.Enter(Far, 40000).HasValue);
    }

    private static NatRouter Of(NatBehaviour behaviour) => new(behaviour, Outer, new SeededEntropy(1, "nat"));
}

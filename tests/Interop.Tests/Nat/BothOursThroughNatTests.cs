using AuctionActors.Interop.Tests.Harness;
using Xunit.Abstractions;

namespace AuctionActors.Interop.Tests.Nat;

/// <summary>Our server and our client behind NATs, by the path that JavaScript peers take between the same two.</summary>
public sealed class BothOursThroughNatTests(NatLab lab, ITestOutputHelper output) : IClassFixture<NatLab>
{
    [Theory]
    [InlineData(NatKind.Open, NatKind.Symmetric, "direct")]
    [InlineData(NatKind.Symmetric, NatKind.Open, "direct")]
    [InlineData(NatKind.PortRestricted, NatKind.PortRestricted, "punched")]
    [InlineData(NatKind.CarrierGrade, NatKind.PortRestricted, "punched")]
    [InlineData(NatKind.FullCone, NatKind.Symmetric, "birthday")]
    public void Ours_reach_each_other(NatKind server, NatKind client, string path)
    {
        if (!NatPair.CanRun(output))
            return;
        lab.Place(LabSide.A, server);
        lab.Place(LabSide.B, client);
        using NatPair pair = new(lab);
        pair.StartOurServer();
        Assert.Equal((path, path), (pair.CallByUs(), lab.Wire.Path));
        output.WriteLine($"{lab.Wire}");
    }

    [Fact]
    public void Two_symmetric_NATs_are_given_up()
    {
        if (!NatPair.CanRun(output))
            return;
        lab.Place(LabSide.A, NatKind.Symmetric);
        lab.Place(LabSide.B, NatKind.Symmetric);
        using NatPair pair = new(lab);
        pair.StartOurServer();
        Assert.Equal(("HOLEPUNCH_DOUBLE_RANDOMIZED_NATS", "none"), (pair.CallByUs(), lab.Wire.Path));
    }

    [Fact]
    public void A_relay_carries_what_two_symmetric_NATs_keep_apart()
    {
        if (!NatPair.CanRun(output))
            return;
        lab.Place(LabSide.A, NatKind.Symmetric);
        lab.Place(LabSide.B, NatKind.Symmetric);
        (NodePeer relay, string key) = lab.StartRelay();
        using (relay)
        using (NatPair pair = new(lab))
        {
            pair.StartOurServer();
            Assert.Equal(("relayed", "relayed"), (pair.CallByUs("--relay-through", key), lab.Wire.Path));
        }
    }

    [Fact]
    public void Two_hosts_of_one_home_meet_inside()
    {
        if (!NatPair.CanRun(output))
            return;
        lab.PlaceTogether(NatKind.PortRestricted);
        using NatPair pair = new(lab);
        pair.StartOurServer();
        Assert.Equal(("lan", "none"), (pair.CallByUs(), lab.Wire.Path));
    }
}

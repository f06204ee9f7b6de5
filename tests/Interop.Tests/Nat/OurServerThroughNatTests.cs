using Xunit.Abstractions;

namespace AuctionActors.Interop.Tests.Nat;

/// <summary>Our server and a JavaScript client behind NATs.</summary>
public sealed class OurServerThroughNatTests(NatLab lab, ITestOutputHelper output) : IClassFixture<NatLab>
{
    [Theory]
    [InlineData(NatKind.Open, NatKind.PortRestricted, "direct")]
    [InlineData(NatKind.CarrierGrade, NatKind.PortRestricted, "punched")]
    [InlineData(NatKind.FullCone, NatKind.Symmetric, "birthday")]
    public void JavaScript_reaches_ours(NatKind server, NatKind client, string path)
    {
        if (!NatPair.CanRun(output))
            return;
        lab.Place(LabSide.A, server);
        lab.Place(LabSide.B, client);
        using NatPair pair = new(lab);
        pair.StartOurServer();
        Assert.Equal((null, path), (pair.CallByJavaScript(), lab.Wire.Path));
        output.WriteLine($"{lab.Wire}");
    }

    [Fact]
    public void JavaScript_meets_ours_inside_one_home()
    {
        if (!NatPair.CanRun(output))
            return;
        lab.PlaceTogether(NatKind.PortRestricted);
        using NatPair pair = new(lab);
        pair.StartOurServer();
        Assert.Equal((null, "none"), (pair.CallByJavaScript(), lab.Wire.Path));
    }
}

using AuctionActors.Interop.Tests.Harness;
using Xunit.Abstractions;

namespace AuctionActors.Interop.Tests.Nat;

/// <summary>Our client and a JavaScript server behind NATs.</summary>
public sealed class OurClientThroughNatTests(NatLab lab, ITestOutputHelper output) : IClassFixture<NatLab>
{
    [Theory]
    [InlineData(NatKind.PortRestricted, NatKind.Open, "direct")]
    [InlineData(NatKind.PortRestricted, NatKind.CarrierGrade, "punched")]
    [InlineData(NatKind.Symmetric, NatKind.FullCone, "birthday")]
    public void Ours_reaches_JavaScript(NatKind server, NatKind client, string path)
    {
        if (!NatPair.CanRun(output))
            return;
        lab.Place(LabSide.A, server);
        lab.Place(LabSide.B, client);
        using NatPair pair = new(lab);
        pair.StartJavaScriptServer();
        Assert.Equal((path, path), (pair.CallByUs(), lab.Wire.Path));
        output.WriteLine($"{lab.Wire}");
    }

    [Fact]
    public void A_relay_carries_our_client_to_a_JavaScript_server()
    {
        if (!NatPair.CanRun(output))
            return;
        lab.Place(LabSide.A, NatKind.Symmetric);
        lab.Place(LabSide.B, NatKind.Symmetric);
        (NodePeer relay, string key) = lab.StartRelay();
        using (relay)
        using (NatPair pair = new(lab))
        {
            pair.StartJavaScriptServer();
            Assert.Equal(("relayed", "relayed"), (pair.CallByUs("--relay-through", key), lab.Wire.Path));
        }
    }

    [Fact]
    public void A_busy_JavaScript_server_says_try_later_and_our_client_does_so_while_a_relay_carries_the_stream()
    {
        if (!NatPair.CanRun(output))
            return;
        lab.Place(LabSide.A, NatKind.FullCone);
        lab.Place(LabSide.B, NatKind.Symmetric);
        (NodePeer relay, string key) = lab.StartRelay();
        using (relay)
        using (NatPair pair = new(lab))
        {
            pair.StartJavaScriptServer("--busy-once");
            string path = pair.CallThatMoves("--relay-through", key);
            Assert.Equal(1, pair.TriedLater());
            Assert.Equal(("birthday", "birthday"), (path, lab.Wire.Path));
        }
    }

    [Fact]
    public void Ours_meets_JavaScript_inside_one_home()
    {
        if (!NatPair.CanRun(output))
            return;
        lab.PlaceTogether(NatKind.Symmetric);
        using NatPair pair = new(lab);
        pair.StartJavaScriptServer();
        Assert.Equal(("lan", "none"), (pair.CallByUs(), lab.Wire.Path));
    }
}

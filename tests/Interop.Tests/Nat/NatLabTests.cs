using Xunit.Abstractions;

namespace AuctionActors.Interop.Tests.Nat;

/// <summary>Whether the tests behind NATs are run on this machine.</summary>
public sealed class NatLabTests(ITestOutputHelper output)
{
    private const string Covered = "connections through real NATs (direct, punched, birthday, local, refused), ours and JavaScript on either side";

    [Fact]
    public void This_machine_has_a_NAT_lab_or_says_why_not()
        => output.WriteLine(
            LabCapability.Missing is { } reason
                ? $"NAT lab: no ({reason}); not covered on this machine: {Covered}"
                : $"NAT lab: yes; covered: {Covered}");

    [Fact]
    public void A_lab_leaves_no_namespace_behind()
    {
        if (LabCapability.Missing is not null)
            return;
        string name;
        using (NatLab lab = NatLab.WithoutPeers())
        {
            lab.Place(LabSide.A, NatKind.CarrierGrade);
            lab.PlaceTogether(NatKind.PortRestricted);
            name = lab.Name;
            Assert.NotEmpty(NamespacesOf(name));
        }

        Assert.Empty(NamespacesOf(name));
    }

    [Fact]
    public void A_lab_whose_process_was_killed_is_removed_by_the_next_one()
    {
        if (LabCapability.Missing is not null)
            return;
        string killed = Namespaces.LabOf(owner: int.MaxValue, number: 1);
        Namespaces.Execute("ip", ["netns", "add", killed + "-core"]);
        NatLab.WithoutPeers().Dispose();
        Assert.Empty(NamespacesOf(killed));
    }

    private static string[] NamespacesOf(string lab) => Directory.GetFiles(Namespaces.Folder, lab + "-*");
}

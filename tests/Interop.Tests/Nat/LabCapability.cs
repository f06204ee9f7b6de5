namespace AuctionActors.Interop.Tests.Nat;

/// <summary>Whether this machine lets the tests make networks of their own.</summary>
internal static class LabCapability
{
    private static readonly Lazy<string?> Found = new(Find);

    /// <summary>Why there can be no lab; absent when there can.</summary>
    public static string? Missing => Found.Value;

    private static string? Find()
    {
        if (!OperatingSystem.IsLinux())
            return "network namespaces exist on Linux only";
        if (!Environment.IsPrivilegedProcess)
            return "network namespaces can be made by root only";
        foreach (string tool in (string[])["ip", "nft", "sh"])
        {
            if (!IsInstalled(tool))
                return $"the command '{tool}' is not installed";
        }

        if (!File.Exists("/dev/net/tun"))
            return "/dev/net/tun is missing";
        try
        {
            using NatLab lab = NatLab.WithoutPeers();
            lab.Place(LabSide.A, NatKind.Symmetric);
            return null;
        }
        catch (Exception failure) when (failure is LabException or IOException)
        {
            return failure.Message;
        }
    }

    private static bool IsInstalled(string tool)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, tool)));
}

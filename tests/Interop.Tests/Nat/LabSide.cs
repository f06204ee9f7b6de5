namespace AuctionActors.Interop.Tests.Nat;

/// <summary>One of the two homes of a lab.</summary>
public sealed record LabSide(string Name, string PublicHost, string Gateway, string CarrierNetwork, string PrivateHost)
{
    public static LabSide A { get; } = new("a", "40.1.0.2", "40.1.0.1", "100.64.1", "192.168.1.10");

    public static LabSide B { get; } = new("b", "60.1.0.2", "60.1.0.1", "100.64.2", "192.168.1.20");

    /// <summary>The router that looks to the private network.</summary>
    public string Router => "r" + Name;

    /// <summary>The carrier's router.</summary>
    public string Carrier => "c" + Name;

    /// <summary>The core's end of the cable to the home.</summary>
    public string Uplink => "up-" + Name;
}

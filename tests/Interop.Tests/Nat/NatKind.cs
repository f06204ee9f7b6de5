namespace AuctionActors.Interop.Tests.Nat;

/// <summary>What stands between a home and the public network.</summary>
public enum NatKind
{
    /// <summary>Nothing: the host has a public address.</summary>
    Open,

    /// <summary>One outer port for all destinations; once it has sent something, everybody gets in.</summary>
    FullCone,

    /// <summary>One outer port for all destinations; in comes who was sent to, host and port.</summary>
    PortRestricted,

    /// <summary>Another random outer port for every destination.</summary>
    Symmetric,

    /// <summary>Two port-restricted levels, of which the outer one changes ports.</summary>
    CarrierGrade,
}

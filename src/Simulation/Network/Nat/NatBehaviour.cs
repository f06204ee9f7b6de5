namespace AuctionActors.Simulation.Network.Nat;

/// <summary>Who may send to a port that a NAT has given to a socket inside.</summary>
public enum NatFiltering
{
    /// <summary>Everybody.</summary>
    None,

    /// <summary>Hosts that the socket has sent to.</summary>
    Host,

    /// <summary>Hosts and ports that the socket has sent to.</summary>
    HostAndPort,
}

/// <summary>What a NAT does to the datagrams of the peers behind it.</summary>
/// <param name="IsRandom">Every destination sees another port; otherwise all see the same one.</param>
/// <param name="KeepsPort">The outer port is the inner one while that is free.</param>
public sealed record NatBehaviour(bool IsRandom, bool KeepsPort, NatFiltering Filtering)
{
    public static NatBehaviour FullCone { get; } = new(false, true, NatFiltering.None);

    public static NatBehaviour FullConeRemap { get; } = new(false, false, NatFiltering.None);

    public static NatBehaviour AddressRestricted { get; } = new(false, true, NatFiltering.Host);

    /// <summary>The usual router at home, and with it a stateful firewall when the host inside has the public address itself.</summary>
    public static NatBehaviour PortRestricted { get; } = new(false, true, NatFiltering.HostAndPort);

    public static NatBehaviour PortRestrictedRemap { get; } = new(false, false, NatFiltering.HostAndPort);

    public static NatBehaviour Symmetric { get; } = new(true, false, NatFiltering.HostAndPort);
}

namespace AuctionActors.Interop.Tests.Nat;

/// <summary>Shell scripts that lay the cables of a home and give its routers their rules.</summary>
internal static class HomeScripts
{
    private const string Forward = "echo 1 > /proc/sys/net/ipv4/ip_forward";

    /// <summary>Run in the core: a cable to the outermost device of the home, which calls its end <c>wan</c>.</summary>
    public static string Uplink(LabSide side, string outermost) => $"""
        ip link add {side.Uplink} type veth peer name wan netns {outermost}
        ip addr add {side.Gateway}/24 dev {side.Uplink}
        ip link set {side.Uplink} up
        """;

    /// <summary>Run in the outermost device.</summary>
    public static string Outermost(LabSide side) => Wan(side.PublicHost, side.Gateway);

    /// <summary>Run in the carrier's router: a cable to the home's router.</summary>
    public static string CarrierCable(LabSide side, string router) => $"""
        {Forward}
        ip link add lan type veth peer name wan netns {router}
        ip addr add {side.CarrierNetwork}.1/24 dev lan
        ip link set lan up
        """;

    /// <summary>Run in the home's router behind a carrier.</summary>
    public static string BehindCarrier(LabSide side) => Wan(CarrierCustomer(side), $"{side.CarrierNetwork}.1");

    /// <summary>The home's router as its carrier sees it.</summary>
    public static string CarrierCustomer(LabSide side) => $"{side.CarrierNetwork}.2";

    /// <summary>Run in the home's router: the private network, which is the same in every home.</summary>
    public static string PrivateNetwork() => $"""
        {Forward}
        ip link add lan type bridge
        ip addr add 192.168.1.1/24 dev lan
        ip link set lan up
        """;

    /// <summary>Run in the home's router: a cable to a host.</summary>
    public static string HostCable(LabSide host, string name) => $"""
        ip link add to-{host.Name} type veth peer name eth0 netns {name}
        ip link set to-{host.Name} master lan up
        """;

    /// <summary>Run in the host.</summary>
    public static string Host(LabSide host) => $"""
        ip addr add {host.PrivateHost}/24 dev eth0
        ip link set eth0 up
        ip route add default via 192.168.1.1
        """;

    /// <summary>Rules of a router with the interfaces <c>wan</c> and <c>lan</c>.</summary>
    /// <param name="translation">What happens to the source of a datagram that leaves.</param>
    public static string Rules(string translation) => $$"""
        nft -f - <<'RULES'
        table ip home {
          chain leaving { type nat hook postrouting priority srcnat
            oifname "wan" {{translation}}
          }
          chain passing { type filter hook forward priority 0; policy drop
            ct state established,related accept
            iifname "lan" accept
          }
          chain arriving { type filter hook input priority 0; policy drop
            ct state established,related accept
            iifname "lan" accept
          }
        }
        RULES
        """;

    /// <summary>Run in a router with rules: who sends to a port that has sent something gets in.</summary>
    public static string LetEverybodyIn(LabSide host) => $$"""
        nft -f - <<'RULES'
        table ip home {
          set seen { type inet_service; flags dynamic,timeout; timeout 120s; size 65535; }
          chain noting { type filter hook postrouting priority 300
            oifname "wan" meta l4proto udp update @seen { udp sport }
          }
          chain coming { type nat hook prerouting priority dstnat
            iifname "wan" udp dport @seen dnat to {{host.PrivateHost}}
          }
          chain passing {
            iifname "wan" ct status dnat accept
          }
        }
        RULES
        """;

    /// <summary>The port is kept.</summary>
    public const string Masquerade = "masquerade";

    /// <summary>The port depends on the destination, by chance.</summary>
    public const string RandomPorts = "masquerade random,fully-random";

    /// <summary>The port is another one, the same for all destinations.</summary>
    public static string OtherPort(LabSide side) => $"meta l4proto udp snat to {side.PublicHost} : udp sport ^ 0x4000";

    private static string Wan(string host, string gateway) => $"""
        ip addr add {host}/24 dev wan
        ip link set wan up
        ip route add default via {gateway}
        """;
}

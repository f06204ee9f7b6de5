using AuctionActors.Interop.Tests.Harness;

namespace AuctionActors.Interop.Tests.Nat;

/// <summary>A small internet in network namespaces: DHT nodes in public, long links, and two homes behind NATs of a chosen kind.</summary>
/// <remarks>Nothing of the machine is attached to it. What <see cref="LabCapability"/> finds missing leaves the lab unbuilt.</remarks>
public sealed class NatLab : IDisposable
{
    private const string Core = "core", Public = "public", BootstrapHost = "20.0.0.1", RelayHost = "20.0.0.101";
    private const int DhtPort = 49737, DhtNodes = 6;
    private readonly Namespaces? _namespaces;
    private readonly WireDelay? _wire;
    private readonly NodePeer? _nodes;

    public NatLab()
        : this(hasPeers: true)
    {
    }

    private NatLab(bool hasPeers)
    {
        if (hasPeers && LabCapability.Missing is not null)
            return;
        _namespaces = new Namespaces();
        try
        {
            BuildCore(_namespaces);
            _wire = new WireDelay(Namespaces.FileOf(_namespaces.NameOf(Core)));
            _namespaces.Run(Core, "ip link set wire up; ip route add default dev wire table 100");
            if (hasPeers)
                _nodes = StartNodes();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What passes between the homes.</summary>
    public WireObserver Wire => Built(_wire).Observer;

    /// <summary>What the names of its namespaces begin with.</summary>
    public string Name => Built(_namespaces).Lab;

    public static string Bootstrap => $"{BootstrapHost}:{DhtPort}";

    /// <summary>A lab without DHT nodes, to see whether one can be made.</summary>
    public static NatLab WithoutPeers() => new(hasPeers: false);

    /// <summary>Builds a home anew, with nothing that its routers remember.</summary>
    public void Place(LabSide side, NatKind kind)
    {
        Clear(side);
        Namespaces all = Built(_namespaces);
        if (kind == NatKind.Open)
        {
            Attach(side, side.Name);
            return;
        }

        if (kind == NatKind.CarrierGrade)
        {
            Attach(side, side.Carrier);
            all.Add(side.Router);
            all.Run(side.Carrier, HomeScripts.CarrierCable(side, all.NameOf(side.Router)));
            all.Run(side.Carrier, HomeScripts.Rules(HomeScripts.OtherPort(side)));
            all.Run(side.Router, HomeScripts.BehindCarrier(side));
        }
        else
            Attach(side, side.Router);
        all.Run(side.Router, HomeScripts.PrivateNetwork());
        all.Run(side.Router, HomeScripts.Rules(kind == NatKind.Symmetric ? HomeScripts.RandomPorts : HomeScripts.Masquerade));
        if (kind == NatKind.FullCone)
            all.Run(side.Router, HomeScripts.LetEverybodyIn(side));
        AddHost(side.Router, side);
    }

    /// <summary>Builds one home with both hosts in its private network.</summary>
    public void PlaceTogether(NatKind kind)
    {
        Clear(LabSide.B);
        Place(LabSide.A, kind);
        AddHost(LabSide.A.Router, LabSide.B);
    }

    /// <summary>Starts a blind relay of ours in public and gives its key.</summary>
    public (NodePeer Relay, string Key) StartRelay()
    {
        NodePeer relay = Start(
            Public, Checkout.Root, ["dotnet", AuctionCommand.Assembly, "dht", "relay", "--host", RelayHost, "--bootstrap", Bootstrap, "--json"]);
        return (relay, (string)relay.ReadJson()["publicKey"]!);
    }

    /// <summary>Starts a JavaScript peer in a home.</summary>
    public NodePeer StartScript(LabSide side, string script, params string[] arguments) => Start(side.Name, Checkout.Peers, ["node", script, .. arguments]);

    /// <summary>Starts the command in a home.</summary>
    public NodePeer StartCommand(LabSide side, params string[] arguments)
        => Start(side.Name, Checkout.Root, ["dotnet", AuctionCommand.Assembly, .. arguments]);

    public void Dispose()
    {
        _nodes?.Dispose();
        _wire?.Dispose();
        _namespaces?.Dispose();
    }

    private static T Built<T>(T? part)
        where T : class
        => part ?? throw new LabException(LabCapability.Missing ?? "the lab is not built");

    private static void BuildCore(Namespaces all)
    {
        all.Add(Core);
        all.Add(Public);
        string addresses = string.Join('\n', PublicAddresses().Select(host => $"ip addr add {host}/24 dev wan"));
        all.Run(Core, $"""
            echo 1 > /proc/sys/net/ipv4/ip_forward
            ip link add public type veth peer name wan netns {all.NameOf(Public)}
            ip addr add 20.0.0.254/24 dev public
            ip link set public up
            ip rule add iif wire lookup main prio 10
            ip rule add lookup 100 prio 20
            """);
        all.Run(Public, $"{addresses}\nip link set wan up\nip route add default via 20.0.0.254");
    }

    private static IEnumerable<string> PublicHosts() => Enumerable.Range(11, DhtNodes).Select(last => $"20.0.0.{last}").Prepend(BootstrapHost);

    private static IEnumerable<string> PublicAddresses() => PublicHosts().Append(RelayHost);

    private NodePeer StartNodes()
    {
        NodePeer nodes = Start(Public, Checkout.Peers, ["node", "nat-network.js", $"{DhtPort}", .. PublicHosts()]);
        nodes.ReadEvent("ready");
        return nodes;
    }

    private void Attach(LabSide side, string outermost)
    {
        Namespaces all = Built(_namespaces);
        all.Add(outermost);
        all.Run(Core, HomeScripts.Uplink(side, all.NameOf(outermost)));
        all.Run(outermost, HomeScripts.Outermost(side));
    }

    private void AddHost(string router, LabSide host)
    {
        Namespaces all = Built(_namespaces);
        all.Add(host.Name);
        all.Run(router, HomeScripts.HostCable(host, all.NameOf(host.Name)));
        all.Run(host.Name, HomeScripts.Host(host));
    }

    private void Clear(LabSide side)
    {
        Namespaces all = Built(_namespaces);
        all.Run(Core, $"if ip link show {side.Uplink} > /dev/null 2>&1; then ip link del {side.Uplink}; fi");
        foreach (string part in (string[])[side.Name, side.Router, side.Carrier])
            all.Remove(part);
    }

    private NodePeer Start(string part, string folder, IEnumerable<string> command)
        => NodePeer.Launch("ip", ["netns", "exec", Built(_namespaces).NameOf(part), .. command], folder);
}

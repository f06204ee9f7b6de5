using System.Collections.Immutable;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.DhtRpc;
using Hyper.Protocol.DhtRpc.Routing;
using Hyper.Protocol.HyperDht.Connecting;

namespace Hyper.Actors.Networking.Dht;

/// <summary>What the node above has last said about itself and its surroundings.</summary>
internal sealed class NodeView(IDatagramPorts ports)
{
    /// <summary>As many as a holepunch asks at most, twice, after those it leaves out.</summary>
    private const int SampledNodes = 16;

    private ImmutableArray<PeerAddress> _localAddresses = [];
    private PeerAddress _server;
    private RoutingSnapshot _routing = RoutingSnapshot.Empty;

    public DhtNodeState? State { get; set; }

    /// <summary>Where the server socket is reached inside the local network, if the machine's hosts are of use.</summary>
    public IReadOnlyList<PeerAddress> LocalAddresses => _localAddresses;

    /// <summary>Needs a state.</summary>
    public NodeReachability Reachability => NodeReachability.Of(State!, _localAddresses, [.. _routing.Newest(SampledNodes)]);

    public void NoteBound(PeerAddress server)
    {
        _server = server;
        NoteLocalHosts();
    }

    /// <summary>
    /// A node bound to every interface is reached at those that it has now, or else from its own host only. True when others must hear of it.
    /// </summary>
    public bool NoteLocalHosts()
    {
        IReadOnlyList<uint> hosts = _server.Host == 0 ? ports.FindLocalHosts() : [_server.Host];
        ImmutableArray<PeerAddress> before = _localAddresses;
        _localAddresses = hosts.Count == 0 ? [PeerAddress.Loopback(_server.Port)] : [.. hosts.Select(host => _server with { Host = host })];
        return !_localAddresses.SequenceEqual(before);
    }

    public void NoteNodes(RoutingSnapshot routing) => _routing = routing;
}

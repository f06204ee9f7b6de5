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
    private RoutingSnapshot _routing = RoutingSnapshot.Empty;

    public DhtNodeState? State { get; set; }

    /// <summary>Needs a state.</summary>
    public NodeReachability Reachability => NodeReachability.Of(State!, _localAddresses, [.. _routing.Newest(SampledNodes)]);

    /// <summary>A node bound to every interface is reached at those that it has, or else from its own host only.</summary>
    public void NoteBound(PeerAddress server)
    {
        IReadOnlyList<uint> hosts = server.Host == 0 ? ports.FindLocalHosts() : [server.Host];
        _localAddresses = hosts.Count == 0 ? [PeerAddress.Loopback(server.Port)] : [.. hosts.Select(host => server with { Host = host })];
    }

    public void NoteNodes(RoutingSnapshot routing) => _routing = routing;
}

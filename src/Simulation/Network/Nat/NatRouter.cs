using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Simulation.Network.Nat;

/// <summary>The table of one NAT. Mappings never expire, and nothing gets from inside to the outer address of a neighbour.</summary>
internal sealed class NatRouter(NatBehaviour behaviour, uint outerHost, IEntropy entropy)
{
    private const int FirstPort = 1024;
    private readonly Dictionary<(PeerAddress Inside, PeerAddress? Outside), ushort> _ports = [];
    private readonly Dictionary<ushort, Mapping> _mappings = [];

    /// <summary>A datagram leaves: the address that the outside sees.</summary>
    public PeerAddress Leave(PeerAddress inside, PeerAddress outside)
    {
        (PeerAddress, PeerAddress?) key = (inside, behaviour.IsRandom ? outside : null);
        if (!_ports.TryGetValue(key, out ushort port))
        {
            port = FreePort(inside.Port);
            _ports.Add(key, port);
            _mappings.Add(port, new Mapping(inside));
        }

        _mappings[port].SentTo.Add(Filtered(outside));
        return new PeerAddress(outerHost, port);
    }

    /// <summary>A datagram arrives: the socket that gets it, unless it is nobody's or is not let in.</summary>
    public PeerAddress? Enter(PeerAddress outside, ushort port)
        => _mappings.TryGetValue(port, out Mapping? mapping) && mapping.SentTo.Contains(Filtered(outside)) ? mapping.Inside : null;

    /// <summary>The socket behind a port.</summary>
    public PeerAddress? InsideOf(ushort port) => _mappings.TryGetValue(port, out Mapping? mapping) ? mapping.Inside : null;

    private PeerAddress Filtered(PeerAddress outside) => behaviour.Filtering switch
    {
        NatFiltering.None => default,
        NatFiltering.Host => outside with { Port = 0 },
        _ => outside,
    };

    private ushort FreePort(ushort inner)
    {
        if (behaviour.KeepsPort && !_mappings.ContainsKey(inner))
            return inner;
        ushort port;
        do
            port = (ushort)(FirstPort + entropy.NextInt32(1 + ushort.MaxValue - FirstPort));
        while (_mappings.ContainsKey(port));
        return port;
    }

    private sealed record Mapping(PeerAddress Inside)
    {
        public HashSet<PeerAddress> SentTo { get; } = [];
    }
}

using AuctionActors.Simulation.Kernel;
using AuctionActors.Simulation.Network.Nat;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Simulation.Network;

/// <summary>Datagrams in memory and virtual time, between the ports of one kernel.</summary>
public sealed class VirtualNetwork(VirtualKernel kernel, LinkShaper shaper, TimeSpan baseLatency)
{
    private const ushort FirstFreePort = 49152;

    /// <summary>Datagrams that may pass fewer routers than this die on the way between two homes.</summary>
    private const int HopsBetweenHomes = 16;

    private readonly Dictionary<(VirtualHome? Home, PeerAddress Address), VirtualPort> _ports = [];
    private readonly Dictionary<uint, VirtualHome> _homes = [];
    private ushort _nextPort = FirstFreePort;

    /// <summary>Datagrams and bytes handed to the network so far.</summary>
    public (long Datagrams, long Bytes) Carried { get; private set; }

    /// <summary>The ports of one peer, at a public address or, if it has one, inside a home.</summary>
    public IDatagramPorts PortsOf(string peer, VirtualHome? home = null) => new PeerPorts(this, peer, home);

    /// <summary>A private network behind a NAT with a public host of its own.</summary>
    public VirtualHome CreateHome(uint host, NatBehaviour behaviour, IEntropy entropy)
    {
        VirtualHome home = new(host, behaviour, entropy);
        _homes.Add(host, home);
        return home;
    }

    internal void Release(VirtualPort port) => _ports.Remove((port.Home, port.LocalAddress));

    internal void Carry(VirtualPort from, ReadOnlySpan<byte> datagram, PeerAddress to, int timeToLive = 0)
    {
        Carried = (Carried.Datagrams + 1, Carried.Bytes + datagram.Length);
        bool isNeighbour = from.Home is not null && _ports.ContainsKey((from.Home, to));
        PeerAddress source = from.Home is null || isNeighbour ? from.LocalAddress : from.Home.Router.Leave(from.LocalAddress, to);
        bool fallsShort = timeToLive is > 0 and < HopsBetweenHomes && !isNeighbour;
        VirtualHome? nearTo = isNeighbour ? from.Home : null;
        if (fallsShort || Find(to, nearTo) is not { } port)
        {
            Drop(from, to, fallsShort ? "hops" : "unreachable");
            return;
        }

        // What a port sends to itself leaves its machine on no link.
        LinkVerdict verdict = port == from ? default : shaper.Decide(from.Peer, port.Peer);
        TimeSpan latency = port == from ? TimeSpan.Zero : baseLatency;
        if (verdict.DropReason is { } reason)
        {
            Drop(from, to, reason);
            return;
        }

        byte[] copy = datagram.ToArray();
        Deliver(source, copy, to, nearTo, latency + verdict.Delay);
        if (verdict.SecondCopyDelay is { } delay)
            Deliver(source, copy, to, nearTo, latency + delay);
    }

    private void Deliver(PeerAddress from, byte[] datagram, PeerAddress to, VirtualHome? nearTo, TimeSpan delay)
        => kernel.After(delay, () =>
        {
            // NATs decide when a datagram arrives, not when it is sent.
            if (Find(to, nearTo) is { } port && (port.Home == nearTo || port.Home!.Router.Enter(from, to.Port).HasValue))
                port.Accept(from, datagram);
        });

    private VirtualPort? Find(PeerAddress to, VirtualHome? nearTo)
    {
        if (_ports.TryGetValue((nearTo, to), out VirtualPort? port))
            return port;
        return nearTo is null && _homes.TryGetValue(to.Host, out VirtualHome? home) && home.Router.InsideOf(to.Port) is { } inside
            ? _ports.GetValueOrDefault((home, inside))
            : null;
    }

    private void Drop(VirtualPort from, PeerAddress to, string reason)
    {
        if (kernel.Events.Records(EventKind.NetDrop))
        {
            _ = kernel.Events.Record(new EventEntry(EventKind.NetDrop)
            {
                Peer = from.Peer,
                From = from.LocalAddress,
                To = to,
                Type = reason,
            });
        }
    }

    private VirtualPort Bind(string peer, VirtualHome? home, PeerAddress local, IDatagramReceiver receiver)
    {
        PeerAddress address = local.Port == 0 ? Free(home, local) : local;
        var port = new VirtualPort(this, peer, home, address, receiver);
        return _ports.TryAdd((home, address), port) ? port : throw new PortInUseException(address);
    }

    private PeerAddress Free(VirtualHome? home, PeerAddress local)
    {
        PeerAddress candidate;
        do
        {
            candidate = local with { Port = _nextPort };
            _nextPort = _nextPort == ushort.MaxValue ? FirstFreePort : (ushort)(_nextPort + 1);
        }
        while (_ports.ContainsKey((home, candidate)));
        return candidate;
    }

    private sealed class PeerPorts(VirtualNetwork network, string peer, VirtualHome? home) : IDatagramPorts
    {
        public IDatagramPort Bind(PeerAddress local, IDatagramReceiver receiver) => network.Bind(peer, home, local, receiver);
    }
}

using AuctionActors.Simulation.Kernel;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Simulation.Network;

/// <summary>Datagrams in memory and virtual time, between the ports of one kernel.</summary>
public sealed class VirtualNetwork(VirtualKernel kernel, LinkShaper shaper, TimeSpan baseLatency)
{
    private const ushort FirstFreePort = 49152;
    private readonly Dictionary<PeerAddress, VirtualPort> _ports = [];
    private ushort _nextPort = FirstFreePort;

    /// <summary>Datagrams and bytes handed to the network so far.</summary>
    public (long Datagrams, long Bytes) Carried { get; private set; }

    /// <summary>The ports of one peer.</summary>
    public IDatagramPorts PortsOf(string peer) => new PeerPorts(this, peer);

    internal void Release(VirtualPort port) => _ports.Remove(port.LocalAddress);

    internal void Carry(VirtualPort from, ReadOnlySpan<byte> datagram, PeerAddress to)
    {
        Carried = (Carried.Datagrams + 1, Carried.Bytes + datagram.Length);
        if (!_ports.TryGetValue(to, out VirtualPort? port))
        {
            Drop(from, to, "unreachable");
            return;
        }

        LinkVerdict verdict = shaper.Decide(from.Peer, port.Peer);
        if (verdict.DropReason is { } reason)
        {
            Drop(from, to, reason);
            return;
        }

        byte[] copy = datagram.ToArray();
        Deliver(from.LocalAddress, copy, to, verdict.Delay);
        if (verdict.SecondCopyDelay is { } delay)
            Deliver(from.LocalAddress, copy, to, delay);
    }

    private void Deliver(PeerAddress from, byte[] datagram, PeerAddress to, TimeSpan delay)
        => kernel.After(baseLatency + delay, () =>
        {
            if (_ports.TryGetValue(to, out VirtualPort? port))
                port.Accept(from, datagram);
        });

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

    private VirtualPort Bind(string peer, PeerAddress local, IDatagramReceiver receiver)
    {
        PeerAddress address = local.Port == 0 ? Free(local) : local;
        var port = new VirtualPort(this, peer, address, receiver);
        return _ports.TryAdd(address, port) ? port : throw new PortInUseException(address);
    }

    private PeerAddress Free(PeerAddress local)
    {
        PeerAddress candidate;
        do
        {
            candidate = local with { Port = _nextPort };
            _nextPort = _nextPort == ushort.MaxValue ? FirstFreePort : (ushort)(_nextPort + 1);
        }
        while (_ports.ContainsKey(candidate));
        return candidate;
    }

    private sealed class PeerPorts(VirtualNetwork network, string peer) : IDatagramPorts
    {
        public IDatagramPort Bind(PeerAddress local, IDatagramReceiver receiver) => network.Bind(peer, local, receiver);
    }
}

using System.Collections.Concurrent;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Udp;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Udx.Packets;

namespace AuctionActors.Actors.Tests.Networking.Dht;

/// <summary>Real ports that lose the first stream packets sent through any of them and tell the flags of those that follow.</summary>
internal sealed class StreamPacketTap(int losses) : IDatagramPorts
{
    private const byte StreamMagic = 0xFF;
    private readonly UdpPorts _ports = new();
    private int _losses = losses;

    public BlockingCollection<PacketFlags> Sent { get; } = new(new ConcurrentQueue<PacketFlags>());

    public IDatagramPort Bind(PeerAddress local, IDatagramReceiver receiver) => new Port(this, _ports.Bind(local, receiver));

    public IReadOnlyList<uint> FindLocalHosts() => _ports.FindLocalHosts();

    private bool Passes(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < 3 || datagram[0] != StreamMagic)
            return true;
        if (Interlocked.Decrement(ref _losses) >= 0)
            return false;
        Sent.Add((PacketFlags)datagram[2]);
        return true;
    }

    private sealed class Port(StreamPacketTap tap, IDatagramPort inner) : IDatagramPort
    {
        public PeerAddress LocalAddress => inner.LocalAddress;

        public DatagramCounters Counters => inner.Counters;

        public void Send(ReadOnlySpan<byte> datagram, PeerAddress to)
        {
            if (tap.Passes(datagram))
                inner.Send(datagram, to);
        }

        public void Send(ReadOnlySpan<byte> datagram, PeerAddress to, int timeToLive)
        {
            if (tap.Passes(datagram))
                inner.Send(datagram, to, timeToLive);
        }

        public void Send(ReadOnlySpan<OutgoingDatagram> batch)
        {
            foreach (OutgoingDatagram datagram in batch)
                Send(datagram.Bytes.Span, datagram.To);
        }

        public void Dispose() => inner.Dispose();
    }
}

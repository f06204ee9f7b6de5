using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Simulation.Tests.Networking;

/// <summary>Counts the ports of a peer that are open.</summary>
internal sealed class CountedPorts
{
    public int Open { get; private set; }

    /// <summary>All that have ever been opened.</summary>
    public int Opened { get; private set; }

    public IDatagramPorts Around(IDatagramPorts ports) => new Ports(this, ports);

    private sealed class Ports(CountedPorts count, IDatagramPorts inner) : IDatagramPorts
    {
        public IDatagramPort Bind(PeerAddress local, IDatagramReceiver receiver)
        {
            IDatagramPort port = inner.Bind(local, receiver);
            count.Open++;
            count.Opened++;
            return new Port(count, port);
        }

        public IReadOnlyList<uint> FindLocalHosts() => inner.FindLocalHosts();
    }

    private sealed class Port(CountedPorts count, IDatagramPort inner) : IDatagramPort
    {
        private bool _isClosed;

        public PeerAddress LocalAddress => inner.LocalAddress;

        public DatagramCounters Counters => inner.Counters;

        public void Send(ReadOnlySpan<byte> datagram, PeerAddress to) => inner.Send(datagram, to);

        public void Send(ReadOnlySpan<byte> datagram, PeerAddress to, int timeToLive) => inner.Send(datagram, to, timeToLive);

        public void Send(ReadOnlySpan<OutgoingDatagram> batch) => inner.Send(batch);

        public void Dispose()
        {
            inner.Dispose();
            count.Open -= _isClosed ? 0 : 1;
            _isClosed = true;
        }
    }
}

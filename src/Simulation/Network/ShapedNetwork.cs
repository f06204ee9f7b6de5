using System.Collections.Concurrent;
using Akka.Actor;
using Hyper.Actors.Runtime;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Simulation.Network;

/// <summary>Real UDP ports whose links are shaped in user space, on the sender's side, before the datagram reaches the system.</summary>
public sealed class ShapedNetwork(IDatagramPorts inner, LinkShaper shaper, Func<IScheduler> scheduler, IEventRecorder events)
{
    private readonly ConcurrentDictionary<PeerAddress, string> _peers = new();
    private long _datagrams, _bytes;

    private IDatagramPorts Inner => inner;

    /// <summary>Datagrams and bytes handed to the network so far, lost ones included.</summary>
    public (long Datagrams, long Bytes) Carried => (Interlocked.Read(ref _datagrams), Interlocked.Read(ref _bytes));

    /// <summary>The ports of one peer.</summary>
    public IDatagramPorts PortsOf(string peer) => new PeerPorts(this, peer);

    private void Carry(ShapedPort from, ReadOnlySpan<byte> datagram, PeerAddress to)
    {
        Interlocked.Increment(ref _datagrams);
        Interlocked.Add(ref _bytes, datagram.Length);
        LinkVerdict verdict = shaper.IsIdle || to == from.LocalAddress ? default : shaper.Decide(from.Peer, _peers.GetValueOrDefault(to, "?"));
        if (verdict.DropReason is { } reason)
        {
            RecordDrop(from, to, reason);
            return;
        }

        Send(from, datagram, to, verdict.Delay);
        if (verdict.SecondCopyDelay is { } delay)
            Send(from, datagram, to, delay);
    }

    private void Send(ShapedPort from, ReadOnlySpan<byte> datagram, PeerAddress to, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            from.Inner.Send(datagram, to);
            return;
        }

        byte[] copy = datagram.ToArray();
        scheduler().Advanced.ScheduleOnce(delay, () => from.Inner.Send(copy, to));
    }

    private void RecordDrop(ShapedPort from, PeerAddress to, string reason)
    {
        if (events.Records(EventKind.NetDrop))
        {
            _ = events.Record(new EventEntry(EventKind.NetDrop)
            {
                Peer = from.Peer,
                From = from.LocalAddress,
                To = to,
                Type = reason,
            });
        }
    }

    private sealed class PeerPorts(ShapedNetwork network, string peer) : IDatagramPorts
    {
        public IDatagramPort Bind(PeerAddress local, IDatagramReceiver receiver)
        {
            IDatagramPort port = network.Inner.Bind(local, receiver);
            network._peers[port.LocalAddress] = peer;
            return new ShapedPort(network, peer, port);
        }
    }

    private sealed class ShapedPort(ShapedNetwork network, string peer, IDatagramPort inner) : IDatagramPort
    {
        public string Peer => peer;

        public IDatagramPort Inner => inner;

        public PeerAddress LocalAddress => inner.LocalAddress;

        public DatagramCounters Counters => inner.Counters;

        public DatagramBuffers Buffers => inner.Buffers;

        public DatagramBuffers Resize(DatagramBuffers wanted) => inner.Resize(wanted);

        public void Send(ReadOnlySpan<byte> datagram, PeerAddress to) => network.Carry(this, datagram, to);

        // User space has no hops to count.
        public void Send(ReadOnlySpan<byte> datagram, PeerAddress to, int timeToLive) => network.Carry(this, datagram, to);

        public void Send(ReadOnlySpan<OutgoingDatagram> batch)
        {
            foreach (OutgoingDatagram datagram in batch)
                network.Carry(this, datagram.Bytes.Span, datagram.To);
        }

        public void Dispose()
        {
            network._peers.TryRemove(LocalAddress, out _);
            inner.Dispose();
        }
    }
}

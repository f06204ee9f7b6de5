using AuctionActors.Simulation.Network.Nat;
using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Simulation.Network;

/// <summary>A port of the virtual network.</summary>
internal sealed class VirtualPort(VirtualNetwork network, string peer, VirtualHome? home, PeerAddress local, IDatagramReceiver receiver)
    : IDatagramPort
{
    private long _sentDatagrams, _sentBytes, _receivedDatagrams, _receivedBytes;
    private bool _closed;

    public string Peer => peer;

    /// <summary>The private network that the port is in, if it is not at a public address.</summary>
    public VirtualHome? Home => home;

    public PeerAddress LocalAddress => local;

    public DatagramCounters Counters => new(_sentDatagrams, _sentBytes, _receivedDatagrams, _receivedBytes, 0);

    public void Send(ReadOnlySpan<byte> datagram, PeerAddress to) => Send(datagram, to, 0);

    public void Send(ReadOnlySpan<byte> datagram, PeerAddress to, int timeToLive)
    {
        if (_closed)
            return;
        _sentDatagrams++;
        _sentBytes += datagram.Length;
        network.Carry(this, datagram, to, timeToLive);
    }

    public void Send(ReadOnlySpan<OutgoingDatagram> batch)
    {
        foreach (OutgoingDatagram datagram in batch)
            Send(datagram.Bytes.Span, datagram.To);
    }

    public void Accept(PeerAddress from, ReadOnlySpan<byte> datagram)
    {
        _receivedDatagrams++;
        _receivedBytes += datagram.Length;
        var batch = new DatagramBatch(1, datagram.Length);
        batch.Add(from, datagram);
        receiver.Receive(batch);
    }

    public void Dispose()
    {
        if (_closed)
            return;
        _closed = true;
        network.Release(this);
    }
}

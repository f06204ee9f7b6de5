using Hyper.Actors.Runtime;
using Hyper.Protocol.CompactEncoding;

namespace AuctionActors.Simulation.Network;

/// <summary>A port of the virtual network.</summary>
internal sealed class VirtualPort(VirtualNetwork network, string peer, PeerAddress local, IDatagramReceiver receiver) : IDatagramPort
{
    private long _sentDatagrams, _sentBytes, _receivedDatagrams, _receivedBytes;
    private bool _closed;

    public string Peer => peer;

    public PeerAddress LocalAddress => local;

    public DatagramCounters Counters => new(_sentDatagrams, _sentBytes, _receivedDatagrams, _receivedBytes, 0);

    public void Send(ReadOnlySpan<byte> datagram, PeerAddress to)
    {
        if (_closed)
            return;
        _sentDatagrams++;
        _sentBytes += datagram.Length;
        network.Carry(this, datagram, to);
    }

    public void Send(ReadOnlySpan<byte> datagram, PeerAddress to, int timeToLive) => Send(datagram, to);

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

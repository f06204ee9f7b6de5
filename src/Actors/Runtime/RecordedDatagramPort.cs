using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.CompactEncoding;

namespace Hyper.Actors.Runtime;

/// <summary>A port whose traffic goes to the event log: each datagram under the id that both of its ends compute.</summary>
internal sealed class RecordedDatagramPort : IDatagramPort, IDatagramReceiver
{
    private readonly PeerRuntime _runtime;
    private readonly IDatagramReceiver _receiver;
    private readonly MessageIds _sent = new();
    private readonly MessageIds _received = new();
    private readonly Lock _sending = new();
    private IDatagramPort _port = null!;

    private RecordedDatagramPort(PeerRuntime runtime, IDatagramReceiver receiver)
    {
        _runtime = runtime;
        _receiver = receiver;
    }

    public PeerAddress LocalAddress => _port.LocalAddress;

    public DatagramCounters Counters => _port.Counters;

    public static RecordedDatagramPort Bind(PeerRuntime runtime, PeerAddress local, IDatagramReceiver receiver)
    {
        var recorded = new RecordedDatagramPort(runtime, receiver);
        recorded._port = runtime.Ports.Bind(local, recorded);
        return recorded;
    }

    public void Send(ReadOnlySpan<byte> datagram, PeerAddress to)
    {
        lock (_sending)
            RecordSend(datagram, to);
        _port.Send(datagram, to);
    }

    public void Send(ReadOnlySpan<OutgoingDatagram> batch)
    {
        lock (_sending)
        {
            foreach (OutgoingDatagram datagram in batch)
                RecordSend(datagram.Bytes.Span, datagram.To);
        }

        _port.Send(batch);
    }

    public void Receive(DatagramBatch batch)
    {
        batch.RecordWith(this);
        _receiver.Receive(batch);
    }

    public EventId RecordReceipt(Datagram datagram)
    {
        MessageId id = _received.Next(datagram.From, LocalAddress, datagram.Bytes.Span);
        return _runtime.Events.Record(new EventEntry(EventKind.NetReceive)
        {
            Peer = _runtime.Name,
            Message = id,
            From = datagram.From,
            To = LocalAddress,
            Size = datagram.Bytes.Length,
        });
    }

    public void Dispose() => _port.Dispose();

    private void RecordSend(ReadOnlySpan<byte> datagram, PeerAddress to)
        => _ = _runtime.Events.Record(new EventEntry(EventKind.NetSend)
        {
            Peer = _runtime.Name,
            Message = _sent.Next(LocalAddress, to, datagram),
            From = LocalAddress,
            To = to,
            Size = datagram.Length,
        });
}

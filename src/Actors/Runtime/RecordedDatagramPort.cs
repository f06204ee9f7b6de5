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
    private IDatagramPort _port = null!;

    private RecordedDatagramPort(PeerRuntime runtime, IDatagramReceiver receiver)
    {
        _runtime = runtime;
        _receiver = receiver;
    }

    public PeerAddress LocalAddress => _port.LocalAddress;

    public DatagramBuffers Buffers => _port.Buffers;

    public DatagramCounters Counters => _port.Counters;

    public static RecordedDatagramPort Bind(PeerRuntime runtime, PeerAddress local, IDatagramReceiver receiver)
    {
        var recorded = new RecordedDatagramPort(runtime, receiver);
        recorded._port = runtime.Ports.Bind(local, recorded);
        return recorded;
    }

    public DatagramBuffers Resize(DatagramBuffers wanted) => _port.Resize(wanted);

    public void Send(ReadOnlySpan<byte> datagram, PeerAddress to)
    {
        EventId before = CurrentCause.Id;
        CurrentCause.Id = RecordSend(datagram, to);
        _port.Send(datagram, to);
        CurrentCause.Id = before;
    }

    public void Send(ReadOnlySpan<byte> datagram, PeerAddress to, int timeToLive)
    {
        EventId before = CurrentCause.Id;
        CurrentCause.Id = RecordSend(datagram, to);
        _port.Send(datagram, to, timeToLive);
        CurrentCause.Id = before;
    }

    public void Send(ReadOnlySpan<OutgoingDatagram> batch)
    {
        foreach (OutgoingDatagram datagram in batch)
            Send(datagram.Bytes.Span, datagram.To);
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

    private EventId RecordSend(ReadOnlySpan<byte> datagram, PeerAddress to)
        => _runtime.Events.Record(new EventEntry(EventKind.NetSend)
        {
            Peer = _runtime.Name,
            Message = _sent.Next(LocalAddress, to, datagram),
            From = LocalAddress,
            To = to,
            Size = datagram.Length,
        });
}

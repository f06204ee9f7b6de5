using Hyper.Protocol.Udx.Congestion;
using Hyper.Protocol.Udx.Packets;

namespace Hyper.Protocol.Udx.Streams;

/// <summary>One UDX stream: a reliable ordered byte stream and unordered messages, over datagrams that may be lost.</summary>
/// <remarks>Feed it, then take effects until there are none; written bytes become packets while effects are taken.</remarks>
public sealed class UdxStreamMachine
{
    private readonly UdxStreamOptions _options;
    private readonly ReceiveWindow _receiving;
    private readonly PacketWriter _writer;
    private readonly StreamSender _sending;
    private readonly Acknowledger _acknowledger;
    private readonly Queue<UdxStreamEffect> _effects = new();
    private TimeSpan _now;
    private TimeSpan? _heartbeatAt;
    private long? _remoteChangesAt;
    private UdxCloseReason? _closing;
    private bool _endWasAcknowledged;
    private bool _remoteEndReported;

    public UdxStreamMachine(UdxStreamOptions options, uint localId, ICongestionController? congestion = null)
    {
        _options = options;
        LocalId = localId;
        _receiving = new ReceiveWindow(options);
        _writer = new PacketWriter(_receiving, Counters);
        _acknowledger = new Acknowledger(options, _writer, _receiving);
        _sending = new StreamSender(options, congestion ?? new BbrController(options.MaximumWindowPackets), _writer, Counters);
    }

    /// <summary>The id by which datagrams address this stream.</summary>
    public uint LocalId { get; }

    /// <summary>The id the remote end goes by; meaningful once connected.</summary>
    public uint RemoteId => _writer.RemoteId;

    public bool IsConnected => _writer.IsConnected;

    public bool IsClosed { get; private set; }

    public UdxStreamCounters Counters { get; } = new();

    /// <summary>Bytes written and not known to have arrived.</summary>
    public int QueuedBytes => _sending.QueuedBytes;

    /// <summary>Queued bytes from which on a writer should wait for <see cref="UdxStreamEffect.Drained"/>.</summary>
    public long WritableBytes => _sending.WritableBytes;

    /// <summary>Smoothed; null before the first measurement.</summary>
    public TimeSpan? RoundTripTime => _sending.RoundTrip.HasSample ? _sending.RoundTrip.Smoothed : null;

    /// <summary>Size of a full packet, IP and UDP headers included.</summary>
    public int PacketBytes => _sending.PacketBytes;

    /// <summary>When <see cref="HandleTimeout"/> is due; valid after all effects have been taken.</summary>
    public TimeSpan? NextDeadline => IsClosed ? null : Earliest.Of(_sending.NextDeadline, _heartbeatAt, _acknowledger.Deadline);

    /// <summary>Starts sending to a stream id; the acknowledgement of data that came earlier leaves now.</summary>
    public void Connect(uint remoteId, TimeSpan now)
    {
        if (IsConnected)
            throw new InvalidOperationException("The stream is connected already.");
        _now = now;
        _writer.SetRemote(remoteId);
        _heartbeatAt = now + _options.HeartbeatInterval;
        CheckEnds();
    }

    /// <summary>Moves the stream to another remote id or address and returns the number of the new path.</summary>
    /// <remarks>Packets in flight keep going to the path they were first sent on.</remarks>
    public int ChangeRemote(uint remoteId, TimeSpan now)
    {
        if (!IsConnected)
            throw new InvalidOperationException("The stream is not connected.");
        _now = now;
        _writer.SetRemote(remoteId);
        _remoteChangesAt = _sending.Next;
        _sending.OnRemoteChange(isComplete: false);
        CheckRemoteChange();
        return _writer.Path;
    }

    /// <summary>Takes a datagram addressed to <see cref="LocalId"/>.</summary>
    public void HandleDatagram(ReadOnlySpan<byte> datagram, TimeSpan now) => Handle(datagram, default, now);

    /// <summary>The same for one whose memory stays until all effects have been taken: what it carries is passed on without a copy.</summary>
    public void HandleBorrowed(ReadOnlyMemory<byte> datagram, TimeSpan now) => Handle(datagram.Span, datagram, now);

    /// <summary>Queues bytes; false asks the writer to wait for <see cref="UdxStreamEffect.Drained"/>.</summary>
    public bool Write(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        _now = now;
        return !IsClosed && _sending.Write(bytes);
    }

    /// <summary>The same without a copy: the memory must not change until the owner is disposed, which is when the bytes have arrived.</summary>
    public bool Write(ReadOnlyMemory<byte> bytes, IDisposable owner, TimeSpan now)
    {
        _now = now;
        if (!IsClosed)
            return _sending.Write(bytes, owner);
        owner.Dispose();
        return false;
    }

    /// <summary>Ends this direction after everything written.</summary>
    public void WriteEnd(TimeSpan now)
    {
        _now = now;
        _sending.RequestEnd();
    }

    /// <summary>Sends one unordered, unreliable message; false when it is too long or nobody is connected.</summary>
    public bool SendMessage(ReadOnlySpan<byte> message, TimeSpan now)
    {
        _now = now;
        if (IsClosed || !IsConnected || message.Length > _sending.PacketBytes - _options.HeaderBytes)
            return false;
        _writer.WriteMessage(message, _sending.Next);
        return true;
    }

    /// <summary>The reader is done with bytes it was given; reopens the announced window.</summary>
    public void BytesRead(int byteCount, TimeSpan now)
    {
        _now = now;
        if (_receiving.OnRead(byteCount, _options.PacketBytes) && !IsClosed)
            _acknowledger.Owe(_sending.Next);
    }

    /// <summary>Drops everything unsent and tells the remote end once.</summary>
    public void Destroy(TimeSpan now)
    {
        _now = now;
        if (IsClosed)
            return;
        _acknowledger.Pay(_sending.Next);
        if (IsConnected)
            _writer.WriteControl(PacketFlags.Destroy, _sending.Next);
        Close(UdxCloseReason.Destroyed);
    }

    /// <summary>Does what is due: retransmission, probing, heartbeat, paced sending.</summary>
    public void HandleTimeout(TimeSpan now)
    {
        _now = now;
        if (IsClosed)
            return;
        if (_heartbeatAt <= now)
        {
            _heartbeatAt = now + _options.HeartbeatInterval;
            if (_sending.IsIdle)
                _writer.WriteControl(PacketFlags.Heartbeat, _sending.Next);
        }

        _sending.HandleTimeout(now);
        if (_sending.TimedOut)
            Close(UdxCloseReason.TimedOut);
    }

    /// <summary>Takes the next effect: data first, the end of the stream last.</summary>
    public bool TryTake(out UdxStreamEffect effect)
    {
        _receiving.Delivered.Reclaim();
        if (!IsClosed && IsConnected)
        {
            _acknowledger.PayWhenDue(_sending.Next, _now);
            long next = _sending.Next;
            _sending.Pump(_now);
            if (_sending.Next > next)
                _acknowledger.NoteAnswer(_now);
        }

        if (_receiving.Delivered.Count > 0)
        {
            effect = _receiving.Lend();
            return true;
        }

        if (_effects.TryDequeue(out effect!))
            return true;
        if (_writer.TryTake(out PacketBatch batch))
        {
            effect = new UdxStreamEffect.Transmit(batch);
            return true;
        }

        if (_closing is not { } reason)
            return false;
        _closing = null;
        effect = new UdxStreamEffect.Closed(reason);
        return true;
    }

    private void Handle(ReadOnlySpan<byte> datagram, ReadOnlyMemory<byte> lasting, TimeSpan now)
    {
        _now = now;
        if (IsClosed || !PacketHeader.TryDecode(datagram, out PacketHeader header) || header.StreamId != LocalId)
        {
            Counters.DroppedPackets++;
            return;
        }

        Counters.ReceivedPackets++;
        Counters.ReceivedBytes += datagram.Length;
        if (header.Has(PacketFlags.Heartbeat))
            _acknowledger.Owe(_sending.Next);
        else if (PacketCodec.TryDecode(datagram, out Packet packet))
            HandlePacket(packet, lasting);
        else
            Counters.DroppedPackets++;
    }

    private void HandlePacket(in Packet packet, ReadOnlyMemory<byte> lasting)
    {
        long number = SequenceNumber.Widen(packet.Header.Sequence, _receiving.Next);
        bool isAccepted = true;
        if (packet.Header.IsReliable)
            isAccepted = TryReceive(packet, number, lasting);
        if (packet.Header.Has(PacketFlags.Destroy) && number >= _receiving.Next)
        {
            Close(UdxCloseReason.ConnectionReset);
            return;
        }

        if (packet.Header.Has(PacketFlags.Message))
            ReceiveMessage(packet.Payload);
        if (!_sending.TryAcknowledge(packet, _now) || !isAccepted)
        {
            Counters.DroppedPackets++;
            if (_receiving.IsFull)
                _acknowledger.Owe(_sending.Next); // whoever probes a closed window learns that we live
            return;
        }

        if (packet.Header.IsReliable)
            _acknowledger.Owe(number, _sending.Next, _now);
        if (_sending.TryResume())
            _effects.Enqueue(new UdxStreamEffect.Drained());
        CheckRemoteChange();
        CheckEnds();
    }

    private bool TryReceive(in Packet packet, long number, ReadOnlyMemory<byte> lasting)
    {
        if (_receiving.IsDuplicate(number))
            Counters.DuplicatePackets++;
        ReadOnlySpan<byte> payload = packet.Header.Has(PacketFlags.Data) ? packet.Payload : default;
        return _receiving.TryAccept(number, payload, lasting, packet.Header.Has(PacketFlags.End));
    }

    private void ReceiveMessage(ReadOnlySpan<byte> message)
    {
        if (_effects.Count < _options.MaximumQueuedMessages)
            _effects.Enqueue(new UdxStreamEffect.MessageReceived(message.ToArray()));
        else
            Counters.DroppedPackets++;
    }

    private void CheckRemoteChange()
    {
        if (!(_sending.Oldest >= _remoteChangesAt))
            return;
        _remoteChangesAt = null;
        _sending.OnRemoteChange(isComplete: true);
        _effects.Enqueue(new UdxStreamEffect.RemoteChanged());
    }

    private void CheckEnds()
    {
        if (_receiving.RemoteEnded && !_remoteEndReported)
        {
            _remoteEndReported = true;
            _effects.Enqueue(new UdxStreamEffect.RemoteEnded());
        }

        if (!_sending.EndAcknowledged)
            return;
        if (_receiving.RemoteEnded)
            Close(UdxCloseReason.Ended);
        else if (!_endWasAcknowledged)
            _acknowledger.Owe(_sending.Next);
        _endWasAcknowledged = true;
    }

    private void Close(UdxCloseReason reason)
    {
        if (IsClosed)
            return;
        _acknowledger.Pay(_sending.Next);
        IsClosed = true;
        _closing = reason;
        _sending.Clear();
        _receiving.Clear();
    }
}

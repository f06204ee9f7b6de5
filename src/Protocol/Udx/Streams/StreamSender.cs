using Hyper.Protocol.Udx.Congestion;
using Hyper.Protocol.Udx.Packets;

namespace Hyper.Protocol.Udx.Streams;

/// <summary>The sending half: cuts written bytes into packets and repeats them until they are acknowledged.</summary>
internal sealed class StreamSender
{
    private readonly UdxStreamOptions _options;
    private readonly ICongestionController _congestion;
    private readonly PacketWriter _writer;
    private readonly UdxStreamCounters _counters;
    private readonly LossRecovery _recovery;
    private readonly SendWindow _window;
    private readonly PacketSizeSearch _packetSize;
    private readonly SendBuffer _bytes = new();
    private readonly Pacer _pacer = new();
    private readonly SendLimit _limit;
    private long _unsent;
    private bool _endRequested;
    private bool _writerWaits;
    private bool _isRemoteChanging;
    private bool _endSent;
    private int _nextPayloadBytes;
    private int _deadPath = -1;
    private TimeSpan? _pacedUntil;

    public StreamSender(UdxStreamOptions options, ICongestionController congestion, PacketWriter writer, UdxStreamCounters counters)
    {
        _options = options;
        _congestion = congestion;
        _writer = writer;
        _counters = counters;
        _packetSize = new PacketSizeSearch(options);
        _nextPayloadBytes = options.PacketBytes - options.FirstPacketHeaderBytes;
        _recovery = new LossRecovery(options, congestion, _packetSize, counters);
        _window = _recovery.Window;
        _limit = new SendLimit(options, _recovery.RoundTrip);
    }

    public RoundTripEstimator RoundTrip => _recovery.RoundTrip;

    /// <summary>Bytes written and not known to have arrived.</summary>
    public int QueuedBytes => _bytes.Count - _window.SackedBytes;

    /// <summary>Queued bytes from which on a writer should wait.</summary>
    public long WritableBytes => _options.WritableBytes + Math.Min((long)_congestion.WindowPackets * _packetSize.PayloadBytes, _limit.Bytes);

    public long Next => _window.Next;

    public long Oldest => _window.Oldest;

    /// <summary>Size of a full packet, IP and UDP headers included.</summary>
    public int PacketBytes => _packetSize.PacketBytes;

    /// <summary>One packet has been repeated as often as allowed.</summary>
    public bool TimedOut { get; private set; }

    public bool EndAcknowledged => _endSent && _window.Outstanding == 0;

    public bool IsIdle => _window.Outstanding == 0 && !HasUnsent;

    public TimeSpan? NextDeadline => Earliest.Of(_recovery.Deadline, _limit.Deadline, _pacedUntil);

    private bool HasUnsent => _unsent < _bytes.End || (_endRequested && !_endSent);

    /// <summary>Copies bytes; false when the writer should wait.</summary>
    public bool Write(ReadOnlySpan<byte> bytes)
    {
        CheckWriter(bytes.Length);
        _bytes.Append(bytes);
        return !(_writerWaits |= QueuedBytes > WritableBytes);
    }

    /// <summary>Keeps bytes where they are until they have arrived; false when the writer should wait.</summary>
    public bool Write(ReadOnlyMemory<byte> bytes, IDisposable owner)
    {
        CheckWriter(bytes.Length);
        _bytes.Append(bytes, owner);
        return !(_writerWaits |= QueuedBytes > WritableBytes);
    }

    /// <summary>True once when a writer who was to wait need wait no more; there is room for more than a little then, so that it is seldom asked to.</summary>
    public bool TryResume()
    {
        bool resumes = _writerWaits && QueuedBytes < WritableBytes - (_options.WritableBytes / 2);
        _writerWaits &= !resumes;
        return resumes;
    }

    public void RequestEnd() => _endRequested = true;

    /// <summary>Takes window, acknowledgement and SACK blocks; false when the packet acknowledges what was never sent.</summary>
    public bool TryAcknowledge(in Packet packet, TimeSpan now)
    {
        long acknowledgement = SequenceNumber.Widen(packet.Header.Acknowledgement, _window.Oldest);
        if (acknowledgement > _window.Next)
            return false;
        _limit.Update(packet.Header, acknowledgement);
        if (_recovery.Acknowledge(packet, acknowledgement, now) is { } released)
            _bytes.ReleaseTo(released);
        return true;
    }

    /// <summary>The path is another one: what was found out about packet sizes does not hold there.</summary>
    public void OnRemoteChange(bool isComplete)
    {
        _isRemoteChanging = !isComplete;
        _packetSize.Restart();
        _nextPayloadBytes = Math.Min(_nextPayloadBytes, _packetSize.PayloadBytes);
    }

    /// <summary>Does what is overdue; paced and probing packets leave with the next <see cref="Pump"/>.</summary>
    public void HandleTimeout(TimeSpan now)
    {
        switch (_recovery.HandleTimeout(now))
        {
            case RecoveryAction.GiveUp:
                TimedOut = true;
                break;
            case RecoveryAction.RepeatOldest:
                RepeatOldest(now);
                break;
            case RecoveryAction.Probe when MaySendNew():
                SendNew(now, mayProbe: false);
                break;
            case RecoveryAction.Probe:
                SendAgain(_window.Next - 1, now);
                break;
        }
    }

    /// <summary>Sends as much as windows and pacing allow, up to a full batch.</summary>
    public void Pump(TimeSpan now)
    {
        _pacedUntil = null;
        bool batchIsFull;
        do
            batchIsFull = _writer.PendingBytes >= _options.BatchBytes;
        while (!batchIsFull && TrySendNext(now));
        if (!batchIsFull && !HasUnsent && _window.InFlight < _congestion.WindowPackets)
            _recovery.Rate.MarkApplicationLimited(_window.InFlight);

        if (_window.Outstanding > 0 || !HasUnsent || !_limit.IsClosed)
            _limit.StopProbing();
        else if (_limit.ShouldProbe(now))
            _writer.WriteControl(PacketFlags.Heartbeat, _window.Next);
    }

    public void Clear()
    {
        _bytes.Clear();
        _recovery.Stop();
        _limit.StopProbing();
        _pacedUntil = null;
    }

    private void CheckWriter(int length)
    {
        if (_endRequested)
            throw new InvalidOperationException("The stream has been ended.");
        if (length > _options.MaximumQueuedBytes - QueuedBytes)
            throw new InvalidOperationException("The writer ignores back-pressure.");
    }

    private bool TrySendNext(TimeSpan now)
    {
        bool isRepeat = _window.TryPeekLost(out long number);
        if ((!isRepeat && !MaySendNew()) || _window.InFlight >= _congestion.WindowPackets)
            return false;
        if (!_pacer.MaySend(_congestion.PacingRate, now))
        {
            _pacedUntil = _pacer.NextSendAt(_congestion.PacingRate);
            return false;
        }

        if (isRepeat)
            SendAgain(number, now);
        else
            SendNew(now, mayProbe: !_isRemoteChanging);
        return true;
    }

    private bool MaySendNew()
        => HasUnsent && _window.InFlight < _limit.Packets(_packetSize.PayloadBytes) && _window.Outstanding < _options.MaximumWindowPackets;

    private void SendNew(TimeSpan now, bool mayProbe)
    {
        int length = (int)Math.Min(_nextPayloadBytes, _bytes.End - _unsent);
        bool isEnd = _endRequested && _unsent + length == _bytes.End;
        byte padding = 0;
        bool isProbe = mayProbe && !isEnd && _packetSize.TryPad(length, out padding);
        if (_window.InFlight == 0)
            _congestion.OnRestart(now);
        var packet = new SentPacket
        {
            Position = _unsent,
            Length = length,
            IsEnd = isEnd,
            IsSizeProbe = isProbe,
            Padding = padding,
            Transmissions = 1,
            SentAt = now,
            Path = _writer.Path,
            RemoteId = _writer.RemoteId,
            Delivery = _recovery.Rate.Snapshot(_window.InFlight, now),
        };
        _unsent += length;
        _endSent |= isEnd;
        _nextPayloadBytes = _packetSize.PayloadBytes;
        _writer.WriteSent(packet, _window.Add(packet), _bytes);
        _pacer.OnSent();
        _recovery.OnSent(isNew: true, now);
    }

    /// <summary>Goes out whatever the window says: after a timeout it is the only way to learn anything.</summary>
    private void RepeatOldest(TimeSpan now)
    {
        // A remote end that has reported the packet and never acknowledges it gets it again without further accounting.
        if (_window[_window.Oldest].State == SentPacketState.Delivered)
            _writer.WriteSent(_window[_window.Oldest], _window.Oldest, _bytes);
        else
            SendAgain(_window.Oldest, now);
    }

    private void SendAgain(long number, TimeSpan now)
    {
        ref SentPacket packet = ref _window[number];
        packet.Delivery = _recovery.Rate.Snapshot(_window.InFlight, now);
        if (packet.IsSizeProbe)
            _packetSize.OnLost();
        packet.IsSizeProbe = false;
        packet.Padding = 0;
        if (packet.Timeouts > 1 && packet.Path < _writer.Path)
            _deadPath = Math.Max(_deadPath, packet.Path);
        if (packet.Path <= _deadPath)
            (packet.Path, packet.RemoteId) = (_writer.Path, _writer.RemoteId);
        _window.MarkSentAgain(number, now);
        _writer.WriteSent(packet, number, _bytes);
        _counters.Retransmissions++;
        _pacer.OnSent();
        _recovery.OnSent(isNew: false, now);
    }
}

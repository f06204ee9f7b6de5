using Hyper.Protocol.Udx.Congestion;
using Hyper.Protocol.Udx.Packets;

namespace Hyper.Protocol.Udx.Streams;

/// <summary>What acknowledgements and silence say about packets sent: delivered, lost, or the path is dead.</summary>
internal sealed class LossRecovery
{
    private readonly UdxStreamOptions _options;
    private readonly UdxStreamCounters _counters;
    private readonly ICongestionController _congestion;
    private readonly PacketSizeSearch _packetSize;
    private readonly LossDetector _losses = new();
    private readonly RetransmissionTimer _timeout;
    private readonly TailLossProbe _probe;
    private long _recoverUntil;
    private TimeSpan? _newestSentAt;
    private bool _repeatWasDelivered;

    public LossRecovery(
        UdxStreamOptions options, ICongestionController congestion, PacketSizeSearch packetSize, UdxStreamCounters counters)
    {
        _options = options;
        _congestion = congestion;
        _packetSize = packetSize;
        _counters = counters;
        Window = new SendWindow(options.InitialSequence);
        RoundTrip = new RoundTripEstimator(options);
        _timeout = new RetransmissionTimer(RoundTrip);
        _probe = new TailLossProbe(RoundTrip);
    }

    public SendWindow Window { get; }

    public RoundTripEstimator RoundTrip { get; }

    public DeliveryRateSampler Rate { get; } = new();

    /// <summary>A loss episode is being repaired.</summary>
    public bool IsRecovering { get; private set; }

    public TimeSpan? Deadline => Earliest.Of(_timeout.Deadline, _probe.Deadline, _losses.Deadline);

    /// <summary>Takes an acknowledgement and SACK blocks; returns the stream position up to which bytes may be forgotten.</summary>
    public long? Acknowledge(in Packet packet, long acknowledgement, TimeSpan now)
    {
        int priorInFlight = Window.InFlight;
        _newestSentAt = null;
        _repeatWasDelivered = false;
        Rate.Begin();
        long? released = AcknowledgeUpTo(acknowledgement, now);
        AcknowledgeBlocks(packet, now);

        // An acknowledgement that covers a repeat may answer any of its transmissions, and covers packets that arrived long ago.
        TimeSpan? sample = _repeatWasDelivered ? null : now - _newestSentAt;
        if (sample is { } roundTrip)
        {
            RoundTrip.Add(roundTrip);
            _probe.OnRoundTripSample();
        }

        DetectLosses(sample, priorInFlight, now);
        Rearm(released is not null, now);
        return released;
    }

    public void OnSent(bool isNew, TimeSpan now)
    {
        _timeout.StartIfStopped(now);
        if (isNew && !IsRecovering && Window.SackedCount == 0)
            _probe.Arm(Window.Outstanding, _timeout.Deadline, now);
    }

    /// <summary>Fires the timers that are due and says what the sender has to do about it.</summary>
    public RecoveryAction HandleTimeout(TimeSpan now)
    {
        if (_losses.Deadline <= now)
        {
            Rate.Begin();
            DetectLosses(null, Window.InFlight, now);
        }

        if (_timeout.IsDue(now))
            return OnRetransmissionTimeout(now);
        if (!_probe.TryFire(now) || Window.Outstanding == 0)
            return RecoveryAction.None;
        _counters.TailLossProbes++;
        _timeout.Start(now);
        return RecoveryAction.Probe;
    }

    public void Stop()
    {
        _timeout.Stop();
        _probe.Stop();
    }

    private long? AcknowledgeUpTo(long acknowledgement, TimeSpan now)
    {
        long? released = null;
        while (Window.Oldest < acknowledgement)
        {
            ref SentPacket packet = ref Window[Window.Oldest];
            released = packet.Position + packet.Length;
            if (packet.State != SentPacketState.Delivered)
                Deliver(Window.Oldest, now);
            Window.RemoveOldest();
        }

        return released;
    }

    private void AcknowledgeBlocks(in Packet packet, TimeSpan now)
    {
        for (int i = 0; i < packet.SackCount; i++)
        {
            SackBlock block = SackBlock.Read(packet.SackArea, i);
            long start = SequenceNumber.Widen(block.Start, Window.Oldest);
            long end = SequenceNumber.Widen(block.End, Window.Oldest);
            if (start >= end || end > Window.Next || start < Window.Oldest)
            {
                _counters.InvalidSackBlocks++;
                continue;
            }

            for (long number = Window.NextUndelivered(start, end); number < end; number = Window.NextUndelivered(number + 1, end))
                Deliver(number, now);
        }
    }

    private void Deliver(long number, TimeSpan now)
    {
        ref SentPacket packet = ref Window[number];
        _repeatWasDelivered |= packet.Transmissions > 1;
        if (_newestSentAt is null || packet.SentAt > _newestSentAt)
            _newestSentAt = packet.SentAt;
        _losses.OnDelivered(Window, number, RoundTrip, now);
        Rate.OnDelivered(packet.Delivery, packet.SentAt, now);
        if (packet.IsSizeProbe)
            _packetSize.OnDelivered();
        _packetSize.Start();
        Window.MarkDelivered(number);
    }

    private void DetectLosses(TimeSpan? roundTrip, int priorInFlight, TimeSpan now)
    {
        (int lost, int probes) = _losses.Detect(Window, RoundTrip, IsRecovering, now);
        _counters.LossCount += lost + probes;
        AcknowledgementSample sample = Rate.Take(roundTrip, RoundTrip.Minimum, lost, Window.InFlight, priorInFlight, now);
        if (lost > 0 && !IsRecovering)
        {
            Enter();
            _counters.FastRecoveries++;
            _congestion.OnLoss(sample);
        }
        else if (IsRecovering && Window.Oldest >= _recoverUntil)
        {
            IsRecovering = false;
            _congestion.OnRecovered();
        }

        if (sample.Delivered > 0 || sample.Lost > 0)
            _congestion.OnAcknowledged(sample);
        if (_congestion.HoldsBack)
            Rate.MarkApplicationLimited(Window.InFlight);
    }

    private void Rearm(bool advanced, TimeSpan now)
    {
        if (Window.Outstanding == 0)
            _timeout.Stop();
        else if (advanced)
            _timeout.Start(now);
        if (IsRecovering || Window.SackedCount > 0)
            _probe.Stop();
        else if (advanced)
            _probe.Arm(Window.Outstanding, _timeout.Deadline, now);
    }

    private RecoveryAction OnRetransmissionTimeout(TimeSpan now)
    {
        ref SentPacket oldest = ref Window[Window.Oldest];
        if (oldest.Timeouts == _options.MaximumRetransmissionTimeouts)
            return RecoveryAction.GiveUp;
        oldest.Timeouts++;
        _counters.RetransmissionTimeouts++;
        if (oldest.State == SentPacketState.InFlight)
        {
            Window.MarkLost(Window.Oldest);
            _counters.LossCount++;
        }

        _counters.LossCount += _losses.GiveUpOverdue(Window, RoundTrip, now);

        Enter();
        _congestion.OnTimeout(Window.InFlight);
        _probe.Stop();
        _timeout.Expire(now);
        return RecoveryAction.RepeatOldest;
    }

    private void Enter()
    {
        IsRecovering = true;
        _recoverUntil = Window.Next;
    }
}

/// <summary>What a timer of the recovery asks the sender to do.</summary>
internal enum RecoveryAction
{
    None,
    Probe,
    RepeatOldest,
    GiveUp,
}

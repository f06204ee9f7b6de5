namespace Hyper.Protocol.Udx.Congestion;

/// <summary>Measures the delivery rate: packets delivered between the sending and the acknowledgement of a packet.</summary>
internal sealed class DeliveryRateSampler
{
    private TimeSpan _deliveredAt;
    private TimeSpan _firstSentAt;
    private long _applicationLimitedUntil;
    private DeliverySnapshot _latest;
    private TimeSpan _latestSentAt;
    private int _newlyDelivered;

    public long TotalDelivered { get; private set; }

    /// <summary>What a packet that is sent now must remember.</summary>
    public DeliverySnapshot Snapshot(int inFlight, TimeSpan now)
    {
        if (inFlight == 0)
            _firstSentAt = _deliveredAt = now;
        return new DeliverySnapshot(TotalDelivered, _deliveredAt, _firstSentAt, _applicationLimitedUntil > TotalDelivered);
    }

    /// <summary>The writer has nothing more to send although the window is open.</summary>
    public void MarkApplicationLimited(int inFlight) => _applicationLimitedUntil = Math.Max(1, TotalDelivered + inFlight);

    public void Begin()
    {
        _newlyDelivered = 0;
        _latest = default;
        _latestSentAt = TimeSpan.MinValue;
    }

    public void OnDelivered(in DeliverySnapshot snapshot, TimeSpan sentAt, TimeSpan now)
    {
        TotalDelivered++;
        _newlyDelivered++;
        _deliveredAt = now;
        if (_latestSentAt != TimeSpan.MinValue && snapshot.Delivered < _latest.Delivered)
            return;
        _latest = snapshot;
        _latestSentAt = sentAt;
        _firstSentAt = sentAt;
    }

    /// <summary>What the acknowledgement tells; over less than the shortest round trip nothing can have been measured.</summary>
    public AcknowledgementSample Take(
        TimeSpan? roundTrip, TimeSpan shortestRoundTrip, int lost, int inFlight, int priorInFlight, TimeSpan now)
    {
        double rate = 0;
        if (_newlyDelivered > 0)
        {
            TimeSpan sending = _latestSentAt - _latest.FirstSentAt;
            TimeSpan receiving = now - _latest.DeliveredAt;
            TimeSpan interval = sending > receiving ? sending : receiving;
            if (interval > TimeSpan.Zero && interval >= shortestRoundTrip)
                rate = (TotalDelivered - _latest.Delivered) / interval.TotalSeconds;
        }

        return new AcknowledgementSample(
            now, _newlyDelivered, lost, inFlight, priorInFlight, roundTrip, TotalDelivered, _latest.Delivered, rate,
            _latest.IsApplicationLimited);
    }
}

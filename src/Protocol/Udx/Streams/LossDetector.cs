namespace Hyper.Protocol.Udx.Streams;

/// <summary>Finds lost packets by time (RACK, RFC 8985 without DSACK).</summary>
/// <remarks>Lost is what a packet sent later has overtaken for too long.</remarks>
internal sealed class LossDetector
{
    /// <summary>Packets delivered out of order after which a gap counts as loss at once.</summary>
    private const int ReorderThreshold = 3;

    private TimeSpan _latestSentAt = TimeSpan.MinValue;
    private long _latestNumber;
    private TimeSpan _roundTrip;
    private bool _reorderingSeen;

    /// <summary>When packets that are merely late turn into lost ones.</summary>
    public TimeSpan? Deadline { get; private set; }

    /// <summary>Call before the window marks the packet as delivered.</summary>
    public void OnDelivered(SendWindow window, long number, RoundTripEstimator roundTrip, TimeSpan now)
    {
        ref SentPacket packet = ref window[number];
        if (packet.Transmissions == 1 && number + 1 < window.HighestDelivered)
            _reorderingSeen = true;
        TimeSpan elapsed = now - packet.SentAt;
        if (packet.Transmissions > 1 && elapsed < roundTrip.Minimum)
            return;
        _roundTrip = elapsed;
        if (!SentAfter(packet.SentAt, number, _latestSentAt, _latestNumber))
            return;
        _latestSentAt = packet.SentAt;
        _latestNumber = number;
    }

    /// <summary>Marks overdue packets as lost and returns how many there were; a lost size probe says nothing about congestion.</summary>
    public (int Ordinary, int SizeProbes) Detect(SendWindow window, RoundTripEstimator roundTrip, bool recovering, TimeSpan now)
    {
        Deadline = null;
        if (_latestSentAt == TimeSpan.MinValue)
            return default;
        TimeSpan patience = _roundTrip + ReorderWindow(window, roundTrip, recovering);
        int lost = 0;
        int probes = 0;
        long number = window.EarliestSent;
        while (number >= 0)
        {
            ref SentPacket packet = ref window[number];
            if (!SentAfter(_latestSentAt, _latestNumber, packet.SentAt, number))
                break;
            long later = packet.Later;
            if (packet.SentAt + patience <= now)
            {
                window.MarkLost(number);
                probes += packet.IsSizeProbe ? 1 : 0;
                lost += packet.IsSizeProbe ? 0 : 1;
            }
            else
            {
                Deadline = packet.SentAt + patience;
            }

            number = later;
        }

        return (lost, probes);
    }

    /// <summary>After a timeout everything overdue counts as lost, whether or not anything has overtaken it.</summary>
    public int GiveUpOverdue(SendWindow window, RoundTripEstimator roundTrip, TimeSpan now)
    {
        TimeSpan patience = _roundTrip + ReorderWindow(window, roundTrip, recovering: true);
        int lost = 0;
        for (; window.EarliestSent is var number && number >= 0 && window[number].SentAt + patience < now; lost++)
            window.MarkLost(number);
        return lost;
    }

    private TimeSpan ReorderWindow(SendWindow window, RoundTripEstimator roundTrip, bool recovering)
    {
        if (!_reorderingSeen && (recovering || window.SackedCount >= ReorderThreshold))
            return TimeSpan.Zero;
        TimeSpan quarter = roundTrip.Minimum / 4;
        return quarter < roundTrip.Smoothed ? quarter : roundTrip.Smoothed;
    }

    private static bool SentAfter(TimeSpan at, long number, TimeSpan otherAt, long otherNumber)
        => at > otherAt || (at == otherAt && number > otherNumber);
}

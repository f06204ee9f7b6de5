namespace Hyper.Protocol.Udx.Streams;

/// <summary>Sends one packet early when the end of a flight stays unacknowledged; one probe for each round-trip sample.</summary>
internal sealed class TailLossProbe(RoundTripEstimator roundTrip)
{
    private static readonly TimeSpan Unmeasured = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SinglePacketAllowance = TimeSpan.FromMilliseconds(2);
    private bool _used;

    public TimeSpan? Deadline { get; private set; }

    public void OnRoundTripSample() => _used = false;

    public void Arm(int outstanding, TimeSpan? retransmissionAt, TimeSpan now)
    {
        Deadline = null;
        if (_used || outstanding == 0)
            return;
        TimeSpan delay = roundTrip.HasSample ? 2 * roundTrip.Smoothed : Unmeasured;
        if (roundTrip.HasSample && outstanding == 1)
            delay += SinglePacketAllowance;
        if (now + delay < retransmissionAt)
            Deadline = now + delay;
    }

    public void Stop() => Deadline = null;

    /// <summary>True once when the probe is due.</summary>
    public bool TryFire(TimeSpan now)
    {
        if (!(Deadline <= now))
            return false;
        Deadline = null;
        _used = true;
        return true;
    }
}

namespace Hyper.Protocol.Udx.Streams;

/// <summary>The retransmission timeout: once after <c>rto</c>, then every twice that, without further growth.</summary>
internal sealed class RetransmissionTimer(RoundTripEstimator roundTrip)
{
    public TimeSpan? Deadline { get; private set; }

    public void Start(TimeSpan now) => Deadline = now + roundTrip.RetransmissionTimeout;

    public void StartIfStopped(TimeSpan now)
    {
        if (Deadline is null)
            Start(now);
    }

    public void Expire(TimeSpan now) => Deadline = now + (2 * roundTrip.RetransmissionTimeout);

    public void Stop() => Deadline = null;

    public bool IsDue(TimeSpan now) => Deadline is { } deadline && deadline <= now;
}

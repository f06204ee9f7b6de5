namespace Hyper.Protocol.Udx.Streams;

/// <summary>Smoothed round-trip time and the retransmission timeout derived from it (RFC 6298 with the reference's bounds).</summary>
internal sealed class RoundTripEstimator(UdxStreamOptions options)
{
    /// <summary>Samples above this are suspected to be stalls and are clamped to what the past suggests.</summary>
    private static readonly TimeSpan OutlierThreshold = TimeSpan.FromSeconds(5);

    private TimeSpan _variation;

    public bool HasSample { get; private set; }

    public TimeSpan Smoothed { get; private set; }

    public TimeSpan Minimum { get; private set; }

    public TimeSpan RetransmissionTimeout { get; private set; } = options.InitialRetransmissionTimeout;

    public void Add(TimeSpan sample)
    {
        if (!HasSample)
        {
            HasSample = true;
            Smoothed = Minimum = sample;
            _variation = sample / 2;
        }
        else
        {
            sample = Clamp(sample);
            Minimum = sample < Minimum ? sample : Minimum;
            _variation = ((3 * _variation) + (Smoothed - sample).Duration()) / 4;
            Smoothed = ((7 * Smoothed) + sample) / 8;
        }

        RetransmissionTimeout = Bound(Smoothed + (4 * _variation));
    }

    private TimeSpan Clamp(TimeSpan sample)
    {
        TimeSpan plausible = Smoothed + (5 * _variation);
        if (sample <= OutlierThreshold || sample <= plausible)
            return sample;
        return plausible < options.MaximumRetransmissionTimeout ? plausible : options.MaximumRetransmissionTimeout;
    }

    private TimeSpan Bound(TimeSpan timeout)
    {
        if (timeout < options.MinimumRetransmissionTimeout)
            return options.MinimumRetransmissionTimeout;
        return timeout > options.MaximumRetransmissionTimeout ? options.MaximumRetransmissionTimeout : timeout;
    }
}

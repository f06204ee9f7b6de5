namespace Hyper.Protocol.Udx.Congestion;

/// <summary>How many more packets are acknowledged at once than the bandwidth explains; the window needs room for them.</summary>
internal sealed class AcknowledgementAggregation
{
    private const int WindowRounds = 5;
    private static readonly TimeSpan LongestBurst = TimeSpan.FromMilliseconds(100);
    private double _older;
    private double _newer;
    private int _roundsInWindow;
    private double _epochDelivered;
    private TimeSpan _epochStart;

    /// <summary>Packets to allow beyond the window.</summary>
    public double ExtraPackets => Math.Max(_older, _newer);

    public void Add(in AcknowledgementSample sample, double bandwidth, int windowPackets, bool roundStarts)
    {
        if (roundStarts && ++_roundsInWindow >= WindowRounds)
        {
            _roundsInWindow = 0;
            (_older, _newer) = (_newer, 0);
        }

        double expected = bandwidth * (sample.Now - _epochStart).TotalSeconds;
        if (_epochDelivered <= expected)
        {
            _epochDelivered = 0;
            _epochStart = sample.Now;
            expected = 0;
        }

        _epochDelivered += sample.Delivered;
        double extra = Math.Min(_epochDelivered - expected, windowPackets);
        _newer = Math.Max(_newer, Math.Min(extra, bandwidth * LongestBurst.TotalSeconds));
    }
}

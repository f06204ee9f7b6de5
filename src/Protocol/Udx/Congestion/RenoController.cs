namespace Hyper.Protocol.Udx.Congestion;

/// <summary>Slow start and additive increase (RFC 5681), without pacing.</summary>
public sealed class RenoController(int maximumPackets) : ICongestionController
{
    private const int InitialPackets = 10;
    private const int MinimumPackets = 4;
    private const double DecreaseFactor = 0.7;
    private double _window = InitialPackets;
    private double _threshold = double.PositiveInfinity;
    private bool _recovering;

    public int WindowPackets => (int)_window;

    public double PacingRate => double.PositiveInfinity;

    public void OnRestart(TimeSpan now)
    {
    }

    public void OnAcknowledged(in AcknowledgementSample sample)
    {
        bool windowWasUsed = sample.PriorInFlight >= WindowPackets / 2;
        if (_recovering || !windowWasUsed)
            return;
        _window += _window < _threshold ? sample.Delivered : sample.Delivered / _window;
        _window = Math.Min(_window, maximumPackets);
    }

    public void OnLoss(in AcknowledgementSample sample)
    {
        _recovering = true;
        _threshold = _window = Math.Max(MinimumPackets, _window * DecreaseFactor);
    }

    public void OnRecovered() => _recovering = false;

    public void OnTimeout(int inFlight)
    {
        _threshold = Math.Max(MinimumPackets, _window / 2);
        _window = MinimumPackets;
    }
}

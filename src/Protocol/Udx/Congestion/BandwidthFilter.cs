namespace Hyper.Protocol.Udx.Congestion;

/// <summary>The largest of the samples of a sliding window of rounds, by the best three so that it ages gracefully.</summary>
internal sealed class BandwidthFilter(int windowRounds)
{
    private (long Round, double Value) _best;
    private (long Round, double Value) _second;
    private (long Round, double Value) _third;

    public double Maximum => _best.Value;

    public void Add(long round, double value)
    {
        if (value >= _best.Value || round - _third.Round > windowRounds)
        {
            _best = _second = _third = (round, value);
            return;
        }

        if (value >= _second.Value)
            _second = _third = (round, value);
        else if (value >= _third.Value)
            _third = (round, value);
        Age(round, value);
    }

    private void Age(long round, double value)
    {
        if (round - _best.Round > windowRounds)
        {
            (_best, _second, _third) = (_second, _third, (round, value));
            if (round - _best.Round > windowRounds)
                (_best, _second) = (_second, _third);
            return;
        }

        bool secondIsStale = _second.Round == _best.Round && round - _second.Round > windowRounds / 4;
        bool thirdIsStale = _third.Round == _second.Round && round - _third.Round > windowRounds / 2;
        if (secondIsStale)
            _second = _third = (round, value);
        else if (thirdIsStale)
            _third = (round, value);
    }
}

namespace Hyper.Protocol.Udx.Congestion;

/// <summary>BBR version 1: a model of the path (bottleneck bandwidth, shortest round trip) sets both pacing and window.</summary>
public sealed class BbrController(int maximumPackets) : ICongestionController
{
    private const double HighGain = 2.88539;
    private const double PacingMargin = 0.99;
    private const double FullPipeGrowth = 1.25;
    private const int FullPipeRounds = 3;
    private const int InitialPackets = 10;
    private const int MinimumPackets = 4;
    private const int BandwidthRounds = 10;

    /// <summary>As upstream: the path has only just been drained, or been measured, and is used as it is for four round trips.</summary>
    private const int FirstPhase = 4;
    private static readonly double[] ProbeGains = [1.25, 0.75, 1, 1, 1, 1, 1, 1];
    private static readonly TimeSpan RoundTripWindow = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RoundTripProbe = TimeSpan.FromMilliseconds(200);

    // Below this, scheduling and not the path decides how long an acknowledgement takes.
    private static readonly TimeSpan ShortestRoundTrip = TimeSpan.FromMilliseconds(1);

    private readonly BandwidthFilter _bandwidth = new(BandwidthRounds);
    private readonly AcknowledgementAggregation _aggregation = new();
    private Mode _mode;
    private double _window = InitialPackets;
    private double _priorWindow;
    private double _fullBandwidth;
    private int _fullRounds;
    private bool _isPipeFull;
    private long _rounds;
    private long _roundEndsAt;
    private bool _roundStarts;
    private int _gainPhase;
    private TimeSpan _phaseStart;
    private TimeSpan? _shortestRoundTrip;
    private TimeSpan _shortestRoundTripAt;
    private TimeSpan? _probeEndsAt;
    private bool _probeRoundPassed;
    private bool _isConserving;
    private bool _isRecovering;
    private bool _isRestarting;

    private enum Mode
    {
        Startup,
        Drain,
        ProbeBandwidth,
        ProbeRoundTrip,
    }

    public int WindowPackets => (int)_window;

    public double PacingRate { get; private set; } = double.PositiveInfinity;

    public bool HoldsBack => _mode == Mode.ProbeRoundTrip;

    private double PacingGain => _mode switch
    {
        Mode.Startup => HighGain,
        Mode.Drain => 1 / HighGain,
        Mode.ProbeBandwidth => ProbeGains[_gainPhase],
        _ => 1,
    };

    private double WindowGain => _mode switch
    {
        Mode.Startup or Mode.Drain => HighGain,
        Mode.ProbeBandwidth => 2,
        _ => 1,
    };

    public void OnRestart(TimeSpan now)
    {
        _isRestarting = true;
        if (_mode == Mode.ProbeBandwidth && _bandwidth.Maximum > 0)
            PacingRate = _bandwidth.Maximum * PacingMargin;
    }

    public void OnLoss(in AcknowledgementSample sample)
    {
        SaveWindow();
        _isRecovering = true;
        _isConserving = true;
        _roundEndsAt = sample.TotalDelivered;
        _window = sample.InFlight + Math.Max(1, sample.Delivered);
    }

    public void OnRecovered()
    {
        _isRecovering = false;
        _isConserving = false;
        _window = Math.Max(_window, _priorWindow);
    }

    public void OnTimeout(int inFlight)
    {
        SaveWindow();
        _isRecovering = true;
        _isConserving = false;
        _fullBandwidth = 0;
        _window = Math.Max(MinimumPackets, inFlight);
    }

    public void OnAcknowledged(in AcknowledgementSample sample)
    {
        UpdateRound(sample);
        if (sample.DeliveryRate > 0 && (!sample.IsApplicationLimited || sample.DeliveryRate >= _bandwidth.Maximum))
            _bandwidth.Add(_rounds, sample.DeliveryRate);
        _aggregation.Add(sample, _bandwidth.Maximum, WindowPackets, _roundStarts);
        UpdateGainPhase(sample);
        UpdateFullPipe(sample);
        UpdateRoundTrip(sample);
        UpdatePacing();
        UpdateWindow(sample);
        _isRestarting &= sample.Delivered == 0;
    }

    private void UpdateRound(in AcknowledgementSample sample)
    {
        _roundStarts = sample.Delivered > 0 && sample.PriorDelivered >= _roundEndsAt;
        if (!_roundStarts)
            return;
        _roundEndsAt = sample.TotalDelivered;
        _rounds++;
        _isConserving = false;
    }

    private void UpdateGainPhase(in AcknowledgementSample sample)
    {
        if (_mode != Mode.ProbeBandwidth)
            return;
        bool hasLasted = sample.Now - _phaseStart > (_shortestRoundTrip ?? ShortestRoundTrip);
        double gain = ProbeGains[_gainPhase];
        bool isOver = gain switch
        {
            > 1 => hasLasted && (sample.Lost > 0 || sample.PriorInFlight >= Product(gain)),
            < 1 => hasLasted || sample.PriorInFlight <= Product(1),
            _ => hasLasted,
        };
        if (isOver)
            EnterPhase((_gainPhase + 1) % ProbeGains.Length, sample.Now);
    }

    private void UpdateFullPipe(in AcknowledgementSample sample)
    {
        if (!_isPipeFull && _roundStarts && !sample.IsApplicationLimited)
        {
            bool grows = _bandwidth.Maximum >= _fullBandwidth * FullPipeGrowth;
            _fullBandwidth = grows ? _bandwidth.Maximum : _fullBandwidth;
            _fullRounds = grows ? 0 : _fullRounds + 1;
            _isPipeFull = _fullRounds >= FullPipeRounds;
        }

        if (_mode == Mode.Startup && _isPipeFull)
            _mode = Mode.Drain;
        if (_mode == Mode.Drain && sample.InFlight <= Product(1))
            EnterProbeBandwidth(sample.Now);
    }

    private void UpdateRoundTrip(in AcknowledgementSample sample)
    {
        bool isExpired = _shortestRoundTrip is not null && sample.Now > _shortestRoundTripAt + RoundTripWindow;
        if (sample.RoundTrip is { } roundTrip && (_shortestRoundTrip is null || isExpired || roundTrip <= _shortestRoundTrip))
        {
            _shortestRoundTrip = roundTrip > ShortestRoundTrip ? roundTrip : ShortestRoundTrip;
            _shortestRoundTripAt = sample.Now;
        }

        if (isExpired && !_isRestarting && _mode != Mode.ProbeRoundTrip)
        {
            _mode = Mode.ProbeRoundTrip;
            _probeEndsAt = null;
            SaveWindow();
        }

        if (_mode == Mode.ProbeRoundTrip)
            ProbeRoundTrip(sample);
    }

    private void ProbeRoundTrip(in AcknowledgementSample sample)
    {
        if (_probeEndsAt is null && sample.InFlight <= MinimumPackets)
        {
            _probeEndsAt = sample.Now + RoundTripProbe;
            _probeRoundPassed = false;
            _roundEndsAt = sample.TotalDelivered;
        }
        else if (_probeEndsAt is { } end)
        {
            _probeRoundPassed |= _roundStarts;
            if (!_probeRoundPassed || sample.Now < end)
                return;
            _shortestRoundTripAt = sample.Now;
            _window = Math.Max(_window, _priorWindow);
            if (_isPipeFull)
                EnterProbeBandwidth(sample.Now);
            else
                _mode = Mode.Startup;
        }
    }

    private void UpdatePacing()
    {
        double bandwidth = _bandwidth.Maximum;
        if (bandwidth == 0)
            bandwidth = _shortestRoundTrip is { } roundTrip ? InitialPackets / roundTrip.TotalSeconds : 0;
        if (bandwidth == 0)
            return;
        double rate = bandwidth * PacingGain * PacingMargin;
        if (_isPipeFull || rate > PacingRate || double.IsPositiveInfinity(PacingRate))
            PacingRate = Math.Max(rate, _isPipeFull ? 0 : InitialPackets * HighGain / (_shortestRoundTrip ?? ShortestRoundTrip).TotalSeconds);
    }

    private void UpdateWindow(in AcknowledgementSample sample)
    {
        if (sample.Lost > 0)
            _window = Math.Max(_window - sample.Lost, 1);
        double target = Product(WindowGain) + (_isPipeFull ? _aggregation.ExtraPackets : 0);
        if (_isRecovering && _isConserving)
            _window = Math.Max(_window, sample.InFlight + sample.Delivered);
        else if (_isPipeFull)
            _window = Math.Min(_window + sample.Delivered, target);
        else if (_window < target || sample.TotalDelivered < InitialPackets)
            _window += sample.Delivered;
        _window = Math.Clamp(_window, MinimumPackets, maximumPackets);
        if (_mode == Mode.ProbeRoundTrip)
            _window = Math.Min(_window, MinimumPackets);
    }

    /// <summary>Packets that fill the path at this gain, with a little room for packets that travel in bursts.</summary>
    private double Product(double gain)
        => _shortestRoundTrip is { } roundTrip && _bandwidth.Maximum > 0
            ? Math.Ceiling(gain * _bandwidth.Maximum * roundTrip.TotalSeconds) + (_mode == Mode.ProbeBandwidth && gain > 1 ? 2 : 0)
            : InitialPackets;

    private void EnterProbeBandwidth(TimeSpan now)
    {
        _mode = Mode.ProbeBandwidth;
        EnterPhase(FirstPhase, now);
    }

    private void EnterPhase(int phase, TimeSpan now)
    {
        _gainPhase = phase;
        _phaseStart = now;
    }

    private void SaveWindow()
        => _priorWindow = _isRecovering || _mode == Mode.ProbeRoundTrip ? Math.Max(_priorWindow, _window) : _window;
}

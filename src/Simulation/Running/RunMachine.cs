using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Simulation.Properties;
using AuctionActors.Simulation.Scenarios;
using Hyper.Actors.Runtime.Events;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Simulation.Running;

/// <summary>Decides the course of a run: peers join, the workload is done, then views are taken until every property is decided.</summary>
internal sealed class RunMachine
{
    private static readonly TimeSpan ViewInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ViewIntervalWhileWorking = TimeSpan.FromMilliseconds(250);
    private readonly Scenario _scenario;
    private readonly RunLog _log;
    private readonly FaultSwitch _faults;
    private readonly Fleet _fleet;
    private readonly WorkloadMachine _workload;
    private readonly PropertyMonitor _properties;
    private readonly ConvergenceMeter _meter = new();
    private readonly ViewCollector _views = new();
    private readonly List<AuctionName> _auctions = [];
    private readonly Agenda _agenda = new();
    private readonly Queue<RunEffect> _effects = new();
    private RunPhase _phase = RunPhase.Bootstrapping;
    private RunView _view = RunView.Empty;
    private TimeSpan? _patience;
    private TimeSpan _begun;
    private TimeSpan _workloadEnded;

    public RunMachine(Scenario scenario, RunLog log, FaultSwitch faults, Func<CheckResult> announcements, TimeSpan now)
    {
        _scenario = scenario;
        _log = log;
        _faults = faults;
        _fleet = new Fleet(scenario.Peers);
        _workload = new WorkloadMachine(scenario);
        _properties = new PropertyMonitor(scenario, announcements);
        _patience = now + scenario.Time.StepTimeout;
        _log.Phase(EventKind.RunStart, scenario.Name);
    }

    public TimeSpan? NextDeadline
    {
        get
        {
            if (_phase == RunPhase.Over)
                return null;
            TimeSpan? workload = _phase == RunPhase.Working ? _workload.NextDeadline : null;
            return new[] { _patience, _agenda.NextDue, workload }.Min();
        }
    }

    public bool TryTake(out RunEffect effect) => _effects.TryDequeue(out effect!);

    /// <summary>The node that the others join through is ready.</summary>
    public void HandleBootstrapReady(TimeSpan now)
    {
        if (_phase != RunPhase.Bootstrapping)
            return;
        _phase = RunPhase.Joining;
        _patience = now + _scenario.Time.StartStagger.To + _scenario.Time.StepTimeout;
        var stagger = new SeededEntropy(_scenario.Seed, "stagger");
        foreach (string name in _fleet.Names)
        {
            _agenda.Add(now + _scenario.Time.StartStagger.Draw(stagger), _ =>
            {
                _log.Peer(EventKind.PeerStart, name);
                _effects.Enqueue(new LaunchPeer(name));
            });
        }
    }

    public void HandleEvent(string peer, ParticipantProtocol.IEvent told, TimeSpan now)
    {
        switch (told)
        {
            case ParticipantProtocol.Ready ready:
                _fleet.Ready(peer, ready.Self);
                _log.Peer(EventKind.PeerReady, peer);
                if (_fleet.IsReady && _phase == RunPhase.Joining)
                    Begin(now);
                break;
            case ParticipantProtocol.Failed failed:
                Break($"{peer}: {failed.Reason}");
                break;
            case ParticipantProtocol.DigestChanged changed:
                _meter.Saw(peer, changed.Auction, changed.Digest, now);
                _workload.HandleDigest(peer, changed.Auction, changed.Sequence, now);
                break;
            case ParticipantProtocol.AuctionOpened opened:
                _workload.HandleView(peer, opened.Auction, now);
                break;
            case ParticipantProtocol.BidDecided decided:
                _workload.HandleView(peer, decided.Auction, now);
                break;
        }

        Drive(now);
    }

    public void HandleReply(ParticipantProtocol.IReply reply, TimeSpan now)
    {
        if (reply.RequestId > 0)
            _workload.HandleReply(reply, now);
        else if (_views.TryComplete(reply))
            Judge(now);
        Drive(now);
    }

    public void HandleTimeout(TimeSpan now)
    {
        if (_phase == RunPhase.Over)
            return;
        _agenda.Run(now);
        if (_phase == RunPhase.Working)
            _workload.HandleTimeout(now);
        Drive(now);
        if (_patience is { } end && now >= end)
            Break(Lateness());
    }

    /// <summary>The run cannot go on.</summary>
    public void Break(string reason) => End(RunVerdict.Broken, reason);

    private void Begin(TimeSpan now)
    {
        _phase = RunPhase.Working;
        _begun = now;
        _patience = null;
        _log.Phase(EventKind.RunPhase, "workload");
        foreach (FaultPlan fault in _scenario.Faults)
        {
            _agenda.Add(now + fault.At, _ => _faults.Start(fault));
            if (fault.Duration is { } duration)
                _agenda.Add(now + fault.At + duration, _ => _faults.Stop(fault));
        }

        _agenda.Run(now);
        if (_properties.NeedsViewsThroughout)
            TakeView(now);
        _workload.Begin(now);
    }

    private void Drive(TimeSpan now)
    {
        while (_workload.TryTake(out WorkloadEffect effect))
            Perform(effect);
        if (_phase != RunPhase.Working || !_workload.IsFinished)
            return;
        _phase = RunPhase.Settling;
        _workloadEnded = now;
        _log.Phase(EventKind.RunPhase, "settling");
        TakeView(now);
    }

    private void Perform(WorkloadEffect effect)
    {
        switch (effect)
        {
            case Instruct instruct:
                _effects.Enqueue(new TellPeer(instruct.Peer, instruct.Command));
                break;
            case AuctionNamed named:
                _auctions.Add(new AuctionName(named.Name, named.Id, named.Seller));
                _log.Named(named);
                break;
        }
    }

    private void TakeView(TimeSpan now)
    {
        if (_views.IsOpen || _phase == RunPhase.Over)
            return;
        _patience = now + _scenario.Time.StepTimeout;
        foreach ((string peer, ParticipantProtocol.IQuery query) in _views.AskAll(_fleet.Members))
            _effects.Enqueue(new TellPeer(peer, query));
    }

    private void Judge(TimeSpan now)
    {
        _patience = null;
        _view = new RunView(_views.Views, [.. _auctions]);
        if (_phase == RunPhase.Working)
        {
            _properties.Observe(_view);
            _agenda.Add(now + ViewIntervalWhileWorking, TakeView);
            return;
        }

        _properties.Observe(_view, now - _workloadEnded);
        TimeSpan end = _scenario.Time.Run is { } run ? _begun + run : now;
        if (_workload.Failure is not null || _properties.IsViolated)
            End(RunVerdict.Fail, _workload.Failure);
        else if (!_properties.EventuallyHolds)
            _agenda.Add(now + ViewInterval, TakeView);
        else if (now < end)
            _agenda.Add(end, TakeView);
        else
            End(RunVerdict.Pass, null);
    }

    private string Lateness()
    {
        IEnumerable<string> late = _phase switch
        {
            RunPhase.Bootstrapping => [PeerNames.Bootstrap],
            RunPhase.Joining => _fleet.NotReady,
            _ => _views.Silent,
        };
        string what = _phase < RunPhase.Working ? "was not ready" : "did not answer";
        return $"{string.Join(", ", late.Take(5))} {what} within {_scenario.Time.StepTimeout.TotalSeconds:0} s";
    }

    private void End(RunVerdict verdict, string? reason)
    {
        if (_phase == RunPhase.Over)
            return;
        _phase = RunPhase.Over;
        PropertyOutcome[] properties = [.. _properties.Outcomes];
        foreach (PropertyOutcome outcome in properties)
            _log.Property(outcome);
        _log.Phase(EventKind.RunEnd, $"{verdict}");
        _effects.Enqueue(new RunEnded(new RunOutcome(verdict, reason, _view, [.. properties], _workload.Bids,
            [.. _meter.Delays(_auctions, _fleet.Names)], [.. _faults.Injected])));
    }
}

/// <summary>How far a run has come.</summary>
internal enum RunPhase
{
    Bootstrapping,
    Joining,
    Working,
    Settling,
    Over,
}

using AuctionActors.Auctions.Market.Participants;
using AuctionActors.Simulation.Scenarios;
using Hyper.Protocol.CompactEncoding;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Simulation.Running;

/// <summary>
/// Runs the steps of a workload: in order, each after the one before it has been answered and seen by every peer, or by the clock.
/// </summary>
internal sealed class WorkloadMachine
{
    private readonly Scenario _scenario;
    private readonly CommandWriter _commands;
    private readonly IReadOnlyList<string> _peers;
    private readonly Agenda _planned = new();
    private readonly List<StepRun> _running = [];
    private readonly Dictionary<long, (StepRun Run, string Peer)> _requests = [];
    private readonly Queue<WorkloadEffect> _effects = new();
    private readonly SeededEntropy _entropy;
    private TimeSpan _begun;
    private int _next;
    private long _nextRequest;

    public WorkloadMachine(Scenario scenario)
    {
        _scenario = scenario;
        _peers = [.. scenario.Peers];
        _entropy = new SeededEntropy(scenario.Seed, "workload");
        _commands = new CommandWriter(Book, _entropy.Derive("commands"));
    }

    public AuctionBook Book { get; } = new();

    public BidTally Bids { get; } = new();

    public bool IsFinished => Failure is not null || (_next == _scenario.Workload.Length && _running.Count == 0);

    /// <summary>Why the workload could not be done, or null.</summary>
    public string? Failure { get; private set; }

    public TimeSpan? NextDeadline
    {
        get
        {
            IEnumerable<TimeSpan> timeouts = _running.Where(run => run.Planned == 0).Select(TimeoutOf);
            return timeouts.Cast<TimeSpan?>().Append(_planned.NextDue).Min();
        }
    }

    public bool TryTake(out WorkloadEffect effect) => _effects.TryDequeue(out effect!);

    /// <summary>All peers are ready: the clock of the workload starts.</summary>
    public void Begin(TimeSpan now)
    {
        _begun = now;
        Proceed(now);
    }

    public void HandleReply(ParticipantProtocol.IReply reply, TimeSpan now)
    {
        if (!_requests.Remove(reply.RequestId, out (StepRun Run, string Peer) request))
            return;
        StepRun run = request.Run;
        run.Unanswered--;
        run.Progressed = now;
        switch (reply)
        {
            case ParticipantProtocol.Opened opened:
                Name(run, opened.Auction);
                MustSee(run, opened.Auction.Id, opened.Auction.Sequence);
                break;
            case ParticipantProtocol.BidAnswered answer:
                Bids.Count(answer.Verdict);
                MustSee(run, answer.Auction.Id, answer.Sequence);
                break;
            case ParticipantProtocol.Closed closed:
                MustSee(run, closed.Auction.Id, closed.Auction.Sequence);
                break;
            case ParticipantProtocol.Refused refused:
                Refuse(run, request.Peer, refused);
                break;
        }

        Proceed(now);
    }

    public void HandleView(string peer, AuctionSummary view, TimeSpan now)
    {
        Book.Saw(peer, view);
        Proceed(now);
    }

    public void HandleDigest(string peer, Bytes32 auction, ulong sequence, TimeSpan now)
    {
        Book.Saw(peer, auction, sequence);
        Proceed(now);
    }

    public void HandleTimeout(TimeSpan now)
    {
        _planned.Run(now);
        Proceed(now);
        foreach (StepRun run in _running.Where(run => run.Planned == 0 && now >= TimeoutOf(run)))
            Failure ??= $"{run} did not end: {Missing(run)}";
    }

    private void Proceed(TimeSpan now)
    {
        _running.RemoveAll(HasEnded);
        while (Failure is null && _next < _scenario.Workload.Length)
        {
            WorkloadStep step = _scenario.Workload[_next];
            if (MustWait(step.Timing))
                return;
            _next++;
            Start(step, now);
        }
    }

    // A repeated step without a time of its own begins once the steps before it have taken effect: nobody bids on what is not open yet.
    private bool MustWait(StepTiming timing) => timing switch
    {
        InOrder => _running.Count > 0,
        Repeated { From.Ticks: 0 } => _running.Any(run => run.Step.Timing is InOrder),
        _ => false,
    };

    private TimeSpan TimeoutOf(StepRun run) => run.Progressed + _scenario.Time.StepTimeout;

    private bool HasEnded(StepRun run)
        => run.IsAnswered && (run.MustBeSeen is not { } place || _peers.All(peer => Book.HasSeen(peer, place.Auction, place.Sequence)));

    private void Start(WorkloadStep step, TimeSpan now)
    {
        var run = new StepRun(step, now);
        _running.Add(run);
        switch (step.Timing)
        {
            case InOrder:
                Act(run, TimeSpan.Zero, now);
                break;
            case AtTime at:
                Plan(run, _begun + at.At, time => Act(run, TimeSpan.Zero, time));
                break;
            case Repeated repeated:
                TimeSpan first = repeated.From > TimeSpan.Zero ? _begun + repeated.From : now;
                PlanRound(run, repeated, first < now ? now : first, 0);
                break;
        }
    }

    private void PlanRound(StepRun run, Repeated repeated, TimeSpan due, long round)
    {
        run.HasRoundsLeft = (repeated.Times is not { } times || round < times) && (repeated.To is not { } to || due <= _begun + to);
        if (!run.HasRoundsLeft)
            return;
        Plan(run, due, now =>
        {
            PlanRound(run, repeated, due + repeated.Interval, round + 1);
            Act(run, repeated.Interval, now);
        });
    }

    private void Act(StepRun run, TimeSpan spread, TimeSpan now)
    {
        ActorChoice by = run.Step.Action.By;
        if (!by.Everyone)
        {
            string one = by.Candidates.Length == 1 ? by.Candidates[0] : by.Candidates[_entropy.NextInt32(by.Candidates.Length)];
            Instruct(run, one, now);
            return;
        }

        foreach (string peer in by.Candidates)
            Plan(run, now + (spread * _entropy.NextDouble()), time => Instruct(run, peer, time));
    }

    private void Instruct(StepRun run, string peer, TimeSpan now)
    {
        run.Progressed = now;
        long request = ++_nextRequest;
        foreach (ParticipantProtocol.ICommand? command in _commands.Write(run.Step.Action, peer, () => request++))
        {
            if (command is null)
            {
                Bids.Skip();
                continue;
            }

            _requests.Add(command.RequestId, (run, peer));
            run.Unanswered++;
            _effects.Enqueue(new Instruct(peer, command));
        }

        _nextRequest = request;
    }

    private void Plan(StepRun run, TimeSpan due, Action<TimeSpan> action)
    {
        run.Planned++;
        _planned.Add(due, now =>
        {
            run.Planned--;
            action(now);
        });
    }

    private void Name(StepRun run, AuctionSummary auction)
    {
        var open = (OpenStep)run.Step.Action;
        string seller = open.By.Candidates[0];
        Book.Add(new NamedAuction(open.Id, auction.Id, seller, auction.Currency, auction.StartUnits));
        _effects.Enqueue(new AuctionNamed(open.Id, auction.Id, seller));
    }

    private static void MustSee(StepRun run, Bytes32 auction, ulong sequence)
    {
        if (run.Step.Timing is InOrder)
            run.MustBeSeen = (auction, sequence);
    }

    private void Refuse(StepRun run, string peer, ParticipantProtocol.Refused refused)
    {
        if (run.Step.Action is BidStep)
            Bids.Refuse();
        if (run.Step.Action is not BidStep || run.Step.Timing is InOrder)
            Failure ??= $"{run}: {peer} refused: {refused.Message}";
    }

    private string Missing(StepRun run)
    {
        if (!run.IsAnswered)
            return $"{run.Unanswered} commands were not answered";
        (Bytes32 auction, ulong sequence) = run.MustBeSeen!.Value;
        return $"event {sequence} of the auction did not reach "
            + string.Join(", ", _peers.Where(peer => !Book.HasSeen(peer, auction, sequence)).Take(5));
    }
}

using AuctionActors.Simulation.Scenarios;

namespace AuctionActors.Simulation.Properties;

/// <summary>What became of one property.</summary>
/// <param name="Verdict"><c>pass</c>, <c>fail</c> or <c>inconclusive</c>.</param>
/// <param name="Witness">What stood against it, or null.</param>
public sealed record PropertyOutcome(string Name, string Kind, string Verdict, string? Witness)
{
    public const string Pass = "pass";
    public const string Fail = "fail";
    public const string Inconclusive = "inconclusive";
}

/// <summary>Follows the properties of a run from view to view.</summary>
public sealed class PropertyMonitor
{
    private readonly List<Watched> _watched;

    /// <summary>Watches the scenario's properties and the one that holds for every scenario.</summary>
    public PropertyMonitor(Scenario scenario, Func<CheckResult> announcements)
    {
        string[] all = [.. scenario.Peers];
        _watched = [.. scenario.Properties.Select(plan => new Watched(plan, EvaluatorOf(plan, scenario, all)))];
        _watched.Add(new Watched(BuiltIn, _ => announcements()));
    }

    private static readonly PropertyPlan BuiltIn = new(
        "announcements-stored", PropertyKind.Eventually, TimeSpan.FromSeconds(30),
        new CheckExpression(new CheckCall("dht.stored", []), null, "dht.stored()"));

    /// <summary>Whether something must hold at all times, so that views are needed while the workload runs.</summary>
    public bool NeedsViewsThroughout => _watched.Any(watched => watched.Plan.Kind != PropertyKind.Eventually);

    public bool IsViolated => _watched.Any(watched => watched.Verdict == PropertyOutcome.Fail);

    /// <summary>Whether every property that must hold eventually did so in the latest view.</summary>
    public bool EventuallyHolds => _watched.All(watched => watched.Plan.Kind != PropertyKind.Eventually || watched.Latest.Holds);

    /// <summary>Looks at a view while the workload runs.</summary>
    public void Observe(RunView view)
    {
        foreach (Watched watched in _watched)
            watched.Observe(view);
    }

    /// <summary>Looks at a view after the workload; what is overdue is violated.</summary>
    public void Observe(RunView view, TimeSpan sinceWorkload)
    {
        Observe(view);
        foreach (Watched watched in _watched)
            watched.ExpireAfter(sinceWorkload);
    }

    public IEnumerable<PropertyOutcome> Outcomes => _watched.Select(watched => watched.Outcome);

    private static Func<RunView, CheckResult> EvaluatorOf(PropertyPlan plan, Scenario scenario, string[] all)
    {
        string[] named = [.. plan.Check.Left.Arguments];
        HashSet<string> members = [.. scenario.Groups.Where(group => named.Contains(group.Name)).SelectMany(group => group.Members)];
        string[] peers = [.. all.Where(peer => named.Contains(peer) || named.Contains(PeerNames.All) || members.Contains(peer))];
        return view => PropertyChecker.Evaluate(plan.Check, view, peers);
    }

    private sealed class Watched(PropertyPlan plan, Func<RunView, CheckResult> evaluate)
    {
        public PropertyPlan Plan => plan;

        public CheckResult Latest { get; private set; } = CheckResult.Fail("it was never looked at");

        public string? Verdict { get; private set; }

        public PropertyOutcome Outcome => new(plan.Name, plan.Kind.ToString().ToLowerInvariant(), FinalVerdict, FinalWitness);

        private string FinalVerdict => Verdict ?? (plan.Kind == PropertyKind.Eventually && !Latest.Holds
            ? PropertyOutcome.Inconclusive
            : PropertyOutcome.Pass);

        private string? FinalWitness => FinalVerdict == PropertyOutcome.Pass ? null : Latest.Witness ?? $"{plan.Check.Text} held";

        public void Observe(RunView view)
        {
            if (Verdict is not null)
                return;
            Latest = evaluate(view);
            if (plan.Kind != PropertyKind.Eventually && Latest.Holds == (plan.Kind == PropertyKind.Never))
                Verdict = PropertyOutcome.Fail;
        }

        public void ExpireAfter(TimeSpan sinceWorkload)
        {
            if (plan.Kind == PropertyKind.Eventually && !Latest.Holds && sinceWorkload > plan.Within)
                Verdict = PropertyOutcome.Fail;
        }
    }
}

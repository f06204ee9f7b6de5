using Hyper.Protocol.Cryptography;

namespace AuctionActors.Simulation.Network;

/// <summary>
/// Decides the fate of datagrams between named peers. Each direction of each link draws from generators of its own, one per purpose,
/// so that traffic on one link does not shift the decisions on another. Safe to call from any thread.
/// </summary>
public sealed class LinkShaper(ulong seed, LinkConditions conditions)
{
    private readonly SeededEntropy _root = new(seed, "network");
    private readonly Dictionary<(string From, string To), Link> _links = [];
    private readonly List<LinkRule> _rules = [];
    private readonly Lock _gate = new();

    /// <summary>Conditions where no rule says otherwise.</summary>
    public LinkConditions Conditions { get; } = conditions;

    /// <summary>Whether nothing is shaped now, so that datagrams may skip the shaper.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
                return _rules.Count == 0 && Conditions.IsPerfect;
        }
    }

    /// <summary>Puts a rule in force; among several that touch a link the latest one counts, except that any partition cuts it.</summary>
    public void Add(LinkRule rule)
    {
        lock (_gate)
            _rules.Add(rule);
    }

    public void Remove(LinkRule rule)
    {
        lock (_gate)
            _rules.Remove(rule);
    }

    public LinkVerdict Decide(string from, string to)
    {
        lock (_gate)
        {
            LinkConditions conditions = Conditions;
            foreach (LinkRule rule in _rules)
            {
                if (!rule.Touches(from, to))
                    continue;
                if (rule.Cuts)
                    return LinkVerdict.Drop("partition");
                conditions = rule.Apply(conditions);
            }

            return conditions.IsPerfect ? default : LinkOf(from, to).Decide(conditions);
        }
    }

    private Link LinkOf(string from, string to)
    {
        if (!_links.TryGetValue((from, to), out Link? link))
            _links.Add((from, to), link = new Link(_root.Derive($"{from} {to}")));
        return link;
    }

    private sealed class Link(SeededEntropy entropy)
    {
        private readonly SeededEntropy _loss = entropy.Derive("loss");
        private readonly SeededEntropy _latency = entropy.Derive("latency");
        private readonly SeededEntropy _duplicate = entropy.Derive("duplicate");

        public LinkVerdict Decide(LinkConditions conditions)
        {
            if (conditions.Loss > 0 && _loss.NextDouble() < conditions.Loss)
                return LinkVerdict.Drop("loss");
            TimeSpan delay = Latency(conditions);
            bool twice = conditions.Duplicate > 0 && _duplicate.NextDouble() < conditions.Duplicate;
            return new LinkVerdict(null, delay, twice ? Latency(conditions) : null);
        }

        private TimeSpan Latency(LinkConditions conditions)
            => conditions.LatencyTo <= conditions.LatencyFrom
                ? conditions.LatencyFrom
                : conditions.LatencyFrom + (conditions.LatencyTo - conditions.LatencyFrom) * _latency.NextDouble();
    }
}

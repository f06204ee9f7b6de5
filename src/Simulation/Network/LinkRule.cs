namespace AuctionActors.Simulation.Network;

/// <summary>A change of conditions on some links while it is in force: what a network fault does.</summary>
public abstract record LinkRule
{
    /// <summary>Whether datagrams from one peer to another are affected.</summary>
    public abstract bool Touches(string from, string to);

    /// <summary>Whether affected datagrams are all lost.</summary>
    public virtual bool Cuts => false;

    public virtual LinkConditions Apply(LinkConditions conditions) => conditions;
}

/// <summary>Nothing passes between the two sides.</summary>
/// <param name="Left">Names on one side.</param>
/// <param name="Right">Names on the other side.</param>
/// <param name="OneWay">Only datagrams from left to right are cut.</param>
public sealed record PartitionRule(IReadOnlySet<string> Left, IReadOnlySet<string> Right, bool OneWay = false) : LinkRule
{
    public override bool Cuts => true;

    public override bool Touches(string from, string to)
        => (Left.Contains(from) && Right.Contains(to)) || (!OneWay && Right.Contains(from) && Left.Contains(to));
}

/// <summary>Loses a share of the datagrams of some peers, in both directions.</summary>
/// <param name="Nodes">The peers, all of them when null.</param>
public sealed record LossRule(IReadOnlySet<string>? Nodes, double Loss) : LinkRule
{
    public override bool Touches(string from, string to) => Nodes is null || Nodes.Contains(from) || Nodes.Contains(to);

    public override LinkConditions Apply(LinkConditions conditions) => conditions with { Loss = Loss };
}

/// <summary>Adds to the delay of the datagrams of some peers, in both directions.</summary>
/// <param name="Nodes">The peers, all of them when null.</param>
public sealed record DelayRule(IReadOnlySet<string>? Nodes, TimeSpan From, TimeSpan To) : LinkRule
{
    public override bool Touches(string from, string to) => Nodes is null || Nodes.Contains(from) || Nodes.Contains(to);

    public override LinkConditions Apply(LinkConditions conditions)
        => conditions with { LatencyFrom = conditions.LatencyFrom + From, LatencyTo = conditions.LatencyTo + To };
}

using AuctionActors.Simulation.Network;
using Hyper.Protocol.Cryptography;

namespace AuctionActors.Simulation.Scenarios;

/// <summary>Reads the faults: packet loss, delay and partitions, each for a while.</summary>
internal sealed class FaultReader(PeerNames peers, SeededEntropy entropy)
{
    private readonly HashSet<string> _ids = [];

    public IEnumerable<FaultPlan> Read(NodeReader? node)
        => node?.List().Select(ReadFault).OfType<FaultPlan>().ToArray() ?? [];

    private FaultPlan? ReadFault(NodeReader node)
    {
        MapReader map = node.Map();
        string id = map.Optional("id")?.Text() ?? $"fault-{_ids.Count + 1}";
        if (!_ids.Add(id))
            node.Problem($"two faults are called '{id}'");
        SeededEntropy draws = entropy.Derive(id);
        TimeSpan at = map.Optional("at")?.Durations().Draw(draws.Derive("at")) ?? TimeSpan.Zero;
        TimeSpan? duration = map.Optional("for")?.Durations().Draw(draws.Derive("for"));
        IReadOnlySet<string>? nodes = map.Optional("node") is { } chosen ? Set(chosen) : null;
        LinkRule?[] effects =
        [
            map.Optional("partition") is { } partition ? ReadPartition(partition) : null,
            map.Optional("loss") is { } loss ? new LossRule(nodes, loss.Ratios().Draw(draws.Derive("loss"))) : null,
            map.Optional("delay")?.Durations() is { } delay ? new DelayRule(nodes, delay.From, delay.To) : null,
        ];
        map.RefuseOthers();
        LinkRule[] given = [.. effects.OfType<LinkRule>()];
        if (given.Length == 1)
            return new FaultPlan(id, at, duration, given[0]);
        map.Problem($"the fault '{id}' needs one effect", "one of partition, loss, delay");
        return null;
    }

    private PartitionRule? ReadPartition(NodeReader node)
    {
        MapReader map = node.Map();
        NodeReader[] sides = map.Required("between")?.List().ToArray() ?? [];
        bool oneWay = map.Optional("one_way")?.Flag() ?? false;
        map.RefuseOthers();
        if (sides.Length != 2)
        {
            node.Problem("a partition is between two sides", "between: [Client#1, others]");
            return null;
        }

        IReadOnlySet<string> left = Set(sides[0]);
        bool rest = sides[1].Text() == PeerNames.Others;
        return new PartitionRule(left, rest ? new HashSet<string>(peers.Except(left)) : Set(sides[1]), oneWay);
    }

    private HashSet<string> Set(NodeReader node) => [.. peers.Members(node, node.Text())];
}

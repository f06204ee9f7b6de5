using System.Collections.Immutable;
using AuctionActors.Simulation.Network;
using Hyper.Protocol.Cryptography;
using YamlDotNet.RepresentationModel;

namespace AuctionActors.Simulation.Scenarios;

/// <summary>Reads the root of a scenario and hands its parts to their readers.</summary>
internal sealed class ScenarioReader(List<ScenarioProblem> problems)
{
    private const string Version = "sim/v1";

    public Scenario Read(YamlMappingNode rootNode)
    {
        var root = new MapReader(rootNode, "scenario", problems);
        root.Required("apiVersion")?.Choice(Version);
        string name = root.Required("name")?.Text() ?? "";
        string? description = root.Optional("description")?.Text();
        ulong seed = root.Optional("seed")?.Seed() ?? 1;
        var entropy = new SeededEntropy(seed, "scenario");
        ImmutableArray<PeerGroup> groups = ReadGroups(root.Required("groups"), entropy.Derive("groups"));
        var peers = new PeerNames(groups);
        var workload = new WorkloadReader(peers);
        var scenario = new Scenario
        {
            Name = name,
            Description = description,
            Seed = seed,
            ResolvedYaml = "",
            Net = root.Optional("net")?.Choice("udp", "virtual") == "virtual" ? Backend.Virtual : Backend.Udp,
            Storage = root.Optional("storage")?.Choice("memory", "disk") == "disk" ? StorageKind.Disk : StorageKind.Memory,
            Time = ReadTime(root.Optional("time")),
            Links = ReadNetwork(root.Optional("network"), entropy.Derive("network")),
            Groups = groups,
            Workload = [.. root.Optional("workload")?.List().Select(workload.Read).OfType<WorkloadStep>() ?? []],
            Faults = [.. new FaultReader(peers, entropy.Derive("faults")).Read(root.Optional("faults"))],
            Properties = [.. new PropertyReader(peers, workload.Auctions).Read(root.Optional("properties"))],
        };
        root.RefuseOthers();
        if (scenario is { Net: Backend.Virtual, Storage: StorageKind.Disk })
            root.Problem("storage on disk is not deterministic", "storage: memory, or net: udp");
        return scenario;
    }

    private static ImmutableArray<PeerGroup> ReadGroups(NodeReader? node, SeededEntropy entropy)
    {
        var groups = ImmutableArray.CreateBuilder<PeerGroup>();
        foreach ((string name, NodeReader value) in node?.Entries() ?? [])
        {
            MapReader map = value.Map();
            NodeReader? count = map.Required("count");
            ValueRange<long> range = count?.Counts() ?? default;
            if (count is not null && range.From < 1)
                count.Problem($"'{name}' needs at least one peer", "count: 1 or more");
            if (!name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
                value.Problem($"'{name}' cannot name a group", "letters, digits and dashes");
            map.RefuseOthers();
            groups.Add(new PeerGroup(name, (int)range.Draw(entropy)));
        }

        return groups.ToImmutable();
    }

    private static ScenarioTime ReadTime(NodeReader? node)
    {
        var defaults = new ScenarioTime();
        if (node?.Map() is not { } map)
            return defaults;
        var time = new ScenarioTime
        {
            Run = map.Optional("run")?.Duration(),
            StepTimeout = map.Optional("step_timeout")?.Duration() ?? defaults.StepTimeout,
            StartStagger = map.Optional("start_stagger")?.Durations() ?? defaults.StartStagger,
        };
        map.RefuseOthers();
        return time;
    }

    private static LinkConditions ReadNetwork(NodeReader? node, SeededEntropy entropy)
    {
        if (node?.Map() is not { } map)
            return LinkConditions.Perfect;
        MapReader? links = map.Optional("default")?.Map();
        ValueRange<TimeSpan> latency = links?.Optional("latency")?.Durations() ?? default;
        var conditions = new LinkConditions(
            links?.Optional("loss")?.Ratios().Draw(entropy.Derive("loss")) ?? 0,
            links?.Optional("duplicate")?.Ratios().Draw(entropy.Derive("duplicate")) ?? 0,
            latency.From,
            latency.To);
        links?.RefuseOthers();
        map.RefuseOthers();
        return conditions;
    }
}

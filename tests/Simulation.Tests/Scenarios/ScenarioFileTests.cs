using AuctionActors.Simulation.Network;
using AuctionActors.Simulation.Scenarios;

namespace AuctionActors.Simulation.Tests.Scenarios;

public sealed class ScenarioFileTests
{
    private const string Minimal = """
        apiVersion: sim/v1
        name: test
        groups:
          Client: { count: 3 }
        workload:
          - do: { auction.open: { id: A1, by: "Client#1", start: "75" } }

        """;

    public static TheoryData<string, string> Mistakes => new()
    {
        { Minimal + "properteis: []", "7:1: 'scenario' has no key 'properteis' (did you mean 'properties'?)" },
        { With("Client#1", "Cleint#1"), "6:39: there is no peer 'Cleint#1' (did you mean 'Client#1'?)" },
        { With("auction.open", "auction.opne"), "6:25: there is no action 'auction.opne'" },
        { Minimal + "time: { run: 5sec }", "7:14: 'run' cannot be '5sec' (a duration such as 250ms, 5s or 2m)" },
        { Minimal + "network: { default: { loss: 120% } }", "7:29: 'loss' cannot be '120%'" },
        { Minimal + "  - do: { auction.bid: { id: A2, by: \"Client#2\", amount: 80 } }", "7:30: no step before this one opens 'A2'" },
        { Minimal + "  - every: 1s\n    do: { core.append: { by: Client } }", "8:30: 'Client' is a group" },
        { Minimal + "properties:\n  - always: { name: p, check: auction.winer_equal(A1) }", "8:31: there is no check" },
        { Minimal + "faults:\n  - { id: f, at: 1s }", "8:5: the fault 'f' needs one effect (one of partition, loss, delay)" },
        { Minimal + "net: [", "8:1: While parsing a node" },
        { "- a", "1:1: a scenario is a map of keys to values" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_reported_where_it_stands_with_what_would_be_right(string yaml, string expected)
    {
        var error = Assert.Throws<ScenarioException>(() => ScenarioFile.Parse(yaml, "test.yaml"));
        string[] lines = error.Message.Split(Environment.NewLine);
        Assert.Contains(lines, line => line.StartsWith("test.yaml:" + expected, StringComparison.Ordinal));
    }

    [Fact]
    public void All_mistakes_are_reported_at_once()
    {
        var error = Assert.Throws<ScenarioException>(() => ScenarioFile.Parse(Minimal + "sed: 4\nnet: tcp\n", "test.yaml"));
        Assert.Equal([7, 8], error.Problems.Select(problem => problem.Line));
    }

    [Fact]
    public void Settings_win_over_the_file_and_stand_in_the_resolved_scenario()
    {
        Scenario scenario = ScenarioFile.Parse(Minimal, "test.yaml",
            ["seed=7", "net=virtual", "network.default.loss=5%", "groups.Client.count=5", "workload.0.do.auction.open.start=80"]);

        Assert.Equal((7UL, Backend.Virtual, 0.05, 5), (scenario.Seed, scenario.Net, scenario.Links.Loss, scenario.Peers.Count()));
        Scenario again = ScenarioFile.Parse(scenario.ResolvedYaml, "again.yaml");
        Assert.Equal(scenario.ResolvedYaml, again.ResolvedYaml);
        Assert.Equal(scenario.Links, again.Links);
    }

    [Fact]
    public void A_wrong_setting_is_reported_as_such()
    {
        var error = Assert.Throws<ScenarioException>(() => ScenarioFile.Parse(Minimal, "test.yaml", ["network.default.loss=lots"]));
        Assert.StartsWith("--set: 'loss' cannot be 'lots' (a share such as 5%", $"{error.Problems[0]}", StringComparison.Ordinal);
    }

    [Fact]
    public void Ranges_are_drawn_from_the_seed()
    {
        string yaml = With("count: 3", "count: 3..300") + "network: { default: { loss: 0..3%, latency: 1..5ms } }";

        Scenario one = ScenarioFile.Parse(yaml, "test.yaml", ["seed=1"]);
        Scenario same = ScenarioFile.Parse(yaml, "test.yaml", ["seed=1"]);
        Scenario other = ScenarioFile.Parse(yaml, "test.yaml", ["seed=2"]);

        Assert.Equal(one.Links, same.Links);
        Assert.NotEqual(one.Links.Loss, other.Links.Loss);
        Assert.NotEqual(one.Peers.Count(), other.Peers.Count());
        Assert.Equal((TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5)), (one.Links.LatencyFrom, one.Links.LatencyTo));
    }

    [Fact]
    public void Faults_become_rules_over_named_peers()
    {
        Scenario scenario = ScenarioFile.Parse(Minimal + """
            faults:
              - { id: split, at: 2s, for: 3s, partition: { between: ["Client#1", others] } }
              - { id: slow, node: "Client#2", delay: 10ms..20ms }
              - { id: lossy, loss: 10% }
            """, "test.yaml");

        var split = Assert.IsType<PartitionRule>(scenario.Faults[0].Effect);
        Assert.Equal(["Client#2", "Client#3", "bootstrap"], split.Right);
        Assert.Equal((TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3)), (scenario.Faults[0].At, scenario.Faults[0].Duration));
        Assert.True(scenario.Faults[1].Effect.Touches("Client#2", "Client#3"));
        Assert.False(scenario.Faults[1].Effect.Touches("Client#1", "Client#3"));
        Assert.Equal(0.1, Assert.IsType<LossRule>(scenario.Faults[2].Effect).Loss);
    }

    [Fact]
    public void The_scenarios_of_the_repository_are_right()
    {
        string folder = Folder("simulations");
        foreach (string file in Directory.GetFiles(folder, "*.yaml"))
            Assert.Equal(Path.GetFileNameWithoutExtension(file), ScenarioFile.Load(file).Name);
    }

    private static string With(string text, string replacement) => Minimal.Replace(text, replacement, StringComparison.Ordinal);

    internal static string Folder(string name)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !Directory.Exists(Path.Combine(folder, name)))
            folder = Path.GetDirectoryName(folder);
        return Path.Combine(folder!, name);
    }
}

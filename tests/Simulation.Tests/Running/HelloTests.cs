using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AuctionActors.EventLog.Querying;
using AuctionActors.Simulation.Reports;
using AuctionActors.Simulation.Running;
using AuctionActors.Simulation.Scenarios;
using AuctionActors.Simulation.Tests.Scenarios;
using Hyper.Actors.Runtime.Events;

namespace AuctionActors.Simulation.Tests.Running;

/// <summary>The product's own peers: DHT, streams, RPC, replication and auctions.</summary>
public sealed partial class HelloTests
{
    [Theory]
    [InlineData("virtual")]
    [InlineData("udp")]
    public void Three_peers_agree_on_the_winner_they_find_through_the_network(string net)
    {
        RunReport report = Run([$"net={net}"], new MemoryEventSink());
        JsonObject summary = SummaryJson.Of(report, "again");
        JsonNode auction = summary["auctions"]![0]!;

        Assert.True(report.Outcome.Verdict == RunVerdict.Pass, $"{report.Outcome.Reason} {summary["properties"]!.ToJsonString()}");
        Assert.Equal("Client#2 80", $"{auction["winner"]} {auction["price"]}");
        Assert.Single(auction["digests"]!.AsObject().Select(pair => (string?)pair.Value).Distinct());
    }

    [Fact]
    public void Virtual_runs_of_one_seed_record_the_same_events()
    {
        MemoryEventSink first = new(), second = new();
        Run(["net=virtual"], first);
        Run(["net=virtual"], second);

        Divergence? divergence = DeterminismCheck.Compare(first.Batches, second.Batches);
        Assert.True(divergence is null, $"{divergence?.First}{Environment.NewLine}{divergence?.Second}");
    }

    [Fact]
    public void The_same_actors_run_on_both_backends()
    {
        MemoryEventSink udp = new(), inMemory = new();
        Run(["net=udp"], udp);
        Run(["net=virtual"], inMemory);

        Assert.Equal(ActorsOf(inMemory), ActorsOf(udp));
    }

    private static SortedSet<string> ActorsOf(MemoryEventSink log)
    {
        var actors = new SortedSet<string>(StringComparer.Ordinal);
        foreach (byte[] batch in log.Batches)
        {
            Assert.True(BatchReader.TryRead(batch, out List<LoggedEvent>? events));
            foreach (LoggedEvent started in events.Where(item => item.Kind == EventKind.ActorStart))
                actors.Add(Numbers().Replace(started.Actor!, "N"));
        }

        return actors;
    }

    private static RunReport Run(string[] settings, IEventSink events)
    {
        Scenario scenario = ScenarioFile.Load(Path.Combine(ScenarioFileTests.Folder("simulations"), "hello.yaml"), settings);
        return new SimulationRunner(SimulatedPeers.Blueprint, new RunnerOptions()).Run(scenario, events, null, CancellationToken.None);
    }

    // Keys and counters in the names of connections, cores and queries.
    [GeneratedRegex("[0-9a-f]{6,}|[0-9]+")]
    private static partial Regex Numbers();
}

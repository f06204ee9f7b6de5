using System.Text.Json.Nodes;
using AuctionActors.Simulation.Reports;
using AuctionActors.Simulation.Running;
using AuctionActors.Simulation.Scenarios;

namespace AuctionActors.Simulation.Tests.Running;

public sealed class SimulationRunnerTests
{
    private const string Hello = """
        apiVersion: sim/v1
        name: hello
        seed: 42
        groups:
          Client: { count: 3 }
        workload:
          - do: { auction.open:  { id: "Pic#1", by: "Client#1", item: "Pic#1", start: "75", code: USDt } }
          - do: { auction.bid:   { id: "Pic#1", by: "Client#2", amount: "75" } }
          - do: { auction.bid:   { id: "Pic#1", by: "Client#3", amount: "75.5" } }
          - do: { auction.bid:   { id: "Pic#1", by: "Client#2", amount: "80" } }
          - do: { auction.close: { id: "Pic#1", by: "Client#1" } }
        properties:
          - eventually: { name: auction-agrees, within: 5s, check: "auction.winner_equal(Pic#1)" }

        """;

    [Theory]
    [InlineData("virtual")]
    [InlineData("udp")]
    public void A_workload_runs_in_order_on_either_backend_and_its_outcome_is_summarised(string net)
    {
        RunReport report = Run(ScenarioFile.Parse(Hello, "hello.yaml", [$"net={net}"]), new PretendMarket(), new MemoryEventSink());
        JsonObject summary = SummaryJson.Of(report, "again");
        JsonNode auction = summary["auctions"]![0]!;

        Assert.Equal("pass", (string?)summary["verdict"]);
        Assert.Equal("Client#2 80 CLOSED SOLD", $"{auction["winner"]} {auction["price"]} {auction["status"]} {auction["outcome"]}");
        Assert.Equal(3, auction["digests"]!.AsObject().Count);
        Assert.Equal(3, (int)summary["bids"]!["accepted"]!);
        Assert.Equal(net == "virtual", summary["virtualMs"] is not null);
    }

    [Fact]
    public void Virtual_runs_of_one_seed_are_equal_and_another_seed_differs()
    {
        MemoryEventSink[] logs = [new(), new(), new()];
        for (int i = 0; i < logs.Length; i++)
            Run(ScenarioFile.Parse(Hello, "hello.yaml", ["net=virtual", $"seed={(i < 2 ? 7 : 8)}"]), new PretendMarket(), logs[i]);

        Assert.Null(DeterminismCheck.Compare(logs[0].Batches, logs[1].Batches));
        Divergence divergence = DeterminismCheck.Compare(logs[0].Batches, logs[2].Batches)!;
        Assert.NotEqual(divergence.First, divergence.Second);
    }

    [Fact]
    public void A_peer_that_never_sees_a_bid_fails_the_run_by_name()
    {
        Scenario scenario = ScenarioFile.Parse(Hello, "hello.yaml", ["net=virtual"]);
        RunReport report = Run(scenario, new PretendMarket { Deaf = "Client#3" }, new MemoryEventSink());

        Assert.Equal(RunVerdict.Fail, report.Outcome.Verdict);
        Assert.Contains("Client#3", report.Outcome.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("virtual")]
    [InlineData("udp")]
    public void An_actor_that_throws_breaks_the_run_though_its_parent_lives_on(string net)
    {
        Scenario scenario = ScenarioFile.Parse(Hello, "hello.yaml", [$"net={net}"]);
        RunReport report = Run(scenario, new PretendMarket { Faulty = "Client#2" }, new MemoryEventSink());

        Assert.Equal(RunVerdict.Broken, report.Outcome.Verdict);
        Assert.Contains("Client#2/part failed: out of order", report.Outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_member_of_a_group_bids_in_each_round_before_the_auction_closes()
    {
        const string Rounds = """
            apiVersion: sim/v1
            name: rounds
            groups: { Seller: { count: 1 }, Bidder: { count: 5 } }
            workload:
              - do: { auction.open: { id: Lot, by: "Seller#1", start: "100" } }
              - every: 100ms
                times: 10
                do: { auction.bid: { id: Lot, by: each(Bidder), amount: increment(1..5) } }
              - do: { auction.close: { id: Lot, by: "Seller#1" } }
            properties:
              - eventually: { name: agrees, check: auction.winner_equal(Lot) }
            """;
        RunReport report = Run(ScenarioFile.Parse(Rounds, "rounds.yaml", ["net=virtual"]), new PretendMarket(), new MemoryEventSink());

        Assert.Equal(RunVerdict.Pass, report.Outcome.Verdict);
        Assert.Equal(50, report.Outcome.Bids.Accepted + report.Outcome.Bids.Rejected);
        Assert.Equal(0, report.Outcome.Bids.Refused + report.Outcome.Bids.Skipped);
    }

    [Fact]
    public void A_property_that_never_comes_true_is_violated_after_its_time()
    {
        string open = Hello.Replace("  - do: { auction.close: { id: \"Pic#1\", by: \"Client#1\" } }\n", "", StringComparison.Ordinal);
        RunReport report = Run(ScenarioFile.Parse(open, "open.yaml", ["net=virtual"]), new PretendMarket(), new MemoryEventSink());

        Assert.Equal(RunVerdict.Fail, report.Outcome.Verdict);
        Assert.Equal("Pic#1 has not ended at Client#1", report.Outcome.Properties[0].Witness);
        Assert.InRange(report.VirtualTime!.Value.TotalSeconds, 5, 6);
    }

    private static RunReport Run(Scenario scenario, PretendMarket market, IEventSink events)
        => new SimulationRunner(market.Blueprint, new RunnerOptions()).Run(scenario, events, null, CancellationToken.None);
}

using System.Text.Json.Nodes;
using AuctionActors.EventLog.Querying;
using AuctionActors.Simulation.Reports;
using Hyper.Actors.Runtime.Events;

namespace AuctionActors.Simulation.Tests.Reports;

public sealed class HtmlReportTests
{
    private static JsonObject Summary(string title = "Pic#1") => new()
    {
        ["verdict"] = "fail",
        ["name"] = "split",
        ["seed"] = 7,
        ["net"] = "virtual",
        ["wallMs"] = Random.Shared.Next(),
        ["replay"] = "auction sim run split.yaml --seed 7",
        ["properties"] = new JsonArray(new JsonObject { ["name"] = "agrees", ["kind"] = "eventually", ["verdict"] = "fail", ["witness"] = "Client#2" }),
        ["auctions"] = new JsonArray(new JsonObject
        {
            ["id"] = "9f3c",
            ["title"] = title,
            ["digests"] = new JsonObject { ["Client#1"] = "aa", ["Client#2"] = "bb" },
        }),
    };

    private static LoggedEvent[] Events =>
    [
        new(1, TimeSpan.FromSeconds(1), EventKind.AuctionOpen) { Peer = "Client#1", Text = "Client#1->Pic#1" },
        new(2, TimeSpan.FromSeconds(2), EventKind.AuctionBidAccepted) { Peer = "Client#2", Text = "ACCEPTED 75" },
        new(3, TimeSpan.FromSeconds(3), EventKind.FaultStart) { Text = "partition" },
    ];

    [Fact]
    public void The_page_says_what_failed_how_to_replay_it_and_who_disagrees()
    {
        string page = HtmlReport.Of(Summary(), Events);
        Assert.Contains("<span class=\"badge fail\">FAIL</span>", page, StringComparison.Ordinal);
        Assert.Contains("<pre>auction sim run split.yaml --seed 7</pre>", page, StringComparison.Ordinal);
        Assert.Contains("2 digests among 2 peers", page, StringComparison.Ordinal);
        Assert.Contains("<title>3.000 s fault.start partition</title>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_needs_nothing_else_and_takes_names_as_text()
    {
        string page = HtmlReport.Of(Summary("<script>alert(1)</script>"), Events);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_virtual_run_gives_the_same_bytes_on_every_machine()
        => Assert.Equal(HtmlReport.Of(Summary(), Events), HtmlReport.Of(Summary(), Events));
}

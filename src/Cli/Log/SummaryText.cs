using System.Text.Json.Nodes;
using AuctionActors.EventLog.Querying;
using Spectre.Console;

namespace AuctionActors.Cli.Log;

/// <summary>A log's summary for people or as JSON.</summary>
internal static class SummaryText
{
    public static void Print(LogSummary summary)
    {
        Console.WriteLine($"{summary.Events} events over {EventText.Moment(summary.Duration)}, {summary.Peers.Count} peers");
        foreach (LoggedEvent item in summary.Auctions)
            Console.WriteLine(EventText.Line(item));
        foreach (LoggedEvent item in summary.Failures)
            Console.WriteLine("FAILED " + EventText.Line(item));
        Table table = new Table().Border(TableBorder.Minimal).AddColumn("kind").AddColumn(new TableColumn("events").RightAligned());
        foreach ((string kind, long count) in summary.Kinds)
            table.AddRow(kind, $"{count}");
        AnsiConsole.Write(table);
        Console.WriteLine(string.Join("  ", summary.Peers.Select(peer => $"{peer.Key}:{peer.Value}")));
    }

    public static JsonObject Json(LogSummary summary)
        => new()
        {
            ["events"] = summary.Events,
            ["durationNs"] = summary.Duration.Ticks * TimeSpan.NanosecondsPerTick,
            ["kinds"] = Counts(summary.Kinds),
            ["peers"] = Counts(summary.Peers),
            ["auctions"] = new JsonArray([.. summary.Auctions.Select(EventText.Json)]),
            ["failures"] = new JsonArray([.. summary.Failures.Select(EventText.Json)]),
        };

    private static JsonObject Counts(IReadOnlyDictionary<string, long> counts)
        => new(counts.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value)));
}

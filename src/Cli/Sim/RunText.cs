using System.Text.Json.Nodes;
using AuctionActors.Simulation.Properties;
using AuctionActors.Simulation.Running;

namespace AuctionActors.Cli.Sim;

/// <summary>A finished run for people; the last line is the verdict.</summary>
internal static class RunText
{
    public static void Print(RunReport report, JsonObject summary, string folder)
    {
        foreach (JsonNode? auction in summary["auctions"]!.AsArray())
            Console.Out.WriteLine(Auction(auction!, (int)summary["peers"]!));
        foreach (PropertyOutcome property in report.Outcome.Properties)
        {
            string witness = property.Witness is null ? "" : $": {property.Witness}";
            Console.Out.WriteLine($"  {property.Verdict,-12} {property.Kind} {property.Name}{witness}");
        }

        if (summary["convergenceMs"] is { } convergence)
            Console.Out.WriteLine($"  convergence  p50 {convergence["p50"]} ms, p99 {convergence["p99"]} ms, max {convergence["max"]} ms");
        JsonNode bids = summary["bids"]!;
        Console.Out.WriteLine($"  bids         {bids["accepted"]} accepted, {bids["rejected"]} rejected, {bids["refused"]} refused");
        Console.Out.WriteLine($"  traffic      {report.Traffic.Datagrams} datagrams, {report.Traffic.Bytes} bytes");
        Console.Out.WriteLine($"  memory       {summary["peakRssMb"]} MB at most, {summary["memoryPerPeerKb"]} KB for each peer");
        Console.Out.WriteLine($"  events       {report.Events.Count}, digest {report.Events.Digest}");
        Console.Out.WriteLine($"  folder       {Path.GetRelativePath(".", folder)}");
        Console.Out.WriteLine(Verdict(report, summary));
    }

    private static string Auction(JsonNode auction, int peers)
    {
        JsonObject digests = auction["digests"]!.AsObject();
        string? own = (string?)digests[(string)auction["seller"]!];
        int agree = digests.Count(pair => (string?)pair.Value == own);
        string result = auction["outcome"] is null
            ? $"high {auction["high"] ?? "-"} {auction["code"]}"
            : $"{auction["outcome"]} {auction["winner"]} {auction["price"]} {auction["code"]}";
        return $"  {auction["title"],-12} {auction["status"]} {result}, {agree} of {peers} agree";
    }

    private static string Verdict(RunReport report, JsonObject summary)
    {
        string name = $"{summary["name"]} seed={summary["seed"]}";
        if (report.Outcome.Verdict == RunVerdict.Pass)
        {
            string virtualTime = report.VirtualTime is { } time ? $" virtual={time.TotalSeconds:0.000}s" : "";
            return $"PASS {name} net={summary["net"]} peers={summary["peers"]}{virtualTime} wall={report.Wall.TotalSeconds:0.000}s";
        }

        string reason = report.Outcome.Properties.FirstOrDefault(property => property.Verdict == PropertyOutcome.Fail)?.Name
            ?? report.Outcome.Reason ?? "inconclusive";
        return $"FAIL {name} {reason} replay: {summary["replay"]}";
    }
}

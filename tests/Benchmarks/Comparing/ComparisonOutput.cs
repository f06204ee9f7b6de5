using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AuctionActors.Benchmarks.Comparing;

/// <summary>Prints compared metrics as a table for people or as JSON lines.</summary>
internal static class ComparisonOutput
{
    public static string TableHead
        => "| metric | unit | ours (min–max) | JavaScript (min–max) | ratio | remark |\n|---|---|---:|---:|---:|---|";

    public static string TableRow(ComparedMetric row)
        => $"| {row.Metric} | {row.Unit} | {Cell(row.Ours)} | {Cell(row.Js)} | "
            + $"{row.Ratio?.ToString("0.00", CultureInfo.InvariantCulture) ?? "–"} | {row.Remark} |";

    public static string JsonLine(ComparedMetric row)
        => new JsonObject
        {
            ["metric"] = row.Metric,
            ["unit"] = row.Unit,
            ["ours"] = JsonSerializer.SerializeToNode(row.Ours, Options),
            ["js"] = JsonSerializer.SerializeToNode(row.Js, Options),
            ["ratio"] = row.Ratio,
            ["remark"] = row.Remark,
        }.ToJsonString();

    private static JsonSerializerOptions Options { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private static string Cell(Measurement? side)
        => side is null ? "–" : $"{Figure(side.Median)} ({Figure(side.Min)}–{Figure(side.Max)})";

    private static string Figure(double value)
        => value.ToString(Math.Abs(value) >= 100 ? "0" : "0.##", CultureInfo.InvariantCulture);
}

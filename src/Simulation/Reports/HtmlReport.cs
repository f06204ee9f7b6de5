using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AuctionActors.EventLog.Querying;

namespace AuctionActors.Simulation.Reports;

/// <summary>A finished run as one page that needs nothing else: verdict, replay, properties, auctions, timeline.</summary>
/// <remarks>The same virtual run gives the same bytes on every machine.</remarks>
public static class HtmlReport
{
    // What a machine needed for a virtual run is not part of what the run was.
    private static readonly string[] MachineFacts = ["wallMs", "peakRssMb", "memoryPerPeerKb"];

    private static readonly string[] Groups = ["events", "traffic", "bids", "convergenceMs"];

    private const string Style = """
        :root{color-scheme:light dark;--line:#8884;--good:#2a7d3f;--bad:#b3261e;--soft:#888}
        body{font:15px/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem}
        h1{display:flex;gap:.75rem;align-items:center}h2{margin-top:2rem;font-size:1.1rem}
        .badge{color:#fff;background:var(--bad);border-radius:.4rem;padding:0 .6rem;font-size:1rem}.pass{background:var(--good)}
        table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top}
        th{color:var(--soft);font-weight:500}code,pre{font:13px/1.4 ui-monospace,monospace}pre{background:#8881;padding:.75rem;overflow:auto}
        .scroll{overflow-x:auto}.bad{color:var(--bad)}.good{color:var(--good)}svg text{font:12px system-ui,sans-serif;fill:currentColor}
        """;

    public static string Of(JsonObject summary, IEnumerable<LoggedEvent> events)
    {
        StringBuilder page = new();
        string name = Text(summary["name"]), verdict = Text(summary["verdict"]);
        page.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">")
            .Append($"<title>{name}: {verdict}</title>\n<style>{Style}</style></head>\n<body>\n")
            .Append($"<h1>{name} <span class=\"badge {verdict}\">{verdict.ToUpperInvariant()}</span></h1>\n");
        if (summary["reason"] is { } reason)
            page.Append($"<p>{Text(reason)}</p>\n");
        page.Append($"<pre>{Text(summary["replay"])}</pre>\n");
        Facts(page, summary);
        Properties(page, summary);
        Auctions(page, summary);
        HtmlTimeline.Append(page, events);
        Cores(page, summary);
        return page.Append("</body></html>\n").ToString();
    }

    internal static string Text(JsonNode? value) => WebUtility.HtmlEncode(value?.ToString() ?? "–");

    internal static void Table(StringBuilder page, string title, string[] heads, IEnumerable<string[]> rows)
    {
        string[][] all = [.. rows];
        if (all.Length == 0)
            return;
        page.Append($"<h2>{title}</h2>\n<div class=\"scroll\"><table><tr>");
        foreach (string head in heads)
            page.Append($"<th>{head}</th>");
        page.Append("</tr>\n");
        foreach (string[] row in all)
            page.Append("<tr>").AppendJoin("", row.Select(cell => $"<td>{cell}</td>")).Append("</tr>\n");
        page.Append("</table></div>\n");
    }

    private static void Facts(StringBuilder page, JsonObject summary)
    {
        bool isVirtual = (string?)summary["net"] == "virtual";
        IEnumerable<string[]> facts = summary
            .Where(fact => fact.Value is JsonValue && fact.Key is not ("name" or "verdict" or "reason" or "replay"))
            .Where(fact => !isVirtual || !MachineFacts.Contains(fact.Key))
            .Select(fact => (string[])[fact.Key, Text(fact.Value)]);
        IEnumerable<string[]> groups = Groups
            .Select(key => (Key: key, Value: summary[key] as JsonObject))
            .Where(group => group.Value is not null)
            .Select(group => (string[])[group.Key, string.Join(", ", group.Value!.Select(part => $"{part.Key} {Text(part.Value)}"))]);
        Table(page, "The run", ["fact", "value"], facts.Concat(groups));
        Table(page, "Faults", ["fault"], Rows(summary, "faults", fault => [Text(fault)]));
    }

    private static void Properties(StringBuilder page, JsonObject summary)
        => Table(page, "Properties", ["property", "kind", "verdict", "witness"], Rows(summary, "properties", property =>
        [
            Text(property["name"]),
            Text(property["kind"]),
            Marked(Text(property["verdict"]), (string?)property["verdict"] == "pass"),
            Text(property["witness"]),
        ]));

    private static void Auctions(StringBuilder page, JsonObject summary)
        => Table(page, "Auctions", ["auction", "seller", "status", "result", "digests"], Rows(summary, "auctions", auction =>
        [
            $"{Text(auction["title"])}<br><code>{Short(auction["id"])}</code>",
            Text(auction["seller"]),
            $"{auction["status"]} {auction["outcome"]}",
            auction["price"] is null ? "–" : $"{Text(auction["winner"])} {Text(auction["price"])} {Text(auction["code"])}",
            Digests((JsonObject)auction["digests"]!),
        ]));

    private static void Cores(StringBuilder page, JsonObject summary)
        => Table(page, "Cores", ["owner", "key", "length", "tree hash", "holders"], Rows(summary, "cores", core =>
        [
            Text(core["owner"]),
            $"<code>{Short(core["key"])}</code>",
            Text(core["length"]),
            $"<code>{Short(core["treeHash"])}</code>",
            Text(core["holders"]),
        ]));

    private static string Digests(JsonObject digests)
    {
        string[] different = [.. digests.Select(digest => Short(digest.Value)).Distinct()];
        string shown = $"<code>{string.Join(" ", different.Take(5))}</code>";
        return different.Length == 1
            ? $"{shown} {Marked($"all {digests.Count} peers", true)}"
            : $"{shown} {Marked($"{different.Length} digests among {digests.Count} peers", false)}";
    }

    private static string Marked(string text, bool isGood) => $"<span class=\"{(isGood ? "good" : "bad")}\">{text}</span>";

    private static string Short(JsonNode? hash) => Text(hash) is { Length: > 12 } text ? text[..12] + "…" : Text(hash);

    private static IEnumerable<string[]> Rows(JsonObject summary, string name, Func<JsonNode, string[]> row)
        => (summary[name] as JsonArray ?? []).OfType<JsonNode>().Select(row);
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AuctionActors.EventLog.Querying;
using AuctionActors.Simulation.Scenarios;

namespace AuctionActors.Simulation.Reports;

/// <summary>The folder of one run: the resolved scenario, the summary, the report and the event log.</summary>
public sealed class RunFolder
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private RunFolder(string path) => Path = path;

    public string Path { get; }

    public string EventsPath => System.IO.Path.Combine(Path, "events");

    /// <summary>Makes runs/name/time-seed and points <c>latest</c> at it, or takes the folder that was asked for.</summary>
    public static RunFolder Create(Scenario scenario, string? asked, DateTimeOffset now)
    {
        string parent = System.IO.Path.Combine("runs", scenario.Name);
        string name = now.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture) + $"-{scenario.Seed}";
        string path = asked ?? Unused(System.IO.Path.Combine(parent, name));
        Directory.CreateDirectory(path);
        File.WriteAllText(System.IO.Path.Combine(path, "scenario.yaml"), scenario.ResolvedYaml);
        if (asked is null)
            PointLatest(parent, System.IO.Path.GetFileName(path));
        return new RunFolder(System.IO.Path.GetFullPath(path));
    }

    /// <summary>Writes the summary, and the report from it and the event log, which has been closed.</summary>
    public void Write(JsonObject summary)
    {
        File.WriteAllText(System.IO.Path.Combine(Path, "summary.json"), summary.ToJsonString(Indented) + "\n");
        using EventLogFolder log = EventLogFolder.Open(Path);
        File.WriteAllText(System.IO.Path.Combine(Path, "report.html"), HtmlReport.Of(summary, log.Read()));
    }

    private static string Unused(string path)
    {
        string candidate = path;
        for (int copy = 2; Directory.Exists(candidate); copy++)
            candidate = $"{path}-{copy}";
        return candidate;
    }

    private static void PointLatest(string parent, string name)
    {
        string latest = System.IO.Path.Combine(parent, "latest");
        if (new FileInfo(latest).LinkTarget is not null || File.Exists(latest))
            File.Delete(latest);
        File.CreateSymbolicLink(latest, name);
    }
}

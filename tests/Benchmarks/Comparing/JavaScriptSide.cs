using System.Diagnostics;
using System.Text.Json.Nodes;

namespace AuctionActors.Benchmarks.Comparing;

/// <summary>Runs a script of <c>js/</c> once and reads the figures that it prints.</summary>
internal static class JavaScriptSide
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static string Folder { get; } = Path.Combine(FindCheckout(), "tests", "Benchmarks", "js");

    public static async Task<IReadOnlyList<(string Metric, string Unit, double Value)>> RunAsync(IReadOnlyList<string> script)
    {
        ProcessStartInfo start = new("node", ["--expose-gc", .. script, "--runs", "1"])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        using CancellationTokenSource limit = new(Limit);
        List<(string, string, double)> figures = [];
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith('{') && JsonNode.Parse(line) is JsonObject row)
                figures.Add(((string)row["metric"]!, (string)row["unit"]!, (double)row["median"]!));
        }

        await process.WaitForExitAsync(limit.Token);
        return figures;
    }

    public static bool IsInstalled => Directory.Exists(Path.Combine(Folder, "node_modules"));

    private static string FindCheckout()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AuctionActors.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("benchmarks must run inside a checkout of the project");
    }
}
